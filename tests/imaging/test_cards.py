"""Cards: exact sizes, the same for a seed, words inside the margins, colours that read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imaging_samples import LIGHT, THEME, wcag
from PIL import Image

from igny8_media.errors import InputError
from igny8_media.imaging.backdrop import backdrop, grounds
from igny8_media.imaging.cards import (
    code_card,
    list_card,
    quote_card,
    statistic_card,
    title_card,
)
from igny8_media.imaging.colour import readable
from igny8_media.imaging.frame import frame, inks
from igny8_media.imaging.theme import Theme

SIZES = [(1200, 627), (1080, 1080), (1080, 1920), (1920, 1080)]
CODE = "def answer() -> int:\n    return 42  # a comment\n"
_hex = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
_MAKERS = {
    "title": lambda size: title_card(
        size, "How we cut our bill by 43%", THEME, subtitle="A short line.", kicker="Notes", seed=4
    ),
    "statistic": lambda size: statistic_card(size, "43%", "less spent on compute", THEME, seed=4),
    "quote": lambda size: quote_card(size, "Turn it off.", THEME, attribution="M. L.", seed=4),
    "list": lambda size: list_card(size, "What to check", ("One", "Two", "Three"), THEME, seed=4),
    "code": lambda size: code_card(size, CODE, THEME, language="python", seed=4),
}


@pytest.mark.parametrize("kind", list(_MAKERS))
@pytest.mark.parametrize("size", SIZES)
def test_a_card_has_its_size_and_stays_within_its_margins(kind: str, size: tuple[int, int]) -> None:
    card = _MAKERS[kind](size)
    assert card.size == size
    assert card.mode == "RGB"
    ground = np.asarray(backdrop(size, THEME, 4)).astype(int)
    changed = np.abs(np.asarray(card).astype(int) - ground).max(axis=2) > 90
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    box = frame(size)
    assert columns[0] >= box.left - 3
    assert columns[-1] <= box.right + 3
    assert rows[0] >= box.top - 3
    assert rows[-1] <= box.bottom + 3
    assert changed.mean() > 0.004, "something was drawn"


def test_the_same_seed_is_the_same_card_and_another_is_not() -> None:
    cards = [np.asarray(title_card((600, 315), "A title", THEME, seed=s)) for s in (1, 1, 2)]
    assert (cards[0] == cards[1]).all()
    assert (cards[0] != cards[2]).any()


def test_a_backdrop_is_no_grey_box() -> None:
    for seed in range(6):
        pixels = np.asarray(backdrop((600, 600), THEME, seed)).astype(int)
        assert np.ptp(pixels.reshape(-1, 3), axis=0).max() > 25
        assert (pixels.max(axis=2) - pixels.min(axis=2)).mean() > 10, "it has colour"


@settings(max_examples=40, deadline=None)
@given(_hex, _hex, _hex, _hex, _hex, _hex)
def test_text_reads_on_every_ground_of_any_theme(
    background: str, surface: str, text: str, muted: str, accent: str, accent_2: str
) -> None:
    theme = Theme(
        background=background,
        surface=surface,
        text=text,
        muted=muted,
        accent=accent,
        accent_2=accent_2,
    )
    assert min(wcag(inks(theme).text, ground) for ground in grounds(theme)) >= 4.5
    for ink in (inks(theme).muted, inks(theme).accent):
        assert min(wcag(ink, ground) for ground in grounds(theme, motif=False)) >= 4.5


def test_grounds_bound_what_a_backdrop_really_shows() -> None:
    for theme in (THEME, LIGHT):
        text = inks(theme).text
        pixels = np.asarray(backdrop((600, 600), theme, 5).resize((60, 60), Image.Resampling.BOX))
        worst = min(wcag(text, tuple(int(v) for v in p)) for p in pixels.reshape(-1, 3))
        assert worst >= 4.5


def test_right_to_left_cards_are_mirrored() -> None:
    card = title_card((1000, 500), "שלום", Theme(), seed=1)
    ground = np.asarray(backdrop((1000, 500), Theme(), 1)).astype(int)
    changed = np.abs(np.asarray(card).astype(int) - ground).max(axis=2) > 90
    columns = np.flatnonzero(changed.any(axis=0))
    assert columns.min() > 400
    assert columns.max() > 900


def test_a_percentage_is_drawn_to_scale_and_another_figure_is_not() -> None:
    blue = readable(Theme().accent_2, grounds(Theme()), 3.0)

    def bar(number: str) -> int:
        pixels = np.asarray(statistic_card((1000, 1000), number, "share", Theme(), seed=2))
        return int((np.abs(pixels.astype(int) - blue).max(axis=2) < 6).any(axis=0).sum())

    assert bar("80%") == pytest.approx(2 * bar("40%"), rel=0.05)
    assert bar("$40") < 0.2 * bar("40%")


def test_long_code_is_wrapped_and_cut_with_a_count() -> None:
    long = "\n".join(f"line_{n} = compute(value={n}, other={'x' * 120!r})" for n in range(80))
    card = code_card((1080, 1080), long, THEME, language="python")
    assert card.size == (1080, 1080)
    plain = code_card((1080, 1080), "one\ntwo", THEME, language="no such language")
    assert np.asarray(plain).any()
    with pytest.raises(InputError, match="code block is empty"):
        code_card((1080, 1080), " \n\n", THEME)


@pytest.mark.parametrize(
    ("title", "items"),
    [("", ("Only one",)), ("T" * 200, tuple("A long point. " * 12 for _ in range(9)))],
)
def test_lists_of_any_length_fit(title: str, items: tuple[str, ...]) -> None:
    card = list_card((1080, 1080), title, items, THEME, ordered=False, seed=1)
    ground = np.asarray(backdrop((1080, 1080), THEME, 1)).astype(int)
    changed = np.abs(np.asarray(card).astype(int) - ground).max(axis=2) > 90
    assert np.flatnonzero(changed.any(axis=1))[-1] <= frame((1080, 1080)).bottom + 3


def test_a_logo_that_is_no_picture_is_a_clear_error(tmp_path) -> None:  # type: ignore[no-untyped-def]
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg/>")
    with pytest.raises(InputError, match=r"logo\.svg cannot be read"):
        title_card((600, 315), "Title", Theme(logo=logo))
    real = tmp_path / "logo.png"
    Image.new("RGBA", (40, 40), "#00ff00").save(real)
    card = np.asarray(title_card((600, 315), "Title", Theme(logo=real)))
    assert (np.abs(card.astype(int) - (0, 255, 0)).max(axis=2) < 3).any()
