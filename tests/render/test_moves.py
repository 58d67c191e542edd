"""Faces stay whole through every camera move, judged at its start, in its middle and at its end."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from igny8_media.ai.speech import Word
from igny8_media.imaging.theme import Theme
from igny8_media.storage.cache import FolderCache
from igny8_media.video.cameras import keeping
from igny8_media.video.compose import Composer
from igny8_media.video.model import Narration, Section, SpokenSection, VideoScript
from igny8_media.video.motion import view_at, window_of
from igny8_media.video.planes import Frame
from igny8_media.video.scenes import plan_scenes

_SIDES = st.tuples(st.floats(0.0, 0.65), st.floats(0.0, 0.65), st.floats(0.05, 0.34))


@settings(max_examples=60, deadline=None)
@given(
    _SIDES, st.integers(0, 7), st.floats(1.0, 12.0), st.sampled_from([(1080, 1920), (1920, 1080)])
)
def test_a_face_anywhere_stays_whole(face, turn: int, seconds: float, frame) -> None:
    left, top, side = face
    box = (left, top, left + side, top + side)
    focus = (left + side / 2, top + side / 2)
    move = keeping(frame, (3000, 2400), focus, seconds, turn, lambda base: [box])
    moved = move.camera.start != move.camera.end
    assert moved, "nothing stands still"
    slack = 0.004
    for at in (0, 25, 50, 75, 100):
        window = window_of(view_at(move.camera, at, 100), move.base, frame)
        wide, tall = move.base
        assert box[0] * wide >= window.left - slack * wide
        assert box[1] * tall >= window.top - slack * tall
        assert box[2] * wide <= window.left + window.width + slack * wide
        assert box[3] * tall <= window.top + window.height + slack * tall


def _face(side: int) -> Image.Image:
    """A face plain enough to draw and real enough for a detector trained on photographs."""
    s = side * 2
    image = Image.new("RGB", (s, s), (120, 140, 120))
    draw = ImageDraw.Draw(image)
    draw.ellipse((s * 0.16, s * 0.02, s * 0.84, s * 0.9), fill=(70, 48, 38))
    draw.ellipse((s * 0.22, s * 0.12, s * 0.78, s * 0.97), fill=(224, 182, 150))
    for x in (0.37, 0.63):
        draw.ellipse((s * (x - 0.115), s * 0.37, s * (x + 0.115), s * 0.50), fill=(165, 120, 98))
        draw.rectangle((s * (x - 0.11), s * 0.345, s * (x + 0.11), s * 0.375), fill=(60, 42, 35))
        draw.ellipse((s * (x - 0.07), s * 0.405, s * (x + 0.07), s * 0.465), fill=(225, 220, 215))
        draw.ellipse((s * (x - 0.032), s * 0.40, s * (x + 0.032), s * 0.47), fill=(35, 25, 25))
    draw.polygon(
        [(s * 0.47, s * 0.45), (s * 0.53, s * 0.45), (s * 0.575, s * 0.66), (s * 0.425, s * 0.66)],
        fill=(240, 200, 170),
    )
    draw.ellipse((s * 0.425, s * 0.64, s * 0.575, s * 0.69), fill=(180, 130, 110))
    draw.ellipse((s * 0.37, s * 0.745, s * 0.63, s * 0.82), fill=(150, 70, 70))
    return image.filter(ImageFilter.GaussianBlur(s / 50)).resize((side, side))


@pytest.mark.parametrize("at", [(40, 60), (620, 900), (60, 1000)])
def test_a_face_is_found_in_every_part_of_a_shot(tmp_path: Path, at: tuple[int, int]) -> None:
    grain = np.random.default_rng(1).normal(128, 12, (1600, 1200, 3))
    photo = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))
    photo.paste(_face(520), at)
    photo.save(tmp_path / "photo.png")
    words = tuple(Word(text="word", start=n * 0.3, end=n * 0.3 + 0.28) for n in range(50))
    section = Section(
        section_id="s",
        type="point",
        narration="word " * 50,
        visual_cue="image",
        image=str(tmp_path / "photo.png"),
        duration_estimate=15,
    )
    script = VideoScript(
        title="T",
        description="",
        tags=(),
        sections=(section,),
        total_duration_estimate=15,
        language="en",
        writer="test",
    )
    narration = Narration(
        audio="a.wav",
        duration=15,
        sections=(SpokenSection(section_id="s", start=0, end=15, words=words),),
        engine="test",
        voice="test",
        language="en",
        timing="estimate",
        loudness=-14,
        true_peak=-2,
    )
    cache = FolderCache(tmp_path / "cache", 10**9)
    plan = plan_scenes(script, narration, {}, Theme(), (540, 960), tmp_path, drawn=cache)
    shots = plan.scenes[0].shots
    assert len(shots) >= 2
    detector = cv2.CascadeClassifier(
        str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml")
    )
    frame = Frame(540, 960)
    composer = Composer(plan, tmp_path)
    for number, shot in enumerate(shots):
        last = shots[number + 1].start if number + 1 < len(shots) else plan.frames
        for moment in (shot.start + shot.fade, (shot.start + last) // 2, last - 1):
            composer.paint(0, moment, frame)
            found = detector.detectMultiScale(frame.y, 1.1, 3, minSize=(60, 60))
            assert len(found) >= 1, f"no face at frame {moment}"
