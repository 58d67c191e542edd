"""The encoder's pipe is read to its end, also what comes after the last picture."""

import io
import os
import time
from pathlib import Path

import av
import numpy as np

from igny8_media.storage.cache import FolderCache
from igny8_media.video.cutting import Cutter, Parts
from igny8_media.video.segments import Segment


def _fragmented(frames: int) -> bytes:
    target = io.BytesIO()
    options = {"movflags": "empty_moov+default_base_moof+frag_every_frame"}
    with av.open(target, "w", format="mp4", options=options) as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(frames):
            picture = av.VideoFrame.from_ndarray(np.zeros((96, 64), np.uint8), format="yuv420p")
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    return target.getvalue()


def test_an_encoder_may_take_its_time_to_write_its_index(tmp_path: Path) -> None:
    made = _fragmented(120)
    index = made.rindex(b"mfra") - 4
    kept = FolderCache(tmp_path / "kept", 10**9)
    read, write = os.pipe()
    with Parts(kept, [Segment(0, 0, 120, 0, "mark")], 1) as parts:
        cutter = Cutter(read, "64x64.mp4", parts, 30)
        with cutter, os.fdopen(write, "wb", buffering=0) as pipe:
            cutter.start()
            pipe.write(made[:index])
            # A pipe is read in blocks: fill one, so that the last picture is seen before the end.
            pipe.write((1 << 16).to_bytes(4, "big") + b"free" + bytes((1 << 16) - 8))
            until = time.monotonic() + 60
            while kept.get("mark") is None and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(0.1)
            pipe.write(made[index:])
        cutter.finish()
    assert kept.get("mark") is not None
