"""X's requests as tweepy knows them, sent our way.

tweepy's own sending has no timeout, one fixed host and sleeps on limits; its later users want the
host of the settings, an account's renewed token, and doubt told from refusal.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import tweepy

from igny8_media.publishing.api import Judge, Reply
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.twitter.errors import pause_of

_FIELDS = ("created_at", "entities", "attachments", "conversation_id", "referenced_tweets")


class XClient(tweepy.Client):  # type: ignore[misc]  # tweepy has no types
    """One account of X; answers are the JSON objects that came, {} where none came."""

    def __init__(self, tools: Tools, base: str, judge: Judge) -> None:
        super().__init__(return_type=dict)
        self._tools, self._base, self._judge = tools, base, judge
        self._beside: dict[str, Any] = {}

    def post(
        self, *, made_with_ai: bool = False, paid_partnership: bool = False, **fields: Any
    ) -> Mapping[str, Any]:
        """Create a post, with what `tweepy.Client.create_tweet` takes. Raises Refused."""
        # tweepy 4.17 knows neither of them.
        marks = {"made_with_ai": made_with_ai, "paid_partnership": paid_partnership}
        self._beside = {name: True for name, value in marks.items() if value}
        made: Mapping[str, Any] = self.create_tweet(user_auth=False, **fields)
        return made

    def timeline(self, user: str, since: datetime, token: str | None) -> Mapping[str, Any]:
        """A page of the user's posts and replies since then, the newest first. Raises Refused."""
        page: Mapping[str, Any] = self.get_users_tweets(
            user,
            start_time=since,
            exclude=["retweets"],
            max_results=100,
            pagination_token=token,
            tweet_fields=list(_FIELDS),
        )
        return page

    def remove(self, id: str) -> Mapping[str, Any]:
        """Take a post down. Raises Refused."""
        gone: Mapping[str, Any] = self.delete_tweet(id, user_auth=False)
        return gone

    def request(
        self,
        method: str,
        route: str,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        user_auth: bool = False,
    ) -> "_Answer":
        """What tweepy sends every request through."""
        reply = self._tools.api.call(
            method,
            f"{self._base}{route}",
            params=params or None,
            json={**json, **self._beside} if json is not None else None,
            judge=self._judge,
            commit=method == "POST",
        )
        if method != "DELETE":
            self._tools.api.pause = pause_of(reply, self._tools.now()) or self._tools.api.pause
        return _Answer(reply)


class _Answer:
    """The one thing that tweepy asks of a response."""

    def __init__(self, reply: Reply) -> None:
        self._data = reply.data

    def json(self) -> dict[str, Any]:
        return self._data if isinstance(self._data, dict) else {}
