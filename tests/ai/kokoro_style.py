"""One style of Kokoro's voice af_heart, to speak with where there is no file of voices.

256 half floats: the mean of its rows for 60 to 119 phonemes. Kokoro-82M by hexgrad, Apache-2.0.
"""

import base64
from pathlib import Path

import numpy as np

_STYLE = (
    "/LK1MMKkBrC3tIop2qmxsBe0W7AlJZiupjT3MV00irTWr+Wrei0yswCyALJKIzEtq6QZL0ezMDGLKdAk9S7OrGUk"
    "+KaxsAgyTrEVs6sw5jC1qYkru6o0MPquxa7GKsQt16r+LAEwqiv+Mb00z6OyMyAzxqwnpvSpKDTisCmysSZpLWww"
    "QyQaKWctcqz1LgUtRTMGsLisErIys/AyQjODrI4uhChNsE8ysTC0KT2kd7FwtLyxJzJQrAKsuylSsv+wUyjqq6Cw"
    "SamGqpeuli83rlokGzM3nUwz7TCSsmKnuipPLUevDyu3p2axn6zupJeuU6nJJoGxUQplq16oqqpLs8eqeTGFMrsr"
    "uq4YNLItNyZrsTaxcbFwq3MtEKX8sFCxXihLLMGlD7BLMIUnBDCVK5qsgysaFBYsuq1PNaKPhChnLuUxqK/2M/Yy"
    "3y/vMectfjCysBSoBDKzsxgyTSa1srEWKjIxMHavDC/KKx8ya6EzNCOzSbBFph4e3bCoKIIxrjOhMG8rPi1frTwn"
    "grDYqjMpOLQbtRevwy4EK5oswqkbKQ+uqy4uKlsgKCjYKhyqD63GsNa0nzAOLoYurLRBq6gocK5QrvKwjawwM640"
    "m6zpsT81EamjsjisnLKUMOcmiq7LMKUwtjFXsxavUCqxNU2wbqpKso4xNLQxtPSkmy8="
)


def write_voices(path: Path, *names: str) -> Path:
    """An archive as kokoro-onnx reads it, in which every voice is this one."""
    style = np.frombuffer(base64.b64decode(_STYLE), "<f2").astype("<f4")
    rows = np.tile(style, (510, 1)).reshape(510, 1, 256)
    np.savez(path, allow_pickle=False, **dict.fromkeys(names, rows))
    return path
