"""Rows of people's posts become what is sent: their words to the letter, and the right files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Account, AccountKind, Service
from igny8_media.command.given import read_sources
from igny8_media.database import tables
from igny8_media.errors import InputError
from igny8_media.publishing.api import Api
from igny8_media.publishing.connecting import adapter_of
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.hosting import StoredMedia
from igny8_media.publishing.ledger import utc_now
from igny8_media.publishing.model import MediaFile, Options, Outgoing
from igny8_media.publishing.videopost import VideoPost
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.catalog import SOCIAL
from igny8_media.stages.outgoing import outgoing, service_of
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop

_EXAMPLE = Path(__file__).parents[2] / "examples"
Row = Callable[..., tables.SocialPost]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """One article with its posts and pictures, really made."""
    home = tmp_path_factory.mktemp("outgoing")
    shop = Workshop(Settings(home=home, _env_file=None))  # type: ignore[call-arg]
    source = next(_EXAMPLE.rglob("faster-web-page.md"))
    ((given,), _) = read_sources(shop.settings, [str(source)])
    run_stage(shop, ARTICLE, given.content_id)
    for platform in Platform:
        for stage in SOCIAL[platform]:
            run_stage(shop, stage, given.content_id)
    return shop


@pytest.fixture
def row(shop: Workshop) -> Row:
    """The row of a platform, with these fields of its post changed; nothing of it is stored."""

    def read(platform: Platform, /, **changed: Any) -> tables.SocialPost:
        engine = create_engine(shop.settings.sqlalchemy_url)
        with Session(engine) as session:
            found = session.scalars(
                select(tables.SocialPost).where(tables.SocialPost.platform == platform)
            ).one()
            session.expunge(found)
        engine.dispose()
        found.post = {**found.post, **changed}
        return found

    return read


@pytest.mark.parametrize("platform", list(Platform))
def test_the_words_are_the_rows_and_the_files_are_there(
    shop: Workshop, row: Row, platform: Platform
) -> None:
    found = row(platform)
    post = outgoing(shop, found)
    assert post.text == found.post["post_text"]
    assert post.service == platform.value
    assert post.media
    for file in post.media:
        path = shop.store.local_path(file.key)
        assert path.stat().st_size == file.size
        assert file.alt_text
        assert file.width
    assert Outgoing.model_validate(post.model_dump(mode="json")) == post


def test_each_platform_shows_its_own_kind_of_post(shop: Workshop, row: Row) -> None:
    linkedin = outgoing(shop, row(Platform.LINKEDIN))
    assert (linkedin.kind, len(linkedin.media)) == ("document", 1)
    assert linkedin.title == row(Platform.LINKEDIN).post["headline"]
    assert linkedin.media[0].mime == "application/pdf"
    assert linkedin.media[0].pages == len(row(Platform.LINKEDIN).post["slides"])

    instagram = outgoing(shop, row(Platform.INSTAGRAM))
    assert instagram.kind == "images"
    assert [file.name for file in instagram.media] == [
        f"slide-{n:02d}.jpg" for n in range(1, len(instagram.media) + 1)
    ]
    assert {file.mime for file in instagram.media} == {"image/jpeg"}

    tiktok = outgoing(shop, row(Platform.TIKTOK))
    assert (tiktok.kind, tiktok.media[0].width, tiktok.media[0].height) == ("image", 1080, 1920)
    assert tiktok.options.privacy is None


def test_a_thread_keeps_its_parts_and_shows_the_picture_once(shop: Workshop, row: Row) -> None:
    parts = ("One thing first. 🧵\n\n1/2", "And the rest.\n\n2/2")
    found = row(Platform.TWITTER, post_type="thread", thread=parts, post_text=parts[0])
    post = outgoing(shop, found)
    assert (post.kind, post.parts, post.text) == ("thread", parts, parts[0])
    assert [file.name.split(".")[0] for file in post.media] == ["image"]
    assert not post.options.links_cost_extra


def test_a_link_post_sends_a_link_and_no_picture(shop: Workshop, row: Row) -> None:
    found = row(Platform.FACEBOOK, post_type="link", link_url="https://example.org/a")
    post = outgoing(shop, found)
    assert post.kind == "link"
    assert post.link is not None
    assert (post.link.url, post.link.title) == ("https://example.org/a", found.post["headline"])
    assert post.media == ()
    with pytest.raises(InputError, match="write its link_url"):
        outgoing(shop, row(Platform.FACEBOOK, post_type="link", link_url=None))


def test_edited_words_go_out_as_they_were_edited(shop: Workshop, row: Row) -> None:
    text = "Mine, with #one hashtag (and a bracket)."
    found = row(Platform.INSTAGRAM, post_text=text, post_type="image", alt_text="What I see")
    post = outgoing(shop, found)
    assert (post.text, post.kind) == (text, "image")
    assert [file.alt_text for file in post.media] == ["What I see"]


def test_a_text_post_carries_no_picture(shop: Workshop, row: Row) -> None:
    post = outgoing(shop, row(Platform.TWITTER, post_type="text", thread=(), post_text="Short."))
    assert (post.kind, post.media, post.parts) == ("text", (), ())


@pytest.mark.parametrize(
    ("platform", "changed", "told"),
    [
        (Platform.TWITTER, {"post_text": 3, "slides": "none"}, "post_text: .*slides: "),
        (Platform.FACEBOOK, {"platform": "twitter"}, "is for twitter; write facebook"),
        (Platform.FACEBOOK, {"post_text": " ", "hashtags": ["#a", "#a"]}, "empty.*twice"),
        (Platform.TIKTOK, {"post_type": "document"}, "no posts of type 'document'"),
    ],
)
def test_everything_wrong_in_a_row_is_said_at_once(
    shop: Workshop, row: Row, platform: Platform, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError, match=f"(?s){told}"):
        outgoing(shop, row(platform, **changed))


def test_pictures_that_are_not_there_are_named(shop: Workshop, row: Row) -> None:
    found = row(Platform.LINKEDIN)
    found.content_id = "elsewhere"
    with pytest.raises(InputError, match="materialise social/linkedin/images first"):
        outgoing(shop, found)


_VIDEO = MediaFile(
    key="content/a/video/short/render/f/video.mp4",
    name="video.mp4",
    kind="video",
    mime="video/mp4",
    size=1000,
    sha256="0" * 64,
    width=1080,
    height=1920,
    duration=40.0,
    fps=30.0,
    codec="h264",
    audio_codec="aac",
)


def _video_row(target: str, **fields: Any) -> tables.SocialPost:
    post = VideoPost.model_validate(
        {"target": target, "description": "About it", "language": "en", "video": _VIDEO, **fields}
    )
    return tables.SocialPost(
        content_id="a", form="video", platform=target, revision=1, post=post.model_dump(mode="json")
    )


@pytest.mark.parametrize(
    ("target", "service", "kind"),
    [
        ("youtube", Service.YOUTUBE, "video"),
        ("youtube_shorts", Service.YOUTUBE, "video"),
        ("instagram_reels", Service.INSTAGRAM, "reel"),
        ("tiktok", Service.TIKTOK, "video"),
    ],
)
def test_a_video_goes_to_the_service_of_its_target(
    shop: Workshop, target: str, service: Service, kind: str
) -> None:
    assert service_of("video", target) is service
    post = outgoing(shop, _video_row(target, title="T", tags=("a", "b c")))
    assert (post.service, post.kind, post.text, post.title) == (service, kind, "About it", "T")
    assert (post.media, post.options.tags) == ((_VIDEO,), ("a", "b c"))
    assert not post.options.made_with_ai


class _Tokens:
    """Nothing is sent."""

    def current(self) -> str:
        raise AssertionError

    def renewed(self, refused: str) -> str:
        raise AssertionError(refused)


_PEOPLE: dict[Service, AccountKind] = {
    Service.LINKEDIN: "person",
    Service.TWITTER: "person",
    Service.FACEBOOK: "page",
    Service.INSTAGRAM: "business",
    Service.TIKTOK: "creator",
    Service.YOUTUBE: "channel",
}


@pytest.mark.parametrize("place", [*Platform, "youtube_shorts", "instagram_reels", "tiktok video"])
def test_what_is_composed_is_what_the_adapters_take(shop: Workshop, row: Row, place: str) -> None:
    found = row(Platform(place)) if place in list(Platform) else _video_row(place.split()[0])
    if found.platform == "youtube_shorts":
        found.post["title"] = "A title"
    choices = Options(privacy="SELF_ONLY") if "tiktok" in place else Options(links_cost_extra=True)
    post = outgoing(shop, found, choices)
    account = Account(
        id=1,
        service=post.service,
        platform_user_id="1",
        name="Ada",
        kind=_PEOPLE[post.service],
        sandbox=True,
    )
    with httpx.Client() as client, StoredMedia(shop.store) as media:
        api = Api(post.service.label, client, _Tokens(), now=utc_now)
        tools = Tools(account, api, media.of(account), utc_now, lambda _: None)
        assert adapter_of(post.service)(tools, Hosts()).validate(post) == []


def test_what_a_person_chose_goes_with_the_video(shop: Workshop) -> None:
    chosen = Options(privacy="unlisted", tags=("mine",))
    declared = _video_row("youtube", tags=("a",), made_with_ai=True)
    post = outgoing(shop, declared, chosen)
    assert post.options == chosen.model_copy(update={"made_with_ai": True})


def test_an_own_post_is_sent_as_it_is(shop: Workshop) -> None:
    written = Options(privacy="PUBLIC", branded=True)
    mine = Outgoing(service=Service.LINKEDIN, kind="text", text="Hello", options=written)
    found = tables.SocialPost(
        content_id="own",
        form="own",
        platform="linkedin",
        revision=1,
        post=mine.model_dump(mode="json"),
    )
    assert outgoing(shop, found) == mine
    chosen = Options(privacy="CONNECTIONS")
    assert outgoing(shop, found, chosen).options == Options(privacy="CONNECTIONS", branded=True)


def test_places_that_do_not_exist_are_a_sentence() -> None:
    with pytest.raises(InputError, match="no place called myspace"):
        service_of("social", "myspace")
    with pytest.raises(InputError, match="no place called linkedin for posts of form video"):
        service_of("video", "linkedin")
