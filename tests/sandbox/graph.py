"""A plain client of the Graph API, for the tests of Facebook and of Instagram."""

from typing import Any

import httpx

from igny8_media.sandbox.server import Running


class Graph:
    def __init__(self, sandbox: Running, client: httpx.Client, service: str, **account: Any):
        self.account = sandbox.account(service, **account)
        self.id = self.account["platform_user_id"]
        self.url = f"{sandbox.url}/graph/v26.0"
        self.rupload = f"{sandbox.url}/rupload"
        self.token = self.account["access_token"]
        self._client = client

    def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        given["headers"] = {"Authorization": f"Bearer {self.token}", **given.get("headers", {})}
        return self._client.request(method, f"{self.url}/{path}", **given)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, files: Any = None, **data: Any) -> httpx.Response:
        return self.call("POST", path, data=data, files=files)

    def send(self, place: str, id: str, data: bytes, offset: int, size: int) -> httpx.Response:
        """Bytes for the upload server."""
        headers = {
            "Authorization": f"OAuth {self.token}",
            "offset": str(offset),
            "file_size": str(size),
        }
        url = f"{self.rupload}/{place}/v26.0/{id}"
        return self._client.post(url, content=data, headers=headers)

    def far(self, place: str, id: str) -> int:
        url = f"{self.rupload}/{place}/v26.0/{id}"
        headers = {"Authorization": f"OAuth {self.token}"}
        offset: int = self._client.get(url, headers=headers).json()["offset"]
        return offset


def code(response: httpx.Response) -> tuple[int, int | None]:
    """An error's code and subcode."""
    error = response.json()["error"]
    assert error["type"] in ("OAuthException", "GraphMethodException")
    assert error["fbtrace_id"]
    return error["code"], error.get("error_subcode")
