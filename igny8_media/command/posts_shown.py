"""Posts on a terminal: a list of two lines each, and one post to the letter."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from rich.console import Console
from rich.text import Text

from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.planned import Event, Planned
from igny8_media.publishing.statuses import Status
from igny8_media.stages.posted import Post

_COLOURS: Final = {
    "draft": "yellow",
    "published": "green",
    "failed": "bold red",
    "needs_review": "bold red",
}
_INDENT: Final = " " * 6


def show_list(posts: Sequence[Post], zones: Mapping[int, tzinfo]) -> None:
    """What each post is, and below it where it stands, or its first words; `zones` by post."""
    out = _console()
    if not posts:
        out.print("No posts.")
        return
    places = max(len(post.place) for post in posts)
    kinds = max(len(post.kind) for post in posts)
    for post in posts:
        head = Text(f"{post.id:>4}  {post.place:<{places}}  {post.kind:<{kinds}}  ")
        head.append(f"{post.status:<12}", _COLOURS.get(post.status, ""))
        head.append(f"  {post.content_id}", "dim")
        if out.is_terminal:
            head.truncate(out.width, overflow="ellipsis")
        out.print(head, soft_wrap=True)
        for line in [_line(p, zones[post.id]) for p in post.standing] or [post.excerpt]:
            out.print(_INDENT + line, soft_wrap=True)


def show_post(
    post: Post,
    sent: Outgoing | None,
    problem: str,
    history: Sequence[Sequence[Event]],
    zone: tzinfo,
) -> None:
    """What is sent, what is in its way, and what happened to each publication (`history`)."""
    out = _console()

    def say(line: str = "", style: str = "") -> None:
        out.print(Text(line, style), soft_wrap=True)

    say(f"{post.id}  {post.place} {post.kind} of {post.content_id}: {post.status}", "bold")
    for line in _words(post, sent):
        say(line)
    if post.note:
        say(f"\nRejected: {post.note}", "yellow")
    if problem:
        say(f"\nIt cannot go out as it is: {problem}", "red")
    for planned, events in zip(post.publications, history, strict=True):
        say(f"\n{_line(planned, zone)}", "bold")
        for event in events:
            say(f"  {local(event.at, zone, seconds=True)}  {event.what}  {event.detail}".rstrip())


def local(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    return at.astimezone(zone).strftime(f"%Y-%m-%d %H:%M{':%S' if seconds else ''} %Z")


def _console() -> Console:
    # Nothing in a post is for the terminal: [words] and :words: stay as they are.
    return Console(highlight=False, markup=False, emoji=False)


def _words(post: Post, sent: Outgoing | None) -> list[str]:
    if sent is None:
        return [line for line in (post.title, *(post.parts or (post.text,))) if line]
    lines = [sent.title] if sent.title else []
    if sent.parts:
        lines += [f"({n}) {part}" for n, part in enumerate(sent.parts, start=1)]
    elif sent.text:
        lines.append(sent.text)
    if sent.link:
        lines.append(f"link: {sent.link.url} {sent.link.title}".rstrip())
    if sent.poll:
        lines.append(
            " ".join(("poll:", sent.poll.question, *(f"[{o}]" for o in sent.poll.options)))
        )
    lines += [_file(file) for file in sent.media]
    if sent.thumbnail:
        lines.append(f"cover: {_file(sent.thumbnail)}")
    lines += [f"captions: {track.file.name} ({track.language})" for track in sent.captions]
    chosen = sent.options.model_dump(mode="json", exclude_defaults=True)
    if chosen:
        lines.append("options: " + ", ".join(f"{name}={value}" for name, value in chosen.items()))
    return lines


def _file(file: MediaFile) -> str:
    sides = f", {file.width} x {file.height}" if file.width else ""
    told = f": {file.alt_text}" if file.alt_text else ""
    return f"{file.kind}: {file.name} ({file.mime}{sides}){told}"


def _line(planned: Planned, zone: tzinfo) -> str:
    """Where one publication stands."""
    who = planned.account + (" (sandbox)" if planned.sandbox else "")
    told = f" {planned.reason}" if planned.reason else ""
    if planned.status is Status.PUBLISHED:
        return f"{planned.url or planned.platform_id} as {who}{'.' if told else ''}{told}"
    if planned.status is Status.SCHEDULED:
        return f"{local(planned.goes_at, zone)} as {who}{'.' if told else ''}{told}"
    return f"{str(planned.status).replace('_', ' ')} as {who}{':' if told else ''}{told}"
