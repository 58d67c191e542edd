"""A reel's cover, set when the reel is out: the request that publishes it takes none.

Video Thumbnails (developers.facebook.com, Graph API v25.0): of videos that belong to a Page, JPEG
or PNG of at most 10 MB.
"""

from functools import partial
from typing import Final

from igny8_media.publishing.beside import Beside, put_beside
from igny8_media.publishing.contract import Handles
from igny8_media.publishing.meta.graph import Graph, flag
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.outcomes import Accepted, Outcome, Published

_AGAIN: Final = 30.0


def with_cover(graph: Graph, post: Outgoing, handles: Handles, outcome: Outcome) -> Outcome:
    """What comes of a video once its cover is there too, or will not be: then a note says so."""
    if not isinstance(outcome, Published) or post.kind != "reel" or post.thumbnail is None:
        return outcome
    cover = Beside("cover", "the cover", partial(_set, graph, outcome.id, post.thumbnail))
    notes = put_beside(handles, graph.label, [cover])
    if notes is None:
        return Accepted(_AGAIN, outcome.id)
    return Published(outcome.id, outcome.url, (*outcome.notes, *notes))


def _set(graph: Graph, video: str, file: MediaFile) -> None:
    with graph.path_of(file).open("rb") as picture:
        source = {"source": (file.name, picture, file.mime)}
        preferred = {"is_preferred": flag(True)}
        data = graph.post(f"{video}/thumbnails", preferred, files=source)
    if data.get("success") is not True:
        raise graph.unreadable(commit=False)
