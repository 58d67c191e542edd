"""A finished video becomes one draft for each place it goes to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import SocialPost
from igny8_media.publishing.videopost import VideoPost
from igny8_media.scripts.seo import VideoMetadata
from igny8_media.settings import Settings
from igny8_media.stages.outgoing import outgoing
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.video_posts import posts_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import TARGETS, VideoForm
from igny8_media.video.plan import Layer, Scene, ScenePlan, Shot
from tests.media_samples import SRT, write_picture, write_video


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(Settings(home=tmp_path, _env_file=None))  # type: ignore[call-arg]


@pytest.fixture
def rows(shop: Workshop) -> Iterator["Rows"]:
    found = Rows(shop)
    yield found
    found.engine.dispose()


class Rows:
    def __init__(self, shop: Workshop) -> None:
        self.engine = create_engine(shop.settings.sqlalchemy_url)

    def all(self) -> list[SocialPost]:
        with Session(self.engine) as session:
            order = (SocialPost.platform, SocialPost.revision)
            return list(session.scalars(select(SocialPost).order_by(*order)))

    def edit(self, platform: str, description: str) -> None:
        with Session(self.engine) as session, session.begin():
            row = session.scalars(select(SocialPost).where(SocialPost.platform == platform)).one()
            row.post = {**row.post, "description": description}
            row.edited_at = datetime.now(UTC)


def _plan() -> ScenePlan:
    """One second, whose title stands from frame 5 until it leaves at frame 16."""
    title = Layer(file="type.png", x=0, y=0, fade=5, end=25)
    scene = Scene(
        section_id="s01",
        kind="title_card",
        first=0,
        frames=25,
        shots=(Shot(base="base.jpg", moves_for=25),),
        layers=(title,),
    )
    return ScenePlan(width=72, height=128, fps=25, frames=25, scenes=(scene,))


def _film(shop: Workshop, form: VideoForm, title: str, *, skipped: str | None = None) -> None:
    """What stands before the posts, made of nothing."""

    def make(asset: str, folder: Path) -> Built:
        if skipped:
            return Built(skipped=skipped)
        names: list[str] = []
        if asset == "render":
            names = ["video.mp4"]
            write_video(folder / names[0], size=(72, 128))
        elif asset == "thumbnail":
            names = ["thumbnail.jpg", "cover.jpg"]
            for seed, name in enumerate(names):
                write_picture(folder / name, seed=seed)
        elif asset == "scenes":
            names = ["plan.json"]
            (folder / names[0]).write_text(_plan().model_dump_json())
        elif asset == "captions":
            names = ["captions.srt"]
            (folder / names[0]).write_text(SRT, encoding="utf-8")
        else:
            for target in TARGETS[form]:
                names.append(f"{target}.json")
                words = VideoMetadata(
                    target=target,
                    title=title if "youtube" in target else "",
                    description=f"{title}, told for {target}",
                    tags=("one", "two words"),
                    language="de",
                    duration=1.0,
                )
                (folder / names[-1]).write_text(words.model_dump_json())
        return Built(files=tuple(BuiltFile(name, "metadata") for name in names))

    for asset in ("render", "thumbnail", "captions", "scenes", "seo"):

        def build(_: Job, folder: Path, asset: str = asset) -> Built:
            return make(asset, folder)

        run_stage(shop, Stage(f"video/{form}/{asset}", (), "1", build), "c", force=True)


def test_each_target_gets_its_draft(shop: Workshop, rows: Rows) -> None:
    _film(shop, VideoForm.SHORT, "A lamp")
    made = run_stage(shop, posts_stage(VideoForm.SHORT), "c")
    assert [a.name for a in made.record.artifacts] == [
        "youtube_shorts.json",
        "instagram_reels.json",
        "tiktok.json",
    ]
    found = {row.platform: VideoPost.model_validate(row.post) for row in rows.all()}
    assert {(row.form, row.status) for row in rows.all()} == {("video", "draft")}
    short, reel, tiktok = (found[t] for t in ("youtube_shorts", "instagram_reels", "tiktok"))
    assert (short.title, short.tags) == ("A lamp", ("one", "two words"))
    assert short.thumbnail is not None
    assert short.thumbnail.name == "cover.jpg"
    assert [track.language for track in short.captions] == ["de"]
    assert reel.thumbnail == short.thumbnail
    assert (reel.title, reel.captions, tiktok.captions, tiktok.thumbnail) == ("", (), (), None)
    assert short.video == reel.video == tiktok.video
    assert (short.cover_at, reel.cover_at, tiktok.cover_at) == (None, 0.44, 0.44)
    sent = {row.platform: outgoing(shop, row) for row in rows.all()}
    assert sent["tiktok"].options.cover_at == 0.44
    assert sent["instagram_reels"].thumbnail == reel.thumbnail
    assert (short.video.width, short.video.height, short.video.codec) == (72, 128, "h264")
    assert short.video.size == shop.store.local_path(short.video.key).stat().st_size


def test_a_long_video_goes_to_youtube_alone(shop: Workshop, rows: Rows) -> None:
    _film(shop, VideoForm.LONG, "A lamp")
    run_stage(shop, posts_stage(VideoForm.LONG), "c")
    (row,) = rows.all()
    sent = outgoing(shop, row)
    assert (sent.service, sent.kind, sent.title) == ("youtube", "video", "A lamp")
    assert sent.thumbnail is not None
    assert sent.thumbnail.name == "thumbnail.jpg"


def test_a_video_that_is_rightly_not_there_has_no_drafts(shop: Workshop, rows: Rows) -> None:
    _film(shop, VideoForm.LONG, "", skipped="Too thin.")
    made = run_stage(shop, posts_stage(VideoForm.LONG), "c")
    assert made.record.skipped == "Too thin."
    run_stage(shop, posts_stage(VideoForm.LONG), "c")
    shop.drafts.count()  # makes the tables
    assert rows.all() == []


def test_an_edited_draft_stays_and_newer_words_stand_beside_it(shop: Workshop, rows: Rows) -> None:
    stage = posts_stage(VideoForm.SHORT)
    _film(shop, VideoForm.SHORT, "A lamp")
    run_stage(shop, stage, "c")
    rows.edit("tiktok", "Mine")
    assert not run_stage(shop, stage, "c").fresh
    _film(shop, VideoForm.SHORT, "A brighter lamp")
    assert run_stage(shop, stage, "c").fresh
    found = [(r.platform, r.revision, r.post["description"].split(",")[0]) for r in rows.all()]
    assert found == [
        ("instagram_reels", 1, "A brighter lamp"),
        ("tiktok", 1, "Mine"),
        ("tiktok", 2, "A brighter lamp"),
        ("youtube_shorts", 1, "A brighter lamp"),
    ]


def test_pictures_that_a_model_drew_are_declared(shop: Workshop, rows: Rows) -> None:
    _film(shop, VideoForm.LONG, "A lamp")
    drawn = {"painted": [{"picture": "scene/s02.png", "provider": "comfyui"}]}
    for facts, declared in (({}, False), (drawn, True)):

        def plan(_: Job, folder: Path, facts: dict[str, Any] = facts) -> Built:
            (folder / "plan.json").write_text(_plan().model_dump_json())
            return Built(files=(BuiltFile("plan.json", "metadata"),), facts=facts)

        scenes = Stage("video/long/scenes", (), "1", plan)
        run_stage(shop, scenes, "c", force=True)
        assert run_stage(shop, posts_stage(VideoForm.LONG), "c").fresh
        newest = rows.all()[-1]
        assert outgoing(shop, newest).options.made_with_ai is declared
