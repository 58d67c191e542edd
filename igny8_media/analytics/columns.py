"""The figures that a reading may hold, by the names of `publication_metrics`."""

from typing import Final

COUNTS: Final = (
    "impressions",
    "reach",
    "views",
    "likes",
    "comments",
    "shares",
    "saves",
    "clicks",
)
"""Whole numbers, totals since publication."""

MEASURES: Final = (
    "watch_seconds",
    "average_view_seconds",
    "click_through_rate",
    "engagement_rate",
)
"""Seconds, and shares from 0 to 1. Only `watch_seconds` is a total."""

ENGAGEMENTS: Final = ("likes", "comments", "shares", "saves")
"""What people did with a post of their own will, and what most platforms tell."""
