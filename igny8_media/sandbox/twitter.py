"""X, played by its contract."""

from igny8_media.sandbox.call import Platform

platform = Platform("twitter")
