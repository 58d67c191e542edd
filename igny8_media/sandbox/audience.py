"""How people take to what was published: made up, the same every time, and growing with age.

Most of it comes on the first day. How much depends on the post itself, by the luck in its ID, and
on when it went out, so that there is something to learn: people here look in the mornings and
evenings of working days (UTC), each platform's in hours of their own.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from igny8_media.sandbox.state import Post

_DAY: Final = 86400.0
_LIKED: Final = {
    "linkedin": (9, 12),
    "twitter": (8, 18),
    "facebook": (13, 19),
    "instagram": (12, 20),
    "tiktok": (17, 21),
    "youtube": (16, 20),
}
"""The hours at which most people look, by service."""
_USUAL: Final = 600.0


@dataclass(frozen=True)
class Reached:
    """Totals so far. `shown` is how often, `people` how many different ones; `plays` are a
    video's, watched for `seconds` in all."""

    shown: int
    people: int
    plays: int
    likes: int
    comments: int
    shares: int
    saves: int
    clicks: int
    seconds: float

    @property
    def average(self) -> float:
        """Seconds of a play."""
        return self.seconds / self.plays if self.plays else 0.0


def reached(post: Post, now: float) -> Reached:
    """What the post has reached; it never goes down."""
    out = max(post.created_at, post.ready_at)
    luck = _Luck(f"{post.service}/{post.id}")
    # Luck spreads far: some posts reach ten times as many as others.
    most = _USUAL * appeal(post.service, out) * math.exp(1.6 * (luck.next() - 0.5))
    age = max(0.0, now - out)
    grown = 0.8 * (1 - math.exp(-age / (0.4 * _DAY))) + 0.2 * (1 - math.exp(-age / (12 * _DAY)))
    shown = most * grown

    def share(of: float, least: float, range_: float) -> int:
        return math.floor(of * (least + range_ * luck.next()))

    people = share(shown, 0.55, 0.3)
    plays = share(shown, 0.3, 0.5)
    watched = 0.25 + 0.5 * luck.next()
    return Reached(
        shown=math.floor(shown),
        people=people,
        plays=plays,
        likes=share(people, 0.01, 0.06),
        comments=share(people, 0.001, 0.01),
        shares=share(people, 0.001, 0.015),
        saves=share(people, 0.001, 0.012),
        clicks=share(people, 0.004, 0.03),
        seconds=plays * watched * 30.0,
    )


def appeal(service: str, moment: float) -> float:
    """How well a moment suits the platform's people; 1 on average, from 0.4 to 2.2."""
    when = datetime.fromtimestamp(moment, UTC)
    hour = when.hour + when.minute / 60
    near = max(
        math.exp(-((min(abs(hour - best), 24 - abs(hour - best)) / 2.0) ** 2) / 2)
        for best in _LIKED[service]
    )
    return (0.4 + 1.8 * near) * (1.0 if when.weekday() < 5 else 0.7)


class _Luck:
    """Numbers from 0 to 1 that follow from a word."""

    def __init__(self, word: str) -> None:
        self._digest = hashlib.sha256(word.encode()).digest()
        self._at = 0

    def next(self) -> float:
        value = int.from_bytes(self._digest[self._at : self._at + 2]) / 65535
        self._at += 2
        return value
