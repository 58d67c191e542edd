"""The fetcher goes only where it may, for as long and as much as it may."""

import gzip
import ipaddress
import time
from collections.abc import Sequence

import pytest
from article_site import Answer, Site

from igny8_media.articles.addresses import is_allowed, parse_networks
from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.errors import InputError, OutsideError

LOOPBACK = ("127.0.0.0/8",)
UNDECLARED = {"Content-Length": "", "Connection": "close"}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_inner_addresses_are_refused(address: str) -> None:
    assert not is_allowed(ipaddress.ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(ipaddress.ip_address(address), ())


def test_settings_allow_a_network_and_no_more() -> None:
    allowed = parse_networks(["10.0.0.0/8", "fc00::/7"])
    assert is_allowed(ipaddress.ip_address("10.9.9.9"), allowed)
    assert is_allowed(ipaddress.ip_address("::ffff:10.0.0.1"), allowed)
    assert is_allowed(ipaddress.ip_address("fc00::1"), allowed)
    assert not is_allowed(ipaddress.ip_address("127.0.0.1"), allowed)
    with pytest.raises(InputError, match="write them like"):
        parse_networks(["10.0.0.0/33"])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]",
     "[::ffff:127.0.0.1]", "0"],
)  # fmt: skip
def test_no_spelling_of_loopback_gets_through(site: Site, host: str) -> None:
    site.routes["/"] = Answer(b"secret")
    port = site.url.rsplit(":", 1)[1]
    with SafeFetcher(timeout=3) as fetcher, pytest.raises((InputError, OutsideError)):
        fetcher.fetch(f"http://{host}:{port}/", max_bytes=100)
    assert site.asked == []


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]/", "//192.168.0.1",
     "file:///etc/passwd", "gopher://x/", "http://[bad"],
)  # fmt: skip
def test_a_redirect_leads_nowhere_inside(site: Site, fetcher: SafeFetcher, target: str) -> None:
    site.routes["/"] = Answer(status=302, headers={"Location": target})
    with pytest.raises(InputError):
        fetcher.fetch(f"{site.url}/", max_bytes=100)


def test_the_checked_address_is_the_one_connected_to(site: Site) -> None:
    """A name that is public when asked first and private when asked again gains nothing."""
    port = int(site.url.rsplit(":", 1)[1])
    answers = [["127.0.0.2"], ["10.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    site.routes["/"] = Answer(b"ok")
    with SafeFetcher(allow_networks=LOOPBACK, resolve=resolve, timeout=3) as fetcher:
        # The server listens on 127.0.0.1 only, so 127.0.0.2 proves where the connection went.
        with pytest.raises(OutsideError, match="cannot be reached"):
            fetcher.fetch(f"http://rebind.example:{port}/", max_bytes=100)
        assert asked == ["rebind.example"]
        with pytest.raises(InputError, match="not on the public internet"):
            fetcher.fetch(f"http://rebind.example:{port}/", max_bytes=100)


def test_a_name_with_a_public_and_a_private_address_uses_only_the_first_kind(site: Site) -> None:
    port = int(site.url.rsplit(":", 1)[1])
    site.routes["/"] = Answer(b"ok")
    addresses = ["10.0.0.1", "127.0.0.1"]
    with SafeFetcher(
        allow_networks=LOOPBACK, resolve=lambda host, port: addresses, timeout=3
    ) as fetcher:
        answer = fetcher.fetch(f"http://mixed.example:{port}/", max_bytes=100)
    assert answer.content == b"ok"
    assert site.asked[0][1]["host"] == f"mixed.example:{port}"


def test_redirects_are_followed_five_times(site: Site, fetcher: SafeFetcher) -> None:
    for step in range(7):
        site.routes[f"/{step}"] = Answer(status=301, headers={"Location": f"{step + 1}"})
    site.routes["/7"] = Answer(b"end")
    assert fetcher.fetch(f"{site.url}/2", max_bytes=100).url == f"{site.url}/7"
    with pytest.raises(InputError, match="redirects more than 5 times"):
        fetcher.fetch(f"{site.url}/1", max_bytes=100)


def test_headers_do_not_travel_to_another_host(site: Site, fetcher: SafeFetcher) -> None:
    port = site.url.rsplit(":", 1)[1]
    site.routes["/a"] = Answer(status=302, headers={"Location": f"http://127.0.0.2:{port}/b"})
    site.routes["/b"] = Answer(b"ok")
    with SafeFetcher(
        allow_networks=LOOPBACK, resolve=lambda host, port: ["127.0.0.1"], timeout=3
    ) as fetcher:
        fetcher.get(f"{site.url}/a", max_bytes=9, headers={"Authorization": "Basic x"})
    assert "authorization" in site.asked[0][1]
    assert "authorization" not in site.asked[1][1]


def test_the_limit_holds_declared_undeclared_and_decompressed(
    site: Site, fetcher: SafeFetcher
) -> None:
    site.routes["/exact"] = Answer(b"x" * 1000)
    site.routes["/long"] = Answer(b"x" * 1001)
    site.routes["/open"] = Answer(
        b"x" * 5000, headers={"Content-Length": "", "Connection": "close"}
    )
    bomb = gzip.compress(bytes(30_000_000))
    site.routes["/bomb"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    site.routes["/zip"] = Answer(gzip.compress(b"fine"), headers={"Content-Encoding": "gzip"})
    site.routes["/br"] = Answer(b"x", headers={"Content-Encoding": "br"})
    assert len(fetcher.fetch(f"{site.url}/exact", max_bytes=1000).content) == 1000
    assert fetcher.fetch(f"{site.url}/zip", max_bytes=1000).content == b"fine"
    assert len(bomb) < 100_000
    for path in ("/long", "/open", "/bomb"):
        with pytest.raises(InputError, match=r"larger than 0\.001 MB"):
            fetcher.fetch(site.url + path, max_bytes=1000)
    with pytest.raises(InputError, match="compressed as 'br'"):
        fetcher.fetch(f"{site.url}/br", max_bytes=1000)


def test_a_dripping_body_ends_in_time(site: Site) -> None:
    site.routes["/"] = Answer(b"x" * 600, drip=0.1)
    start = time.monotonic()
    with (
        SafeFetcher(allow_networks=LOOPBACK, timeout=0.4) as fetcher,
        pytest.raises(OutsideError, match=r"within 0\.4 seconds"),
    ):
        fetcher.fetch(f"{site.url}/", max_bytes=1000)
    assert time.monotonic() - start < 30


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, InputError), (403, InputError), (500, OutsideError), (429, OutsideError)],
)
def test_statuses_say_whether_to_try_again(
    site: Site, fetcher: SafeFetcher, status: int, error: type[Exception]
) -> None:
    site.routes["/"] = Answer(status=status)
    with pytest.raises(error, match=f"answered {status}"):
        fetcher.fetch(f"{site.url}/", max_bytes=10)


@pytest.mark.parametrize(
    "url", ["ftp://x.org/a", "file:///etc/passwd", "data:x", "nonsense", "http://"]
)
def test_only_web_addresses_are_fetched(fetcher: SafeFetcher, url: str) -> None:
    with pytest.raises(InputError):
        fetcher.fetch(url, max_bytes=10)


def test_a_name_that_does_not_resolve_is_trouble_outside() -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with (
        SafeFetcher(resolve=resolve) as fetcher,
        pytest.raises(OutsideError, match=r"address of nowhere\.example cannot be found"),
    ):
        fetcher.fetch("https://nowhere.example/", max_bytes=10)
