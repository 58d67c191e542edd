"""Pictures by models: looked at, cut, kept, and by the next one where the first cannot."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from igny8_media.ai.comfyui import ComfyUI
from igny8_media.ai.comfyui_workflow import load_workflow
from igny8_media.ai.health import Breaker
from igny8_media.ai.image import ImageProvider
from igny8_media.ai.image_router import ImageRouter, NobodyDrewError
from igny8_media.ai.openai_image import OpenAIImage
from igny8_media.ai.pool import Pool
from igny8_media.imaging.theme import Theme
from igny8_media.storage.cache import FolderCache
from igny8_media.visuals.painter import Painter, request_for
from igny8_media.visuals.painting import framed, plain
from tests.ai.picture_servers import ComfyServer, OpenAIServer, Reply, picture, serving

PROMPT = "A dry stone wall"
UPRIGHT = (1080, 1920)


def no_wait(_seconds: float) -> None: ...


@dataclass
class Studio:
    """A server of one's own, then a cloud provider, and painters that share a cache and health."""

    folder: Path
    own: ComfyServer = field(default_factory=ComfyServer)
    cloud: OpenAIServer = field(default_factory=OpenAIServer)
    stack: ExitStack = field(default_factory=ExitStack)
    timeout: float = 5.0

    def painter(self, *, better: bool = False) -> Painter:
        comfy = ComfyUI(
            self.own.url, "", load_workflow("sdxl", "sd_xl_base_1.0.safetensors"), no_wait
        )
        openai = OpenAIImage(f"{self.cloud.url}/v1", "key", "m", "medium")
        providers: tuple[ImageProvider, ...] = (comfy, openai)
        for provider in providers:
            self.stack.callback(provider.close)
        router = ImageRouter(
            providers,
            Breaker(self.folder / "health"),
            Pool(self.folder / "pools"),
            timeout=self.timeout,
            wait=no_wait,
        )
        cache = FolderCache(self.folder / "kept", 10**9)
        return Painter(router, cache, self.folder / "pools", Theme(), better=better)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = Studio(tmp_path)
    with made.stack, serving(made.own), serving(made.cloud):
        yield made


def test_the_first_that_is_well_draws_and_once(studio: Studio) -> None:
    scene = studio.painter().make(PROMPT, UPRIGHT)
    assert (scene.provider, scene.model) == ("comfyui", "sd_xl_base_1.0.safetensors")
    assert scene.seed == request_for(PROMPT, UPRIGHT).seed
    assert scene.passed_over == ()
    with Image.open(scene.path) as opened:
        assert opened.size == (768, 1344)
    asked = len(studio.own.asked)
    assert scene.fresh
    assert studio.painter().make(PROMPT, UPRIGHT) == scene.model_copy(update={"fresh": False})
    assert len(studio.own.asked) == asked
    assert studio.painter().make(PROMPT, (1920, 1080)).path != scene.path
    assert studio.painter().make("A dry stone wall in snow", UPRIGHT).seed != scene.seed


def _flat() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (768, 1344)).save(out, "PNG")
    return out.getvalue()


# Drawn by the test: every process of a session reads this file, and one of them runs it.
TROUBLES: dict[str, Callable[[], bytes]] = {
    "a page": lambda: b"<!doctype html><title>Sign in</title>",
    "nothing": lambda: b"\x89PNG\r\n\x1a\n and then nothing",
    "half": lambda: picture()[:-3000],
    "small": lambda: picture(320, 560),
    "lying": lambda: picture(1344, 768),
    "flat": _flat,
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_is_no_picture_gives_way_to_the_next(trouble: str, studio: Studio) -> None:
    studio.own.drawn = TROUBLES[trouble]()
    scene = studio.painter().make(PROMPT, UPRIGHT)
    assert scene.provider == "openai"
    (why,) = scene.passed_over
    assert "comfyui" in why
    # It is kept who served: nobody is asked again while nothing changes.
    asked = len(studio.own.asked)
    assert studio.painter().make(PROMPT, UPRIGHT).path == scene.path
    assert len(studio.own.asked) == asked


def test_two_at_once_share_one_picture(studio: Studio) -> None:
    studio.own.troubles = [("/", Reply({"error": "no"}, 500))] * 20
    painters = [studio.painter(), studio.painter()]
    with ThreadPoolExecutor() as threads:
        made = list(threads.map(lambda painter: painter.make(PROMPT, UPRIGHT), painters))
    assert made[0].path == made[1].path
    assert sorted(scene.fresh for scene in made) == [False, True]
    assert len(studio.cloud.bodies("/images/generations")) == 1


def test_another_shape_is_cut_around_what_matters(studio: Studio) -> None:
    studio.own.drawn = picture(1024, 1365)  # 3:4, as of a closed list of shapes
    scene = studio.painter().make(PROMPT, UPRIGHT)
    with Image.open(scene.path) as opened:
        assert opened.height == 1365
        assert opened.width / opened.height == pytest.approx(768 / 1344, abs=0.01)


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": "no"}, 500),
        Reply({"error": "no"}, 429),
        Reply({"error": "no"}, 401),
        Reply({}, wait=3),
        None,
    ],
)
def test_a_server_in_trouble_is_passed_over(reply: Reply | None, studio: Studio) -> None:
    studio.own.troubles = [("/", reply)] * 9
    studio.timeout = 0.6 if reply and reply.wait else 5.0
    scene = studio.painter().make(PROMPT, UPRIGHT)
    assert scene.provider == "openai"
    assert scene.passed_over


def test_nobody_is_left(studio: Studio) -> None:
    studio.own.troubles = [("/", Reply({"error": "no"}, 500))] * 9
    blocked = {"error": {"message": "Your request was rejected.", "code": "moderation_blocked"}}
    studio.cloud.troubles = [("/images", Reply(blocked, 400))]
    with pytest.raises(NobodyDrewError, match="Your request was rejected"):
        studio.painter().make(PROMPT, UPRIGHT)
    assert len(studio.cloud.bodies("/images/generations")) == 1
    assert not list((studio.folder / "kept").glob("*/about.json"))


def test_what_may_have_been_paid_for_is_not_asked_for_twice(studio: Studio) -> None:
    studio.own.troubles = [("/", Reply({"error": "no"}, 500))] * 9
    studio.cloud.troubles = [("/images", None)]
    with pytest.raises(NobodyDrewError) as raised:
        studio.painter().make(PROMPT, UPRIGHT)
    assert [one.unsure for one in raised.value.passed_over] == [False, True]
    assert len(studio.cloud.bodies("/images/generations")) == 1


def test_prompts_hold_no_quotes_and_ask_for_no_text() -> None:
    said = plain('Say "BUY NOW" in {{gold}} <b>letters</b>\u200b\nhere')
    assert said == "Say BUY NOW in gold b letters /b here"
    prompt = framed(f"of {said}", Theme(), (1024, 1024))
    assert "square" in prompt
    assert prompt.endswith("No text, letters, numbers, captions, logos or watermarks anywhere.")


def test_sizes_are_a_models() -> None:
    for size in ((1080, 1920), (1920, 1080), (1080, 1080), (1200, 627)):
        for better, pixels in ((False, 1024 * 1024), (True, 1920 * 1088)):
            request = request_for(PROMPT, size, better=better)
            assert request.width % 64 == request.height % 64 == 0
            assert request.width / request.height == pytest.approx(size[0] / size[1], rel=0.06)
            assert request.width * request.height == pytest.approx(pixels, rel=0.06)
