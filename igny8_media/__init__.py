"""igny8-media: turns published articles into social posts and narrated videos."""

__version__ = "0.1.0"
