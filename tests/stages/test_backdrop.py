"""One drawn picture behind an article's titles: shared, charged once, declared, done without."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from igny8_media.articles.model import Article, Image, Picture
from igny8_media.database import tables
from igny8_media.settings import Settings
from igny8_media.social.model import Platform, SocialPost
from igny8_media.stages.outgoing import outgoing
from igny8_media.stages.social import images_stage, post_stage
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.video_thumbnail import thumbnail_stage
from igny8_media.stages.video_words import script_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import VideoForm
from tests.ai.picture_servers import ComfyServer, picture, serving
from tests.words_corpus import corpus

ARTICLE = corpus()["faster-web-page"]


@pytest.fixture
def server() -> Iterator[ComfyServer]:
    made = ComfyServer()
    with serving(made):
        yield made


def without_pictures(article: Article) -> Article:
    blocks = tuple(block for block in article.blocks if not isinstance(block, Image))
    return article.model_copy(update={"blocks": blocks})


def with_picture(article: Article, content: bytes) -> Article:
    kept = Picture(
        key="picture.png",
        sha256=hashlib.sha256(content).hexdigest(),
        mime="image/png",
        width=1280,
        height=768,
        size=len(content),
    )
    shown = Image(source="picture.png", alt="A page", picture=kept)
    return article.model_copy(update={"blocks": (shown, *without_pictures(article).blocks)})


class Desk:
    """Stages of one article, without a database's drafts."""

    def __init__(self, home: Path, article: Article, content: bytes = b"", **values: Any) -> None:
        self.shop = Workshop(Settings(home=home, _env_file=None, **values))  # type: ignore[call-arg]
        self._article, self._content = article, content
        self.made(Stage("article", (), "1", self._write))

    def _write(self, _: Job, folder: Path) -> Built:
        (folder / "article.json").write_text(self._article.model_dump_json())
        files = [BuiltFile("article.json", "text")]
        if self._content:
            (folder / "picture.png").write_bytes(self._content)
            files.append(BuiltFile("picture.png", "image"))
        return Built(files=tuple(files))

    def made(self, stage: Stage) -> Record:
        plain = {"remember": lambda _job, _record: None}
        return run_stage(self.shop, Stage(**{**stage.__dict__, **plain}), "c").record

    def images(self, platform: Platform) -> Record:
        self.made(post_stage(platform))
        return self.made(images_stage(platform))

    def thumbnail(self, form: VideoForm) -> Record:
        self.made(script_stage(form))
        return self.made(thumbnail_stage(form))


def sources(record: Record) -> set[str]:
    return {str(a.figures.get("source")) for a in record.artifacts}


def test_one_picture_serves_posts_and_both_thumbnails(server: ComfyServer, tmp_path: Path) -> None:
    desk = Desk(
        tmp_path, without_pictures(ARTICLE), comfyui_url=server.url, credits=True, credit_limit=100
    )
    posts = [desk.images(platform) for platform in (Platform.TWITTER, Platform.LINKEDIN)]
    stills = [desk.thumbnail(form) for form in VideoForm]
    assert len(server.bodies("/prompt")) == 1
    assert all("painted" in sources(record) for record in (*posts, *stills))
    (fact,) = posts[0].facts["painted"]
    assert fact["provider"] == "comfyui"
    assert ARTICLE.title in fact["prompt"]
    charged = {
        entry.provider: entry.model for entry in desk.shop.credits.entries(99) if entry.provider
    }
    assert charged["comfyui"] == "sd_xl_base_1.0.safetensors"
    by_model = [e for e in desk.shop.credits.entries(99) if e.provider == "comfyui"]
    assert sum(e.kind == "settle" for e in by_model) == 1


def test_a_post_with_a_drawn_picture_says_so(server: ComfyServer, tmp_path: Path) -> None:
    for name, values, declared in (("a", {"comfyui_url": server.url}, True), ("b", {}, False)):
        desk = Desk(tmp_path / name, without_pictures(ARTICLE), **values)
        desk.images(Platform.FACEBOOK)
        post = desk.shop.records.current("c", "social/facebook/post")
        assert post is not None
        written = desk.shop.store.read_bytes(post.named("post.json").key)
        words = SocialPost.model_validate_json(written).model_copy(update={"post_type": "image"})
        row = tables.SocialPost(
            content_id="c", platform="facebook", form="social", revision=1,
            post=words.model_dump(mode="json"),
        )  # fmt: skip
        assert outgoing(desk.shop, row).options.made_with_ai is declared


def test_the_articles_own_picture_is_enough(server: ComfyServer, tmp_path: Path) -> None:
    content = picture(1280, 768)
    desk = Desk(tmp_path, with_picture(ARTICLE, content), content, comfyui_url=server.url)
    assert sources(desk.images(Platform.TWITTER)) == {"picture.png"}
    assert sources(desk.thumbnail(VideoForm.LONG)) == {"picture.png"}
    assert not server.asked


def test_who_cannot_draw_costs_a_note(tmp_path: Path) -> None:
    with serving(down := ComfyServer()):
        pass
    record = Desk(tmp_path, without_pictures(ARTICLE), comfyui_url=down.url).images(
        Platform.TWITTER
    )
    assert sources(record) == {"card"}
    assert any("designed backdrop" in n and "cannot be reached" in n for n in record.notes)


def test_nothing_changes_for_who_has_set_nothing(tmp_path: Path) -> None:
    record = Desk(tmp_path, without_pictures(ARTICLE)).images(Platform.TWITTER)
    assert sources(record) == {"card"}
    assert "painted" not in record.facts
    stage = images_stage(Platform.TWITTER)
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    assert stage.settings(plain) == plain.theme.model_dump(mode="json")
