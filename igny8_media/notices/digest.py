"""When people are told, and in what words: many pieces of news in one message, urgent ones soon."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from igny8_media.database.notifications import Notice

SOON: Final = timedelta(minutes=5)
"""The least between two messages, whatever goes wrong."""
_MOST_LINES: Final = 10
"""Of each kind in one message."""

_KINDS: Final = {
    "needs_review": ("to look at", True),
    "failed": ("failed", True),
    "overdue": ("not started", True),
    "reconnect": ("account to connect again", True),
    "halted": ("stopped", True),
    "run_failed": ("failed run", True),
    "approval": ("not approved automatically", False),
    "script": ("script to approve", False),
    "credits_low": ("low credits", True),
    "model_retiring": ("model that ends", False),
    "caught_up": ("moved to later slots", False),
    "gone": ("deleted on the platform", False),
    "repetition": ("repetition left out", False),
    "slots": ("platform with new slots", False),
    "updated": ("planned with older words", False),
    "published": ("published", False),
}
"""The kinds of news, the most urgent first: how they are counted, and whether they cannot wait."""

_NAMED: Final = (
    r"(?:token|api[_-]?key|key|secret|signature|sig|code|password|passwd|credential|x-amz-[\w-]+)"
)
_SECRETS: Final = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 …"),
    # A password may hold an @ and a slash itself; what follows a port is a path.
    (re.compile(r"(?<=://)[^/\s@:\"']+:(?!\d{1,5}/)[^\s\"']*@"), "…@"),
    (re.compile(r"(?<=://)[^/\s@]+@"), "…@"),
    (re.compile(rf"(?i)\b([\w-]*{_NAMED})=[^&\s]+"), r"\1=…"),
    (re.compile(rf"(?i)([\"'])([\w-]*{_NAMED})\1\s*:\s*([\"'])(?:(?!\3).)*\3"), r"\1\2\1: …"),
    # Without quotation marks a word with a digit in it: "the token: connect again" stays.
    (re.compile(rf"(?i)\b([\w-]*{_NAMED}): *(?=\S*\d)[^\s,;]{{6,}}"), r"\1: …"),
    # Where a webhook's address is its password: Slack, Discord, Telegram.
    (re.compile(r"(?<=/services/)T\w+/B\w+/\w+|(?<=/webhooks/)\d+/[\w-]+"), "…"),
    (re.compile(r"(?<=/bot)\d+:[\w-]+"), "…"),
    # Secrets that are known by how they begin: OpenAI, GitHub, Slack, Google, Meta, AWS, JWT.
    (re.compile(r"\b(?:sk|xi|gh[pousr]|xox[abp])[-_][\w-]{12,}"), "…"),
    (re.compile(r"\b(?:ya29\.|AIza|GOCSPX-|EAA|AKIA|ASIA|eyJ)[\w-]{12,}(?:\.[\w-]+)*"), "…"),
)


class Message(NamedTuple):
    title: str
    body: str


def ready(waiting: Sequence[Notice], last: datetime | None, now: datetime, minutes: int) -> bool:
    """Whether it is time for a message: at once for what cannot wait, though never a flood of
    them; else when the oldest has waited so many minutes."""
    if not waiting or (last is not None and timedelta(0) <= now - last < SOON):
        return False
    if any(_urgent(one.kind) for one in waiting):
        return True
    return now - min(one.created_at for one in waiting) >= timedelta(minutes=minutes)


def compose(news: Sequence[Notice]) -> Message:
    """One message of all, the most urgent first; secrets that a text may hold are taken out."""
    order = [*_KINDS, *sorted({one.kind for one in news} - set(_KINDS))]
    groups = {kind: [one for one in news if one.kind == kind] for kind in order}
    groups = {kind: group for kind, group in groups.items() if group}
    counted = [f"{len(group)} {_label(kind)}" for kind, group in groups.items()]
    if len(news) == 1:
        return Message(f"igny8-media: {counted[0]}", without_secrets(news[0].text))
    parts = []
    for kind, group in groups.items():
        lines = [f"- {without_secrets(one.text)}" for one in group[:_MOST_LINES]]
        if len(group) > _MOST_LINES:
            lines.append(f"- and {len(group) - _MOST_LINES} more: igny8-media notices list")
        parts.append("\n".join([f"{len(group)} {_label(kind)}", *lines]))
    return Message("igny8-media: " + ", ".join(counted), "\n\n".join(parts))


def without_secrets(text: str) -> str:
    """Tokens, keys and signatures of addresses and headers, as an error may quote them, are out."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _label(kind: str) -> str:
    return _KINDS[kind][0] if kind in _KINDS else kind.replace("_", " ")


def _urgent(kind: str) -> bool:
    return kind in _KINDS and _KINDS[kind][1]
