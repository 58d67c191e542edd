"""What YouTube would refuse is known before it is sent, at every limit's edge; and what is sent
is what its discovery document knows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from googleapiclient.discovery_cache import get_static_doc

from igny8_media.accounts.model import Service
from igny8_media.publishing.model import CaptionTrack, MediaFile, Options, Outgoing
from igny8_media.publishing.youtube.body import body_of, is_short, privacy_of
from igny8_media.publishing.youtube.chapters import chapter_problems
from igny8_media.publishing.youtube.errors import pacific_midnight
from igny8_media.publishing.youtube.limits import problems, tags_length
from tests.publishing.helpers import START, account, media

SCOPE = "https://www.googleapis.com/auth/"
ADA = account(
    Service.YOUTUBE,
    "channel",
    scopes=(f"{SCOPE}youtube.upload", f"{SCOPE}youtube.force-ssl", f"{SCOPE}youtube.readonly"),
)
WIDE = {"width": 1920, "height": 1080, "duration": 600.0}
CHAPTERS = "Intro\n0:00 One\n0:10 Two\n1:00:00 Three"


def video(**measured: Any) -> dict[str, Any]:
    return {"media": (media("a.mp4", "video/mp4", **(WIDE | measured)),)}


def post(**fields: Any) -> Outgoing:
    usual: dict[str, Any] = {"title": "A title", "text": "Words."} | video()
    return Outgoing(service=Service.YOUTUBE, **({"kind": "video"} | usual | fields))


def options(**given: Any) -> dict[str, Any]:
    return {"options": Options(**given)}


def thumbnail(mime: str = "image/jpeg", **measured: Any) -> dict[str, Any]:
    return {"thumbnail": media("t.jpg", mime, **({"width": 1280, "height": 720} | measured))}


def track(language: str = "en", name: str = "", size: int = 900, kind: str = "captions") -> Any:
    file = MediaFile(
        key="c.srt",
        name="c.srt",
        kind=kind,  # type: ignore[arg-type]
        mime="application/x-subrip",
        size=size,
        sha256="0" * 64,
    )
    return CaptionTrack(file=file, language=language, name=name)


FINE = {
    "video": post(),
    "longest title": post(title="t" * 100),
    "longest description": post(text="é" * 2500),
    "no description": post(text=""),
    "largest": post(**video(size=274_877_906_944, duration=43_200.0)),
    "tags of 500": post(**options(tags=("a" * 248, "b b" + "b" * 246))),
    "later": post(**options(publish_at=START + timedelta(days=2), privacy="private")),
    "a little late": post(**options(publish_at=START - timedelta(minutes=59))),
    "unlisted": post(**options(privacy="unlisted")),
    "languages": post(language="pt-BR", captions=(track("zh-Hant"), track("en", "n" * 150))),
    "two tracks of a language": post(captions=(track("en"), track("en", "Signs"))),
    "largest captions": post(captions=(track(size=104_857_600),)),
    "thumbnail": post(**thumbnail(size=52_428_800)),
    "upright thumbnail of a Short": post(
        **thumbnail(width=1080, height=1920), **video(width=1080, height=1920, duration=60.0)
    ),
    "chapters": post(text=CHAPTERS, **video(duration=4000.0)),
}

WRONG: dict[str, tuple[Outgoing, str]] = {
    "no title": (post(title="  "), "needs a title"),
    "title one over": (post(title="t" * 101), "101 characters"),
    "title with angle": (post(title="a < b"), "The title has < or >"),
    "description one over": (post(text="é" * 2500 + "x"), "1 over YouTube's limit of 5000"),
    "description with angle": (post(text="a > b"), "The description has < or >"),
    "control characters": (post(text="a\x00"), "control characters"),
    "language": (post(language="English!"), "no language tag"),
    "poll": (post(kind="poll"), "takes no poll"),
    "two files": (post(media=video()["media"] * 2), "exactly one video"),
    "a picture": (post(media=(media("a.png", "image/png"),)), "exactly one video"),
    "empty": (post(**video(size=0)), "1 byte to 256 GiB"),
    "too large": (post(**video(size=274_877_906_945)), "256 GiB"),
    "too long": (post(**video(duration=43_201.0)), "12: cut it"),
    "privacy": (post(**options(privacy="PUBLIC")), "no privacy PUBLIC"),
    "past": (post(**options(publish_at=START - timedelta(minutes=61))), "has passed"),
    "the end of time": (
        post(**options(publish_at=datetime.fromisoformat("9999-12-31T23:59:59-12:00"))),
        "years away",
    ),
    "no zone": (post(**options(publish_at=START.replace(tzinfo=None))), "no time zone"),
    "later and unlisted": (
        post(**options(publish_at=START + timedelta(days=1), privacy="unlisted")),
        "not unlisted",
    ),
    "category": (post(**options(category_id="3")), "no category 3"),
    "tags of 501": (post(**options(tags=("a" * 249, "b b" + "b" * 246))), "501 characters"),
    "tag with comma": (post(**options(tags=("a,b",))), "'a,b' is no tag"),
    "empty tag": (post(**options(tags=(" ",))), "is no tag"),
    "thumbnail's kind": (post(**thumbnail("image/webp")), "JPEG and PNG"),
    "thumbnail's bytes": (post(**thumbnail(size=52_428_801)), "50 MiB"),
    "thumbnail too small": (post(**thumbnail(width=1279, height=720)), "1279x720"),
    "thumbnail's form": (post(**thumbnail(width=1400, height=1400)), "in 16:9"),
    "upright thumbnail": (post(**thumbnail(width=1080, height=1920)), "in 16:9"),
    "captions' kind": (post(captions=(track(kind="document"),)), "holds no captions"),
    "captions' bytes": (post(captions=(track(size=104_857_601),)), "100 MiB"),
    "captions' language": (post(captions=(track("e"),)), "no language tag"),
    "captions' name": (post(captions=(track("en", "n" * 151),)), "longer than 150"),
    "same captions twice": (post(captions=(track(), track())), "two caption tracks"),
    "chapters": (post(text="0:00 One\n0:30 Two"), "from 3 on"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_fits_is_not_complained_about(name: str) -> None:
    assert problems(FINE[name], ADA, START) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_named(name: str) -> None:
    given, said = WRONG[name]
    found = problems(given, ADA, START)
    assert len(found) == 1, found
    assert said in found[0]
    assert found[0].endswith(".")


def test_everything_wrong_is_said_at_once() -> None:
    given = post(
        title="", text="<", **options(category_id="0", privacy="x"), **thumbnail("image/gif")
    )
    assert len(problems(given, ADA, START)) == 5


def test_the_account_must_fit_and_have_granted_it() -> None:
    page = account(Service.FACEBOOK, "page")
    assert "choose a YouTube channel" in problems(post(), page, START)[0]
    assert "choose another account" in problems(post(), account(Service.YOUTUBE, "page"), START)[0]
    uploads = account(Service.YOUTUBE, "channel", scopes=(f"{SCOPE}youtube.upload",))
    assert "youtube.readonly" in problems(post(), uploads, START)[0]
    whole = account(Service.YOUTUBE, "channel", scopes=(f"{SCOPE}youtube",))
    assert problems(post(), whole, START) == []
    assert "force-ssl" in problems(post(captions=(track(),)), whole, START)[0]
    assert problems(post(captions=(track(),)), account(Service.YOUTUBE, "channel"), START) == []


@pytest.mark.parametrize(
    ("text", "duration", "said"),
    [
        (CHAPTERS, 3610.0, ""),
        (CHAPTERS, 3609.0, "10 seconds"),
        (CHAPTERS, 3600.0, "after the video's end"),
        ("See you at 8:30.\n10:15 is when it starts", 600.0, ""),
        ("0:05 One\n0:20 Two\n0:40 Three", 600.0, "begin at 0:00"),
        ("0:00 One\n0:09 Two\n0:40 Three", 600.0, "10 seconds"),
        ("0:00 One\n0:40 Two\n0:20 Three", 600.0, "ascend"),
        ("(0:00) One\n[0:20] Two\n 0:40 Three", 600.0, ""),
    ],
)
def test_chapters_that_youtube_would_drop_are_named(text: str, duration: float, said: str) -> None:
    found = chapter_problems(text, duration)
    assert len(found) == bool(said), found
    assert said in " ".join(found)


def test_a_short_has_no_chapters() -> None:
    short = video(width=1080, height=1920, duration=60.0)
    assert problems(post(text="0:00 One\n0:30 Two", **short), ADA, START) == []


@pytest.mark.parametrize(
    ("width", "height", "duration", "short"),
    [
        (1080, 1920, 180.0, True),
        (1080, 1080, 30.0, True),
        (1080, 1920, 180.1, False),
        (1081, 1080, 30.0, False),
        (0, 0, 30.0, False),
    ],
)
def test_a_short_is_a_matter_of_form(width: int, height: int, duration: float, short: bool) -> None:
    file = media("a.mp4", "video/mp4", width=width, height=height, duration=duration)
    assert is_short(file) == short


def test_tags_are_counted_with_their_quotes_and_commas() -> None:
    assert tags_length(()) == 0
    assert tags_length(("ab", "c d")) == 2 + 1 + 3 + 2


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"privacy": "unlisted", "tags": ("a", "b c"), "made_for_kids": True},
        {"publish_at": START + timedelta(days=1), "branded": True, "made_with_ai": True},
    ],
)
def test_every_field_and_value_is_in_the_discovery_document(given: dict[str, Any]) -> None:
    schemas = json.loads(get_static_doc("youtube", "v3"))["schemas"]

    def check(value: Any, schema: dict[str, Any]) -> None:
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema
        types = {"string": str, "boolean": bool, "object": dict, "array": list}
        assert isinstance(value, types[schema["type"]])
        if "enum" in schema:
            assert value in schema["enum"]
        if schema.get("format") == "date-time":
            assert datetime.fromisoformat(value).tzinfo is not None
        for name, inner in value.items() if isinstance(value, dict) else ():
            check(inner, schema["properties"][name])
        for inner in value if isinstance(value, list) else ():
            check(inner, schema["items"])

    check(body_of(post(language="de", **options(**given)), START), {"$ref": "Video"})


def test_privacy_and_both_declarations_are_always_sent() -> None:
    status = body_of(post(), START)["status"]
    assert status == {
        "privacyStatus": "public",
        "selfDeclaredMadeForKids": False,
        "containsSyntheticMedia": False,
    }


def test_a_time_to_publish_goes_with_private_and_has_passed_in_the_end() -> None:
    at = START + timedelta(hours=3)
    later = post(**options(publish_at=at, privacy="public"))
    status = body_of(later, START)["status"]
    assert (status["privacyStatus"], status["publishAt"]) == ("private", "2026-11-20T15:00:00Z")
    assert privacy_of(later, at) == "public"
    assert "publishAt" not in body_of(later, at)["status"]


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-20T12:00", "2026-11-21T08:00"),
        ("2026-07-01T06:59", "2026-07-01T07:00"),
        ("2026-03-08T08:30", "2026-03-09T07:00"),  # 23 hours: summer time begins
        ("2026-11-01T07:30", "2026-11-02T08:00"),  # 25 hours: it ends
    ],
)
def test_quotas_start_anew_at_midnight_pacific(now: str, midnight: str) -> None:
    found = pacific_midnight(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(midnight).replace(tzinfo=UTC)
