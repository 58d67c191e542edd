"""`igny8-media credits`, as a person types it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from igny8_media.settings import load_settings
from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.catalog import SOCIAL
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop
from tests.command.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


def _json(run: Run, *arguments: str | Path) -> dict[str, Any]:
    answer = run("credits", *arguments, "--json")
    assert answer.status == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_what_is_granted_is_there_and_in_the_ledger(run: Run) -> None:
    assert "Nothing was granted yet" in run("credits", "ledger").out
    assert "100.5  available" in run("credits", "grant", "100.5", "--note", "a start").out
    assert _json(run, "balance")["available"] == "100.5"
    (entry,) = _json(run, "ledger")["entries"]
    assert (entry["kind"], entry["amount"], entry["note"]) == ("grant", "100.5", "a start")
    assert "a start" in run("credits", "ledger").out


@pytest.mark.parametrize("amount", ["0", "1e99", "some", "0.00001"])
def test_what_cannot_be_granted_is_a_sentence(run: Run, amount: str) -> None:
    answer = run("credits", "grant", amount)
    assert answer.status == 2
    assert "cannot be granted" in answer.err or "not a number" in answer.err
    assert _json(run, "balance")["available"] == "0"


def test_the_default_prices_of_a_whole_article(run: Run) -> None:
    found = _json(run, "estimate", EXAMPLES / "compost-en-casa.md", "--videos", "short")
    (content,) = found["contents"]
    costs = {asset["asset"]: asset for asset in content["assets"]}
    assert costs["social/facebook/post"]["for"] == {"adapt": "1", "hashtags": "0.5"}
    assert costs["social/twitter/post"]["credits"] == "3.5"
    assert costs["video/short/script"]["credits"] == "5"
    assert costs["video/short/scenes"]["credits"] == "15"
    assert costs["video/short/render"]["credits"] == "5"
    assert costs["video/short/seo"]["credits"] == "3"
    assert 0 < Decimal(costs["video/short/voiceover"]["credits"]) <= 2
    total = sum(Decimal(asset["credits"]) for asset in content["assets"])
    assert Decimal(found["credits"]) == Decimal(content["credits"]) == total
    assert found["asked_for"] is False


def test_a_video_that_an_article_is_too_thin_for_asks_for_nothing(run: Run, article: Path) -> None:
    found = _json(run, "estimate", article, "--platforms", "facebook")
    costs = {asset["asset"]: asset["credits"] for asset in found["contents"][0]["assets"]}
    films = ("voiceover", "scenes", "render", "seo", "thumbnail")
    assert {costs[f"video/long/{name}"] for name in films} == {"0"}
    assert costs["social/facebook/post"] == "1.5"


def test_an_estimate_says_so_when_nobody_asks_for_credits(run: Run, article: Path) -> None:
    assert "IGNY8_CREDITS=true" in run("credits", "estimate", article).out
    assert "IGNY8_CREDITS" not in run("credits", "estimate", article, IGNY8_CREDITS="true").out


def test_an_unusable_article_among_others(run: Run, article: Path) -> None:
    (article.parent / "empty.md").write_text("")
    answer = run("credits", "estimate", article.parent, "--videos", "none", "--json")
    assert answer.status == 1
    found = json.loads(answer.out)
    assert [len(found["contents"]), len(found["errors"])] == [1, 1]


def test_the_estimate_is_enough_and_what_is_made_costs_nothing_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_CREDITS", "true")
    source = EXAMPLES / "compost-en-casa.md"
    options = ("estimate", source, "--platforms", "linkedin,twitter", "--videos", "none")
    needed = _json(run, *options)
    (content,) = needed["contents"]
    run("credits", "grant", needed["credits"])
    shop = Workshop(load_settings())
    run_stage(shop, ARTICLE, content["content_id"])
    for platform in (Platform.LINKEDIN, Platform.TWITTER):
        for stage in SOCIAL[platform]:
            run_stage(shop, stage, content["content_id"])
    balance = _json(run, "balance")
    assert Decimal(balance["available"]) >= 0
    assert Decimal(balance["available"]) + Decimal(balance["spent"]) == Decimal(needed["credits"])
    assert Decimal(balance["spent"]) > 10
    assert _json(run, *options)["credits"] == "0"
    spent = {
        entry["task"] for entry in _json(run, "ledger")["entries"] if entry["kind"] == "settle"
    }
    assert {"adapt", "hashtags", "carousel", "social_image"} <= spent
