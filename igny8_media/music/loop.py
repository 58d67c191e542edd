"""A piece of music played for as long as needed: over and over, without an audible seam.

The seam is where the piece sounds most like itself: two moments whose following seconds have the
same spectrum and the same onsets, so beat and harmony go on across it. There the end is
cross-faded into the beginning.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE: Final = 48_000  # Hz
Stereo = NDArray[np.int16]
"""Samples by two channels."""

Sound = NDArray[np.float32]
"""Samples by two channels, or values by whatever a function says, from -1 to 1."""

_HOP = 960  # samples: 20 ms
_WINDOW = 4096
_BANDS = 48
_SEAM = 1.5  # seconds of cross-fade
_ALIKE = 3.0  # seconds that have to be alike: more than a bar's half, so that the beat goes on
_SEARCH = 14.0  # seconds at either end in which the seam may lie
_SHARE = 0.45  # of the piece that a search may use
_LONG = 0.45  # of the piece that comes again: a few bars over and over would tire
_STEP, _STEP_PRICE = 1.5, 0.04  # decibels of difference that are free, and what each more costs
_FINE = 480  # samples either way for the last alignment


class Loop(NamedTuple):
    """Music that goes from `back` on again where it reaches `end` (samples).

    `alike` is the correlation of the two waveforms at the seam: 1 for the same sound.
    """

    music: Stereo
    back: int
    end: int
    seam: int
    alike: float

    def read(self, first: int, count: int) -> Sound:
        """Samples `first` to `first + count` of the endless piece, two channels from -1 to 1."""
        position = np.arange(first, first + count)
        again = position >= self.end
        since = (position - self.end) % (self.end - self.back)
        sound = self._at(np.where(again, self.back + since, position))
        at = np.flatnonzero(again & (since < self.seam))
        if at.size:
            share = (since[at] / self.seam).astype(np.float32)[:, None]
            into, out = np.sin(share * np.pi / 2), np.cos(share * np.pi / 2)
            # The power of the sum of two sounds that are alike is more than the sum of powers.
            power = 1 + 2 * max(0.0, self.alike) * into * out
            both = sound[at] * into + self._at(self.end + since[at]) * out
            sound[at] = both / np.sqrt(power)
        return sound

    def _at(self, positions: NDArray[np.intp]) -> Sound:
        return self.music[positions].astype(np.float32) / np.float32(32768)


def looped(music: Stereo, needed: int) -> Loop:
    """Music for `needed` samples: as it is if it is long enough, else with the best seam."""
    total = len(music)
    if total >= needed:
        return Loop(music, 0, total, 0, 1.0)
    seam = min(round(_SEAM * RATE), total // 4)
    back, end = _best_seam(music, seam)
    return Loop(music, back, end, seam, _alike(music, back, end, seam))


def _best_seam(music: Stereo, seam: int) -> tuple[int, int]:
    """Two moments (samples) with as similar a sequel as there is, the later one near the end."""
    hops = len(music) // _HOP
    reach = round(min(_SEARCH, _SHARE * len(music) / RATE) * RATE / _HOP)
    alike = min(round(_ALIKE * RATE / _HOP), reach // 2)
    least = -(-seam // _HOP) + 2
    heads = _features(music[: (reach + alike) * _HOP + _WINDOW])
    start = max(0, hops - reach - alike)
    tails = _features(music[start * _HOP :])
    likeness = heads @ tails.T
    # Along diagonals both moments move on together: sums of `alike` steps by cumulated sums.
    summed = np.zeros((len(heads) + 1, len(tails) + 1), np.float32)
    for row in range(len(heads)):
        summed[row + 1, 1:] = summed[row, :-1] + likeness[row]
    score = summed[alike:, alike:] - summed[:-alike, :-alike]
    head_level, tail_level = _levels(music, 0, len(heads)), _levels(music, start, len(tails))
    step = np.abs(
        _smoothed(head_level, alike)[: len(score), None]
        - _smoothed(tail_level, alike)[None, : score.shape[1]]
    )
    score = score - _STEP_PRICE * alike * np.maximum(0, step - _STEP)
    late = hops - max(alike, least) - start
    score = score[:reach, : max(1, late)]
    apart = start + np.arange(score.shape[1])[None, :] - np.arange(score.shape[0])[:, None]
    score = np.where(apart >= max(_LONG * hops, least), score, -np.inf)
    row, column = divmod(int(score.argmax()), score.shape[1])
    back, end = row * _HOP, (start + column) * _HOP
    return back, end + _fine(music, back, end, seam)


def _features(music: Stereo) -> Sound:
    """What is heard in each hop, as a unit vector: the spectrum, and where it has just risen."""
    mono = music.astype(np.float32).mean(axis=1)
    count = max(1, (len(mono) - _WINDOW) // _HOP + 1)
    view = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP][:count]
    power = np.abs(np.fft.rfft(view * np.hanning(_WINDOW).astype(np.float32), axis=1)) ** 2
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    edges = np.searchsorted(hertz, np.geomspace(60, 8000, _BANDS + 1))
    edges = np.maximum.accumulate(np.maximum(edges, np.arange(_BANDS + 1) + 1))
    level = np.log(np.add.reduceat(power, edges[:-1], axis=1) + 1e3)
    rise = np.maximum(0, np.diff(level, axis=0, prepend=level[:1]))
    both = np.hstack([level - level.mean(axis=0), 2 * (rise - rise.mean(axis=0))])
    unit: Sound = (both / (np.linalg.norm(both, axis=1, keepdims=True) + 1e-9)).astype(np.float32)
    return unit


def _levels(music: Stereo, start: int, count: int) -> Sound:
    """The power of each of `count` hops from hop `start` on."""
    sound = music[start * _HOP :][: count * _HOP].astype(np.float32) / 32768
    power: Sound = (sound[: len(sound) // _HOP * _HOP] ** 2).reshape(-1, _HOP * 2).mean(axis=1)
    return np.pad(power, (0, max(0, count - len(power))), mode="edge")


def _smoothed(power: Sound, width: int) -> Sound:
    """Decibels of the mean power of the `width` hops from each one on."""
    total = np.concatenate(([0.0], np.cumsum(power, dtype=np.float64)))
    mean = (total[width:] - total[:-width]) / width
    return (10 * np.log10(mean + 1e-9)).astype(np.float32)


def _fine(music: Stereo, back: int, end: int, seam: int) -> int:
    """Samples to move `end` by, so that the waveforms at the seam add up."""
    low = max(0, end - _FINE)
    high = min(len(music), end + seam + _FINE)
    head = music[back : back + seam].astype(np.float32).mean(axis=1)
    tail = music[low:high].astype(np.float32).mean(axis=1)
    size = len(head) + len(tail)
    spectrum = np.fft.rfft(tail, size) * np.conj(np.fft.rfft(head, size))
    lags = np.fft.irfft(spectrum, size)[: len(tail) - len(head) + 1]
    return low + int(lags.argmax()) - end


def _alike(music: Stereo, back: int, end: int, seam: int) -> float:
    head = music[back : back + seam].astype(np.float32).ravel()
    tail = music[end : end + seam].astype(np.float32).ravel()
    size = float(np.linalg.norm(head) * np.linalg.norm(tail))
    return float(head @ tail) / size if size else 0.0
