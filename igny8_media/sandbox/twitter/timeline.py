"""A post of X as its API shows it: links shortened, characters escaped, only the fields asked for.

Source: openapi.json 2.167, docs.x.com, 2026-08.
"""

import hashlib
import html
from datetime import UTC, datetime
from typing import Any, Final

from igny8_media.sandbox.call import Call
from igny8_media.sandbox.state import Post, World
from igny8_media.sandbox.twitter.rest import invalid
from igny8_media.sandbox.twitter.text import links

# The spec's names, and those from before posts were called posts, which still work.
_KNOWN: Final = {
    *("attachments", "author_id", "community_id", "conversation_id", "created_at"),
    *("edit_controls", "edit_history_tweet_ids", "entities", "id", "in_reply_to_user_id", "lang"),
    *("non_public_metrics", "organic_metrics", "possibly_sensitive", "public_metrics"),
    *("referenced_posts", "referenced_tweets", "reply_settings", "source", "text"),
}


def read_fields(call: Call) -> frozenset[str]:
    """What was asked for beside `id` and `text`."""
    asked = call.query("tweet.fields") or call.query("post.fields")
    fields = frozenset(filter(None, asked.split(",")))
    for name in sorted(fields - _KNOWN):
        raise invalid("tweet.fields", name, f"The `tweet.fields` query parameter value [{name}]")
    return fields


def listed(post: Post, fields: frozenset[str], world: World) -> dict[str, Any]:
    text, urls = _shortened(post)
    parent = post.extra.get("reply_to")
    parents = [{"type": "replied_to", "id": parent}] if parent else None
    keys = [media["media_key"] for media in post.media]
    made = datetime.fromtimestamp(post.created_at, UTC)
    everything: dict[str, Any] = {
        "author_id": post.account,
        "attachments": {"media_keys": keys} if keys else None,
        "conversation_id": _first(post, world).id,
        # Milliseconds are always .000Z in what X answers.
        "created_at": made.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "entities": {"urls": urls} if urls else None,
        "in_reply_to_user_id": post.account if parent else None,
        "lang": "en",
        "possibly_sensitive": False,
        "referenced_tweets": parents,
        "referenced_posts": parents,
        "reply_settings": "everyone",
    }
    chosen = {name: everything[name] for name in everything if name in fields}
    shown = {name: value for name, value in chosen.items() if value is not None}
    return {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id], **shown}


def _first(post: Post, world: World) -> Post:
    """The post that began the thread."""
    while parent := world.post("twitter", str(post.extra.get("reply_to", ""))):
        post = parent
    return post


def _shortened(post: Post) -> tuple[str, list[dict[str, Any]]]:
    """The text with every link as https://t.co/..., and what they stand for. Media have one too,
    at the end."""
    pieces: list[str] = []
    urls: list[dict[str, Any]] = []
    at = length = 0

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    def link(expanded: str, display: str) -> None:
        digest = hashlib.sha256(f"{post.id} {expanded}".encode()).hexdigest()[:10]
        start = length
        add(f"https://t.co/{digest}")
        urls.append(
            {
                "start": start,
                "end": length,
                "url": f"https://t.co/{digest}",
                "expanded_url": expanded,
                "display_url": display,
            }
        )

    for begin, end in links(post.text):
        add(html.escape(post.text[at:begin], quote=False))
        address = post.text[begin:end]
        expanded = address if "://" in address else f"http://{address}"
        link(expanded, expanded.partition("://")[2][:27])
        at = end
    add(html.escape(post.text[at:], quote=False))
    if post.media:
        if length:
            add(" ")
        place = "video" if post.media[0]["kind"] == "video" else "photo"
        link(f"https://x.com/i/status/{post.id}/{place}/1", f"pic.x.com/{post.id[-8:]}")
    return "".join(pieces), urls
