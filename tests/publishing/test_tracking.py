"""Links to an article are marked, and nothing else is touched."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.accounts.model import Service
from igny8_media.publishing.model import Link, Outgoing
from igny8_media.publishing.tracking import marked, tags_of, tracked

PAGE = "https://example.org/garden/water"
TAGS = {"utm_source": "linkedin", "utm_campaign": "a b"}
MARKS = "utm_source=linkedin&utm_campaign=a%20b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, f"{PAGE}?{MARKS}"),
        (f"Read {PAGE}.", f"Read {PAGE}?{MARKS}."),
        (f"({PAGE})", f"({PAGE}?{MARKS})"),
        (f"{PAGE}/", f"{PAGE}/?{MARKS}"),
        (f"{PAGE}?a=1&b=%20c", f"{PAGE}?a=1&b=%20c&{MARKS}"),
        (f"{PAGE}?a=1#top", f"{PAGE}?a=1&{MARKS}#top"),
        (f"{PAGE}#what?ever", f"{PAGE}?{MARKS}#what?ever"),
        (f"Did you read {PAGE}?", f"Did you read {PAGE}?{MARKS}?"),
        (f"{PAGE}?a=1&", f"{PAGE}?a=1&{MARKS}"),
        (f"See {PAGE}?a=1!", f"See {PAGE}?a=1&{MARKS}!"),
        (f"{PAGE}?utm_source=mine", f"{PAGE}?utm_source=mine&utm_campaign=a%20b"),
        (f"{PAGE}?{MARKS}", f"{PAGE}?{MARKS}"),
        (f"HTTPS://Example.ORG/garden/water {PAGE}", None),
        ("http://example.org/garden/water", f"http://example.org/garden/water?{MARKS}"),
        (f"読む{PAGE}を", f"読む{PAGE}?{MARKS}を"),
        (f"詳細：{PAGE}。", f"詳細：{PAGE}?{MARKS}。"),
        (f"«{PAGE}»", f"«{PAGE}?{MARKS}»"),
    ],
)
def test_every_form_of_the_address(text: str, expected: str | None) -> None:
    got = marked(text, PAGE, TAGS)
    if expected is None:
        assert got.count(MARKS) == 2
    else:
        assert got == expected
    assert marked(got, PAGE, TAGS) == got


@pytest.mark.parametrize(
    "text",
    [
        f"{PAGE}ing",
        f"{PAGE}-more",
        f"{PAGE}.html",
        f"{PAGE}/deeper",
        f"{PAGE}é",
        f"{PAGE}%20x",
        "https://example.org/garden",
        "https://example.org",
        "https://other.org/garden/water",
        "https://www.example.org/garden/water",
        "https://example.org:8080/garden/water",
        "https://example.org@evil.com/garden/water",
        f"https://web.archive.org/web/2026/{PAGE}",
        "example.org/garden/water",
        "ftp://example.org/garden/water",
        "https://example.org/Garden/water",
        "",
    ],
)
def test_other_addresses_are_left_alone(text: str) -> None:
    assert marked(text, PAGE, TAGS) == text


def test_an_address_with_a_query_of_its_own() -> None:
    page = "https://example.org/?p=12"
    assert marked(page, page, TAGS) == f"{page}&{MARKS}"
    assert marked(f"{page}&x=1#c", page, TAGS) == f"{page}&x=1&{MARKS}#c"
    assert marked(f"{page}3", page, TAGS) == f"{page}3"
    assert marked("https://example.org/", page, TAGS) == "https://example.org/"


def test_a_site_without_a_path() -> None:
    assert marked("https://example.org", "https://example.org/", TAGS) == (
        f"https://example.org?{MARKS}"
    )
    for other in (
        "https://example.org.evil.com",
        "https://example.org:8080",
        "https://example.org@x",
    ):
        assert marked(other, "https://example.org/", TAGS) == other


@pytest.mark.parametrize("address", ["", "no address", "https://", "https://[::1", "mailto:a@b.c"])
def test_what_is_no_address_marks_nothing(address: str) -> None:
    assert marked(f"{address} {PAGE}", address, TAGS) == f"{address} {PAGE}"


@given(
    st.text(max_size=30),
    st.text(max_size=30),
    st.sampled_from(("", "/", "?a=1", "#f", "?a=b&c=d#e")),
)
def test_nothing_but_the_address_changes(before: str, after: str, more: str) -> None:
    text = f"{before} {PAGE}{more} {after}"
    got = marked(text, PAGE, TAGS)
    assert marked(got, PAGE, TAGS) == got
    middle = f" {PAGE}{more.partition('#')[0].partition('?')[0]}?"
    assert middle in got
    url = next(word for word in got[len(before) :].split() if word.startswith(PAGE))
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked["utm_campaign"] == "a b"
    assert urlsplit(url).fragment == urlsplit(PAGE + more).fragment


def test_a_post_is_marked_everywhere_it_links() -> None:
    tags = tags_of(Service.TWITTER, "social", "garden", 7)
    post = Outgoing(
        service=Service.TWITTER,
        kind="thread",
        text=f"One {PAGE}",
        parts=(f"One {PAGE}", "Two https://other.org"),
        link=Link(url=PAGE),
    )
    got = tracked(post, PAGE, tags)
    marks = "utm_source=twitter&utm_medium=social&utm_campaign=garden&utm_content=7"
    assert got.text == got.parts[0] == f"One {PAGE}?{marks}"
    assert got.parts[1] == post.parts[1]
    assert got.link == Link(url=f"{PAGE}?{marks}")
    assert tags_of(Service.YOUTUBE, "video", "garden", 7)["utm_medium"] == "video"


@pytest.mark.parametrize("service", [Service.INSTAGRAM, Service.TIKTOK])
def test_where_nobody_can_click_words_stay_as_they_are(service: Service) -> None:
    post = Outgoing(service=service, kind="image", text=f"More at {PAGE}")
    assert tracked(post, PAGE, TAGS) == post
