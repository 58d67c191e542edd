"""The tempo at which a reading takes as long as it may."""

from typing import Final, NamedTuple

from igny8_media.narration.layout import Block
from igny8_media.narration.narrate import TEMPOS, lay_out, seconds
from igny8_media.narration.reading import Reading
from igny8_media.storage.cache import FolderCache

_STEP: Final = 0.02


class Fit(NamedTuple):
    """A reading laid out `tempo` times as fast as it was spoken, and whether it `fits` so.

    One that fits at no tempo is left at its own.
    """

    blocks: list[Block]
    tempo: float
    fits: bool

    @property
    def seconds(self) -> float:
        return seconds(self.blocks)

    @property
    def change(self) -> str:
        """How the tempo was moved: "4% faster"."""
        return f"{abs(self.tempo - 1):.0%} {'slower' if self.tempo < 1 else 'faster'}"


def fit_tempo(
    reading: Reading, takes: FolderCache, bounds: tuple[float, float], *, usual: float = 1.0
) -> Fit:
    """The reading at the tempo nearest to the voice's own at which its length is in `bounds`.

    Tempo moves in steps, so that an edit that changes the length a little leaves it where it was,
    and with it every section that was not edited. `usual` is one to keep if it fits. Bounds are
    seconds.
    """
    low, high = bounds
    if usual != 1.0 and low <= seconds(blocks := lay_out(reading, takes, usual)) <= high:
        return Fit(blocks, usual, fits=True)
    own = lay_out(reading, takes, 1.0)
    natural = seconds(own)
    if low <= natural <= high:
        return Fit(own, 1.0, fits=True)
    slow = natural < low
    edge = TEMPOS[0] if slow else TEMPOS[1]
    for step in range(1, round(abs(edge - 1) / _STEP) + 1):
        tempo = round(1 - step * _STEP if slow else 1 + step * _STEP, 2)
        # Pauses keep their length, so the whole changes by less than the tempo does.
        most = natural / tempo
        if most < low if slow else most > high:
            continue
        blocks = lay_out(reading, takes, tempo)
        if low <= seconds(blocks) <= high:
            return Fit(blocks, tempo, fits=True)
    return Fit(own, 1.0, fits=False)
