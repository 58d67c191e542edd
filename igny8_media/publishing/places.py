"""Where bytes and tokens may be sent when a platform itself names the address."""

import httpx


def is_at(url: str, base: str, *domains: str) -> bool:
    """Whether the address is on the server of `base`, or by https in one of these domains; without
    domains, by https anywhere. Read as httpx reads it, which sends there."""
    try:
        to, own = httpx.URL(url), httpx.URL(base)
    except httpx.InvalidURL:
        return False
    if to.userinfo or not to.host:
        return False
    if (to.scheme, to.host, to.port) == (own.scheme, own.host, own.port):
        return True
    inside = any(f".{to.host}".endswith(f".{domain}") for domain in domains)
    return to.scheme == "https" and (inside or not domains)
