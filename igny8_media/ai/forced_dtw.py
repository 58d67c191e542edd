"""Which moment of one recording sounds like which of another: mel cepstra and time warping.

Sakoe and Chiba's dynamic programme in a band, over features that hear what is said rather than
who says it.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from igny8_media.ai.wav import Samples

HOP: Final = 0.01
"""Seconds between frames."""
Floats = NDArray[np.float64]

_WINDOW = 0.025
_BANDS, _COEFFICIENTS = 26, 13
_LOW, _HIGH = 90.0, 7600.0  # Hz
_BAND = 0.18  # of the length that both may drift apart
_LEAST_BAND = 60  # frames
_PRICES: Final = (1.25, 0.0, 0.75, 1.5)
"""What it costs to go on by 0, 1, 2 or 3 frames of the model; frames differ by about 5."""
_STEPS = len(_PRICES) - 1


class Warp(NamedTuple):
    """`path` gives the model's frame for each of the recording's; `cost` is the mean distance."""

    path: NDArray[np.intp]
    cost: float


def features(samples: Samples, rate: int, *, tract: float = 1.0) -> Floats:
    """Mel cepstra and their changes: frames by 26, each of mean 0 and variance 1.

    `tract` is how much higher the resonances of this voice are than those it is compared with
    (women's are about 1.15 times men's): its spectrum is read so much further up.
    """
    sound = samples.astype(np.float64) / 32768
    sound = np.append(sound[:1], sound[1:] - 0.97 * sound[:-1])
    width, hop = round(_WINDOW * rate), HOP * rate
    count = max(1, int((len(sound) - width) / hop) + 1)
    sound = np.pad(sound, (0, max(0, width + round(hop * count) - len(sound))))
    starts = np.round(np.arange(count) * hop).astype(int)
    frames = sound[starts[:, None] + np.arange(width)] * np.hamming(width)
    size = 1 << (width - 1).bit_length()
    power = np.abs(np.fft.rfft(frames, size)) ** 2
    mel = np.log(power @ _filters(size, rate, tract).T + 1e-7)
    angle = np.pi / _BANDS * (np.arange(_BANDS) + 0.5)
    cepstra = mel @ np.cos(np.outer(np.arange(_COEFFICIENTS), angle)).T
    change = np.gradient(cepstra, axis=0) if count > 1 else np.zeros_like(cepstra)
    smooth = np.apply_along_axis(lambda c: np.convolve(c, np.ones(3) / 3, mode="same"), 0, change)
    both = np.hstack([cepstra, smooth])
    normal: Floats = (both - both.mean(axis=0)) / (both.std(axis=0) + 1e-6)
    return normal


def stretched(model: Floats, length: int) -> Floats:
    """The features at `length` moments, evenly from the first to the last."""
    at = np.linspace(0, len(model) - 1, length)
    whole = np.minimum(at.astype(int), max(0, len(model) - 2))
    share = (at - whole)[:, None]
    between: Floats = model[whole] * (1 - share)
    between += model[np.minimum(whole + 1, len(model) - 1)] * share
    return between


def warp(recording: Floats, model: Floats) -> Warp:
    """The cheapest way through both, frame by frame of the recording, from start to end.

    Both have the same number of frames (see `stretched`).
    """
    length = len(recording)
    width = min(length, 2 * max(_LEAST_BAND, round(_BAND * length)) + 1)
    first = np.clip(np.arange(length) - width // 2, 0, length - width)
    norms = np.square(model).sum(axis=1)
    came = np.zeros((length, width), np.int8)
    total = np.full(width, np.inf)
    for row in range(length):
        near = slice(first[row], first[row] + width)
        squares = norms[near] + np.square(recording[row]).sum() - 2 * model[near] @ recording[row]
        distance = np.sqrt(np.maximum(0, squares))
        if row == 0:
            total[0] = distance[0]  # both begin together
            continue
        # The band moves on by `shift` model frames; each option comes from `step` frames before.
        shift = first[row] - first[row - 1]
        before = np.concatenate([np.full(_STEPS, np.inf), total, [np.inf]])
        options = np.stack(
            [before[_STEPS + shift - step :][:width] + price for step, price in enumerate(_PRICES)]
        )
        came[row] = options.argmin(axis=0)
        total = options.min(axis=0) + distance
    path = np.zeros(length, np.intp)
    at = length - 1
    for row in range(length - 1, -1, -1):
        path[row] = at
        at -= int(came[row, at - first[row]])
    return Warp(path, float(total[-1]) / length)


def _filters(size: int, rate: int, tract: float) -> Floats:
    """Triangles of equal width in mel: bands by frequencies."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (_LOW, min(_HIGH, rate / 2.6)))
    mel = np.linspace(low, high, _BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1) * tract
    hertz = np.fft.rfftfreq(size, 1 / rate)
    rising = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))
