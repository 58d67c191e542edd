"""Figures at one age, out of readings as platforms give them: late, missing, falling, odd."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from igny8_media.analytics.columns import COUNTS, ENGAGEMENTS, MEASURES
from igny8_media.analytics.growth import Numbers, at_age, engagement, latest, ordered

_OUT = datetime(2026, 10, 1, 9, tzinfo=UTC)


def _readings(*told: tuple[int, float, dict[str, Any]]) -> pd.DataFrame:
    """Publication, age in hours, figures."""
    frame = pd.DataFrame(
        [
            {"publication_id": one, "taken_at": _OUT + timedelta(hours=age), "series": "1"}
            | figures
            for one, age, figures in told
        ]
    )
    for name in COUNTS:
        column = frame[name] if name in frame else pd.Series(pd.NA, index=frame.index)
        frame[name] = column.astype("Int64")
    for name in MEASURES:
        frame[name] = pd.Series(pd.NA, index=frame.index).astype("Float64")
    return frame.astype({"series": "category"})


def _posts(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "publication_id": pd.Series(range(1, count + 1), dtype="Int64"),
            "published_at": pd.Series([_OUT] * count),
        }
    )


def _likes(*told: tuple[float, int | None], **series: Any) -> float:
    frame = _readings(*((1, age, {"likes": likes}) for age, likes in told))
    result: Numbers = at_age(ordered(_posts(1), frame), "likes", 1)
    return float(result[0])


def test_a_reading_at_that_age_is_the_figure() -> None:
    assert _likes((24, 10), (72, 30), (200, 50)) == 30


def test_between_two_readings_it_grows_with_the_logarithm_of_the_age() -> None:
    way = (np.log(73) - np.log(25)) / (np.log(121) - np.log(25))
    assert _likes((24, 10), (120, 40)) == pytest.approx(10 + 30 * way)


def test_a_post_begins_with_nothing() -> None:
    assert _likes((120, 40)) == pytest.approx(40 * np.log(73) / np.log(121))


def test_what_was_not_read_so_late_has_no_figure() -> None:
    assert np.isnan(_likes((24, 10), (71, 30)))


def test_nothing_is_guessed_from_one_reading_months_later() -> None:
    assert np.isnan(_likes((2, 1), (2000, 40)))


def test_a_slip_of_the_platform_is_left_out_and_a_fall_is_believed() -> None:
    assert _likes((24, 10), (72, 0), (96, 12)) == pytest.approx(_likes((24, 10), (96, 12)))
    assert _likes((24, 10), (72, 6), (96, 6)) == 6


def test_a_negative_figure_is_none() -> None:
    assert _likes((24, 10), (72, -5), (96, 12)) == pytest.approx(_likes((24, 10), (96, 12)))


def test_a_reading_before_the_publication_counts_as_at_it() -> None:
    assert _likes((-1, 0), (72, 30)) == 30


def test_nothing_is_told_across_a_break_in_the_series() -> None:
    frame = _readings(
        (1, 24, {"likes": 10}), (1, 96, {"likes": 99, "series": "2"}),
        (2, 24, {"likes": 10, "series": "2"}), (2, 96, {"likes": 20, "series": "2"}),
    )  # fmt: skip
    readings = ordered(_posts(2), frame)
    assert np.isnan(at_age(readings, "likes", 2)).tolist() == [True, False]
    assert latest(readings, 2)["breaks"].tolist() == [True, False]


def test_the_latest_figure_stays_when_a_platform_stops_giving_it() -> None:
    frame = _readings((1, 24, {"likes": 10, "clicks": 4}), (1, 800, {"likes": 12}), (3, 5, {}))
    told = latest(ordered(_posts(3), frame), 3)
    assert told["likes"].tolist() == [12, pd.NA, pd.NA]
    assert told["clicks"].tolist() == [4, pd.NA, pd.NA]
    assert told["readings"].tolist() == [2, 0, 1]
    assert told["falls"].tolist() == [False, False, False]
    assert told["read_at"].isna().tolist() == [False, True, False]


def test_a_total_that_falls_for_good_is_marked() -> None:
    frame = _readings(
        (1, 1, {"likes": 10}), (1, 2, {"likes": 8}), (1, 3, {"likes": 8}),
        (2, 1, {"likes": 10}), (2, 2, {"likes": 0}), (2, 3, {"likes": 11}),
    )  # fmt: skip
    assert latest(ordered(_posts(2), frame), 2)["falls"].tolist() == [True, False]


def test_the_order_of_rows_is_of_no_matter() -> None:
    rng = np.random.default_rng(3)
    told = [
        (one, float(age), {"likes": int(rng.integers(100)), "shares": int(rng.integers(9))})
        for one in range(1, 20)
        for age in rng.uniform(0, 300, 8)
    ]
    frame = _readings(*told)
    shuffled = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    one, other = (ordered(_posts(19), each) for each in (frame, shuffled))
    np.testing.assert_array_equal(at_age(one, "likes", 19), at_age(other, "likes", 19))
    pd.testing.assert_frame_equal(latest(one, 19), latest(other, 19))


def _engagement(rows: list[list[float | None]], group: list[int]) -> list[float | None]:
    figures = pd.DataFrame(rows, columns=list(ENGAGEMENTS)).astype("Float64")
    result = engagement(figures, pd.Series(group))
    return [None if np.isnan(value) else float(value) for value in result]


def test_engagement_counts_what_the_group_is_given() -> None:
    # Platform 0 gives no saves; its third post lacks a figure that the others have.
    rows: list[list[float | None]] = [
        [5, 1, 1, None], [7, 0, 2, None], [9, None, 1, None], [None, None, None, None],
        [5, 1, 1, 3], [0, 0, 0, 0],
    ]  # fmt: skip
    assert _engagement(rows, [0, 0, 0, 0, 1, 1]) == [7, 9, None, None, 10, 0]
