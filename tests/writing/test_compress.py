"""What may be cut from a sentence, and what may not."""

import pytest

from igny8_media.writing.compress import compress
from igny8_media.writing.facts import figures
from igny8_media.writing.lexicon import lexicon

CUT = [
    ("en", "However, the cache is not shared.", "The cache is not shared."),
    ("en", "But the cache is not shared.", "The cache is not shared."),
    ("en", "Note that the old disk fails first.", "The old disk fails first."),
    ("en", "The cache (a small one) is not shared.", "The cache is not shared."),
    ("es", "Sin embargo, la caché no se comparte.", "La caché no se comparte."),
    ("fr", "Cependant, le cache n'est pas partagé.", "Le cache n'est pas partagé."),
    ("de", "Aber der Speicher ist nicht geteilt.", "Der Speicher ist nicht geteilt."),
]
KEPT = [
    # A name that starts small must not get a capital.
    ("en", "However, npm is slow here."),
    ("en", "So far the old disks hold."),
    # A parenthesis with a figure is a fact.
    ("en", "The cache (about 40 MB) is not shared."),
    ("en", "The item(s) were lost in the post."),
    ("en", "Still waters run deep in the fen."),
]


@pytest.mark.parametrize(("language", "before", "after"), CUT)
def test_openings_and_asides_go(language: str, before: str, after: str) -> None:
    assert compress(before, lexicon(language)) == after


@pytest.mark.parametrize(("language", "sentence"), KEPT)
def test_names_figures_and_lookalikes_stay(language: str, sentence: str) -> None:
    assert compress(sentence, lexicon(language)) == sentence


def test_a_trailing_clause_goes_only_from_a_long_sentence_that_stands_without_it() -> None:
    long = (
        "The team moved every photograph of the recipe pages to a content delivery network in "
        "the second week of the project, which nobody outside the team ever noticed."
    )
    assert compress(long, lexicon("en")).endswith("in the second week of the project.")
    listed = long.replace("The team moved", "The servers, the disks and the team moved")
    assert compress(listed, lexicon("en")) == listed
    assert figures(compress(long, lexicon("en"))) <= figures(long)
