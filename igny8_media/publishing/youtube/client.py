"""Google's own client, without its network: it makes requests by YouTube's discovery document,
and our Api sends them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest, MediaFileUpload

from igny8_media.publishing.api import Api, Judge
from igny8_media.publishing.outcomes import Refused, Retryable

CHUNK: Final = 8 << 20
"""Bytes of a request of an upload; a whole multiple of 256 KiB, as YouTube asks."""


@lru_cache(maxsize=8)
def resources(base: str) -> Any:
    """YouTube Data API v3 at `base`, as the document that comes with the client describes it.

    The document's root is replaced because the client's own setting for this (`api_endpoint`)
    loses the scheme and the path of another host in the addresses of uploads (2.202.0).
    """
    return _described("youtube", "v3", base)


@lru_cache(maxsize=8)
def reports(base: str) -> Any:
    """YouTube Analytics API v2 at `base`."""
    return _described("youtubeAnalytics", "v2", base)


def _described(name: str, version: str, base: str) -> Any:
    document = json.loads(get_static_doc(name, version))
    document["rootUrl"] = document["baseUrl"] = f"{base}/"
    document.pop("mtlsRootUrl", None)
    return build_from_document(document, http=object())


def file_of(path: Path, mime: str) -> Any:
    """The file as the client wants it, to be uploaded in chunks; it is opened and not read."""
    return MediaFileUpload(str(path), mimetype=mime, chunksize=CHUNK, resumable=True)


def execute(request: HttpRequest, api: Api, judge: Judge) -> Mapping[str, Any]:
    """The answer to a request without a file; an empty mapping where there is no content.

    Raises Refused.
    """
    try:
        answer = request.execute(http=_Wire(api, judge), num_retries=0)
    except (ValueError, HttpError):
        raise Refused(Retryable("YouTube's answer cannot be read; trying again.")) from None
    return answer if isinstance(answer, Mapping) else {}


class _Wire:
    """The one method of an `httplib2.Http` that Google's client calls."""

    def __init__(self, api: Api, judge: Judge) -> None:
        self._api, self._judge = api, judge

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[Any, bytes]:
        kept = {k: v for k, v in (headers or {}).items() if k.lower() != "content-length"}
        content = body.encode() if isinstance(body, str) else body
        reply = self._api.call(method, uri, judge=self._judge, content=content, headers=kept)
        return httplib2.Response({"status": str(reply.status), **reply.headers}), reply.body
