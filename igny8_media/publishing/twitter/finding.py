"""Knowing a post again in an X timeline, which shows texts otherwise than they were sent."""

import html
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.contract import Tools
from igny8_media.publishing.outcomes import Ambiguous, Refused, Retryable
from igny8_media.publishing.twitter.client import XClient
from igny8_media.publishing.twitter.errors import judge

_SHORT: Final = re.compile(r"https?://t\.co/\w+")
_ENDS_SHORT: Final = re.compile(rf"{_SHORT.pattern}\s*\Z")
_ATTACHED: Final = re.compile(r"https?://(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+")
_LINK: Final = r"(?:https?://)?[\w-]+(?:\.[\w-]+)+\S*"
_SKEW: Final = timedelta(minutes=5)
_DAY: Final = timedelta(days=1)
_PAGES: Final = 5


class Timeline:
    """What an account posted and replied lately."""

    def __init__(self, tools: Tools, base: str) -> None:
        self._tools = tools
        self._client = XClient(tools, base, lambda reply, _: judge(reply, tools.now()))

    def find(
        self, text: str, media: Collection[str], parent: str | None, since: datetime
    ) -> list[str]:
        """The IDs of the posts that may be the one sent at `since`. Raises Refused."""
        earliest = self._earliest(since)
        listed = list(self._read(earliest))
        # Only an answer tells how far this machine's clock is off.
        if self._earliest(since) < earliest - timedelta(minutes=1):
            earliest = self._earliest(since)
            listed = list(self._read(earliest))
        return [
            str(one["id"])
            for one in listed
            if isinstance(one.get("id"), str)
            and ((made := _made_at(one)) is None or made >= earliest)
            and is_same(one, text, media, parent)
        ]

    def _read(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        token: str | None = None
        for _ in range(_PAGES):
            page = self._client.timeline(self._tools.account.platform_user_id, since, token)
            listed, meta = page.get("data", []), page.get("meta")
            if not isinstance(listed, list) or not isinstance(meta, Mapping):
                raise Refused(Retryable("X's timeline cannot be read.", after=10))
            yield from (one for one in listed if isinstance(one, Mapping))
            token = meta.get("next_token")
            if not token:
                return
        raise Refused(unknown(self._tools, "more was posted since than can be looked through"))

    def _earliest(self, since: datetime) -> datetime:
        """The same moment on X's clock, with room; a day back where this clock was set back."""
        now = self._tools.now()
        if since > now + timedelta(minutes=1):
            since = now - _DAY
        return since - max(self._tools.api.skew or timedelta(), timedelta()) - _SKEW


def unknown(tools: Tools, why: str) -> Ambiguous:
    """Nobody but a person can tell."""
    return Ambiguous(
        f"Whether X published it cannot be told: {why}.",
        f"Look at the newest posts and replies of {tools.account.name} on X for this one.",
    )


def is_same(
    listed: Mapping[str, Any], text: str, media: Collection[str], parent: str | None
) -> bool:
    """Whether a listed post is the one that was sent with this text, media IDs and parent."""
    if not _same_parent(listed, parent):
        return False
    shown, attached = _written_out(listed)
    keys = _get(listed, "attachments", "media_keys")
    if isinstance(keys, list):
        if {str(key).rpartition("_")[2] for key in keys} != set(media):
            return False
    elif attached != bool(media) and not (media and _ENDS_SHORT.search(shown)):
        return False
    elif not text.strip():
        return False  # nothing to know it by
    return _same_text(shown, text, bool(media) and not attached)


def _made_at(listed: Mapping[str, Any]) -> datetime | None:
    try:
        made = datetime.fromisoformat(str(listed.get("created_at")))
    except ValueError:
        return None
    return made if made.tzinfo else None


def _same_parent(listed: Mapping[str, Any], parent: str | None) -> bool:
    # The field is called otherwise in newer answers.
    named = listed.get("referenced_tweets") or listed.get("referenced_posts")
    if not isinstance(named, list):
        reply = listed.get("conversation_id") not in (None, listed.get("id"))
        return reply == (parent is not None) if "conversation_id" in listed else True
    parents = [
        one.get("id") for one in named if isinstance(one, dict) and one.get("type") == "replied_to"
    ]
    return parents == ([parent] if parent is not None else [])


def _written_out(listed: Mapping[str, Any]) -> tuple[str, bool]:
    """The text with short links as what they stand for, where the timeline tells; and whether it
    tells of the link that stands for the media, which nobody wrote."""
    text, attached = str(listed.get("text")), False
    urls = _get(listed, "entities", "urls")
    for url in urls if isinstance(urls, list) else ():
        short, long = _get(url, "url"), _get(url, "expanded_url")
        if isinstance(short, str) and isinstance(long, str):
            is_media = _ATTACHED.fullmatch(long) is not None
            text, attached = text.replace(short, "" if is_media else long), attached or is_media
    return html.unescape(text), attached


def _same_text(shown: str, text: str, drop_last: bool) -> bool:
    """Compare, where a short link that the timeline did not explain may stand for any link, or,
    at the end, for the media."""
    pieces = [re.escape(_plain(piece)) for piece in _SHORT.split(shown)]
    patterns = [rf"\s?{_LINK}\s?".join(pieces)]
    if drop_last and len(pieces) > 1 and not pieces[-1]:
        patterns.append(rf"\s?{_LINK}\s?".join(pieces[:-1]))
    return any(re.fullmatch(pattern, _plain(text)) for pattern in patterns)


def _plain(text: str) -> str:
    text = re.sub(r"https?://", "", unicodedata.normalize("NFC", text))
    text = re.sub(r"(\w\.\w[^\s/]*(?:/[^\s/]+)*)/+(?=[\s.,;:!?)]|\Z)", r"\1", text)
    return " ".join(text.split())


def _get(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
