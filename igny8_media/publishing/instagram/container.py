"""Instagram's containers: made, filled and watched until they can be published.

A container shows nobody anything, lives 24 hours, and is used up by publishing it. Sources: content
publishing and resumable uploads (developers.facebook.com, 2026-03), Graph API v26.0.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from igny8_media.errors import InputError, StorageError
from igny8_media.publishing.contract import Handles
from igny8_media.publishing.meta.errors import (
    BUSY,
    NOT_WITHOUT_END,
    UNREACHED,
    container_failed,
)
from igny8_media.publishing.meta.graph import Graph, flag, id_in, time_of
from igny8_media.publishing.meta.handles import age, keep, kept
from igny8_media.publishing.meta.video import send
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import (
    Permanent,
    Refusal,
    Refused,
    Retryable,
    Waiting,
)

WHOLE: Final = "container"
"""The handle of the container that is published; a carousel's items are `child:0` and so on."""
NOTE: Final = "note"
"""Why a reel goes out without its cover, which is not tried again."""
_CHILD: Final = "child:"
_SENT: Final = f"{WHOLE}:sent"
_MISSES: Final = "misses"
_MOST_MISSES: Final = 2
# A reel's video is sent as bytes, so that a picture of the wrong size, kind or shape, or one that
# could not be fetched, is its cover.
_PICTURE: Final = (2207004, 2207005, 2207009)
# The official advice is once a minute for five minutes; in practice images take seconds and
# videos up to some minutes.
_MOMENT: Final = timedelta(seconds=2)
_SOON: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(minutes=15)
_BUSY: Final = timedelta(minutes=5)


class PublishedAlready(Exception):
    """A container turned out to be published: an earlier commit took effect after all."""


def ready(graph: Graph, ig: str, post: Outgoing, handles: Handles) -> Waiting | None:
    """Bring the post's container to where it can be published; None when it is there.

    Raises Refused, or PublishedAlready.
    """
    if post.kind == "reel":
        return _reel_ready(graph, ig, post, handles)
    if post.kind != "images":
        return _whole(graph, ig, handles, lambda: _single(graph, post), post)
    if kept(graph, handles, WHOLE) is None:
        made = [_child(graph, ig, handles, n, file) for n, file in enumerate(post.media)]
        for number, found in enumerate(made):
            waiting = _watch(graph, handles, f"{_CHILD}{number}", found)
            if waiting is not None:
                return waiting
    return _whole(graph, ig, handles, lambda: _carousel(post, handles), post)


def forget(handles: Handles) -> None:
    handles.drop(WHOLE)
    handles.drop(_CHILD)


class _Faulty(Refused):
    """A refusal with Meta's number for what is at fault, or 0."""

    def __init__(self, outcome: Refusal, subcode: int) -> None:
        super().__init__(outcome)
        self.subcode = subcode


def _reel_ready(graph: Graph, ig: str, post: Outgoing, handles: Handles) -> Waiting | None:
    """A reel without its cover is better than none: what is wrong with it becomes a note, and a
    new container is made without."""
    try:
        return _whole(graph, ig, handles, lambda: _reel(graph, post, handles), post)
    except _Faulty as fault:
        final = isinstance(fault.outcome, Permanent)
        covered = post.thumbnail is not None and handles.get(NOTE) is None
        if not (final and covered and fault.subcode in (*_PICTURE, *UNREACHED)):
            raise
        forget(handles)
        handles.put(_MISSES, 0)
        handles.put(NOTE, f"The reel has no cover of its own: {fault.outcome.reason}")
    return _whole(graph, ig, handles, lambda: _reel(graph, post, handles), post)


def _whole(
    graph: Graph,
    ig: str,
    handles: Handles,
    params: Callable[[], dict[str, str]],
    post: Outgoing,
) -> Waiting | None:
    found = kept(graph, handles, WHOLE)
    resume = found is not None
    if found is None:
        found = _make(graph, ig, handles, WHOLE, params())
    if post.kind == "reel" and time_of(handles.get(_SENT)) is None:
        try:
            send(graph, "ig-api-upload", found["id"], post.media[0], resume=resume)
        except Refused as refused:
            raise _missed(graph, handles, refused.outcome) from None
        handles.put(_SENT, graph.tools.now().isoformat())
    return _watch(graph, handles, WHOLE, found)


def _child(graph: Graph, ig: str, handles: Handles, number: int, file: MediaFile) -> dict[str, Any]:
    name = f"{_CHILD}{number}"
    found = kept(graph, handles, name)
    if found is not None:
        return found
    params = {"is_carousel_item": flag(True), **_fetched(graph, file, video_type="VIDEO")}
    return _make(graph, ig, handles, name, params)


def _make(
    graph: Graph, ig: str, handles: Handles, name: str, params: dict[str, str]
) -> dict[str, Any]:
    try:
        found = id_in(graph.post(f"{ig}/media", params))
    except Refused as refused:
        raise _missed(graph, handles, refused.outcome) from None
    if found is None:
        raise graph.unreadable(commit=False)
    return keep(graph, handles, name, {"id": found})


def _watch(graph: Graph, handles: Handles, name: str, found: dict[str, Any]) -> Waiting | None:
    """None when the container is FINISHED."""
    sent = time_of(handles.get(_SENT)) if name == WHOLE else None
    while _status(graph, handles, found) == "IN_PROGRESS":
        worked = graph.tools.now() - sent if sent is not None else age(graph, found)
        if worked > _LONGEST:
            forget(handles)
            raise Refused(Retryable("Instagram worked on the media for 15 minutes without an end."))
        if worked > _MOMENT:
            return Waiting(3.0 if worked < _SOON else 10.0, "Instagram works on the media.")
        graph.tools.wait(_MOMENT.total_seconds())
    return None


def _status(graph: Graph, handles: Handles, found: dict[str, Any]) -> str:
    """FINISHED or IN_PROGRESS; everything else is raised."""
    try:
        data = graph.find(found["id"], "status_code,status")
    except Refused as refused:
        raise _missed(graph, handles, refused.outcome) from None
    code = data.get("status_code") if data is not None else "EXPIRED"
    if code in ("FINISHED", "IN_PROGRESS"):
        return str(code)
    if code == "PUBLISHED":
        raise PublishedAlready
    if code == "EXPIRED":
        forget(handles)
        raise Refused(Retryable("Instagram's container has expired; a new one is made.", after=1.0))
    if code == "ERROR":
        refusal, subcode = container_failed((data or {}).get("status"), graph.label)
        raise _again(handles, refusal, subcode)
    raise graph.unreadable(commit=False)


def _missed(graph: Graph, handles: Handles, refusal: Refusal) -> Refused:
    """What a refusal by one of the container's requests means for what was made before."""
    error = graph.last_error
    if error is not None and error.is_one_of(BUSY):
        found = handles.get(WHOLE)
        if isinstance(found, dict) and age(graph, found) > _BUSY:
            forget(handles)
        return Refused(refusal)
    subcode = error.subcode if error is not None else 0
    if isinstance(refusal, Retryable) and refusal.afresh:
        return _again(handles, refusal, subcode)
    if error is not None and error.is_one_of(*NOT_WITHOUT_END):
        return _again(handles, refusal, subcode)
    return _Faulty(refusal, subcode)


def _again(handles: Handles, refusal: Refusal, subcode: int) -> Refused:
    """New containers next time; media that could not be had are not asked for without end."""
    forget(handles)
    if isinstance(refusal, Permanent) or subcode not in NOT_WITHOUT_END:
        return _Faulty(refusal, subcode)
    misses = handles.get(_MISSES) or 0
    if misses >= _MOST_MISSES:
        told = f"{refusal.reason} It was tried {misses + 1} times."
        return _Faulty(Permanent(told), subcode)
    handles.put(_MISSES, misses + 1)
    # Not afresh: that would forget the count.
    after = refusal.after if isinstance(refusal, Retryable) else None
    return Refused(Retryable(refusal.reason, after=after))


def _single(graph: Graph, post: Outgoing) -> dict[str, str]:
    if post.kind == "story":
        story = _fetched(graph, post.media[0], video_type="STORIES")
        return {"media_type": "STORIES", **_without_alt(story), **_made_with_ai(post)}
    return {**_fetched(graph, post.media[0]), **_caption(post), **_made_with_ai(post)}


def _reel(graph: Graph, post: Outgoing, handles: Handles) -> dict[str, str]:
    params = {
        "media_type": "REELS",
        "upload_type": "resumable",
        "share_to_feed": flag(post.options.share_to_feed),
        **_caption(post),
        **_made_with_ai(post),
    }
    if post.thumbnail is not None and handles.get(NOTE) is None:
        try:
            return {**params, "cover_url": graph.tools.media.public_url(post.thumbnail)}
        except (InputError, StorageError) as error:
            handles.put(NOTE, f"The reel has no cover of its own: {error}")
    if post.options.cover_at is not None:
        params["thumb_offset"] = str(round(post.options.cover_at * 1000))
    return params


def _carousel(post: Outgoing, handles: Handles) -> dict[str, str]:
    children = [handles.get(f"{_CHILD}{n}")["id"] for n in range(len(post.media))]
    return {
        "media_type": "CAROUSEL",
        "children": ",".join(children),
        **_caption(post),
        **_made_with_ai(post),
    }


def _fetched(graph: Graph, file: MediaFile, video_type: str = "") -> dict[str, str]:
    """Where Instagram gets a file: images have no other way, and videos of stories and carousels
    are spared the second upload server."""
    try:
        url = graph.tools.media.public_url(file)
    except InputError as error:
        raise Refused(Permanent(str(error))) from error
    except StorageError as error:
        raise Refused(Retryable(str(error))) from error
    if file.kind == "video":
        return {"media_type": video_type, "video_url": url}
    return {"image_url": url, **({"alt_text": file.alt_text} if file.alt_text.strip() else {})}


def _without_alt(params: dict[str, str]) -> dict[str, str]:
    """Stories take no alternative text."""
    return {name: value for name, value in params.items() if name != "alt_text"}


def _caption(post: Outgoing) -> dict[str, str]:
    return {"caption": post.text} if post.text.strip() else {}


def _made_with_ai(post: Outgoing) -> dict[str, str]:
    return {"is_ai_generated": flag(True)} if post.options.made_with_ai else {}
