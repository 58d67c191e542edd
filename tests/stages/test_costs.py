"""What is set aside is enough for whoever may serve, and the bill says who did."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.ai.text import Usage
from igny8_media.credits.prices import Grade, PriceList, Task, Use, total
from igny8_media.generation.parts import Call
from igny8_media.settings import Settings
from igny8_media.social.model import Platform, SocialPost
from igny8_media.stages.costs import (
    SCENES_COST,
    SCRIPT_COST,
    THUMBNAIL_COST,
    images_cost,
    metadata_cost,
    post_cost,
    voiceover_cost,
)
from igny8_media.stages.serving import post_written, served, written
from igny8_media.video.model import VideoForm

CLOUD = {"openai_key": "sk-1"}
OWN = {"gpu_server_url": "http://127.0.0.1:1"}
ARTICLE = {"article": {"characters": 6000}}


def with_(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def cost_of(uses: tuple[Use, ...], settings: Settings) -> Decimal:
    return total(PriceList(settings.prices).charges(uses))


def most(cost: Any, settings: Settings, facts: Mapping[str, Any] = ARTICLE) -> Decimal:
    return cost_of(cost.most(facts.get, settings), settings)


def call(function: str, provider: str, *, kept: bool = True, tokens: int = 3000) -> Call:
    return Call(
        function=function,
        provider=provider,
        model="m",
        usage=Usage(input_tokens=tokens - 500, output_tokens=500),
        seconds=1,
        kept=kept,
    )


def post(**values: Any) -> SocialPost:
    return SocialPost.model_construct(
        **{"thread": (), "slides": (), "hashtags": ("#a",), "post_text": "a"} | values
    )


def test_without_providers_everything_costs_as_it_did() -> None:
    none = with_()
    assert most(post_cost(Platform.TWITTER), none) == Decimal("3.5")
    assert most(post_cost(Platform.INSTAGRAM), none) == Decimal("6.5")
    assert most(SCRIPT_COST, none) == 5
    assert most(SCENES_COST, none) == 15
    assert most(THUMBNAIL_COST, none) == 1
    facts = {"video/short/script": {"duration_estimate": 24}}
    assert most(voiceover_cost(VideoForm.SHORT), none, facts) == 1


@pytest.mark.parametrize(
    ("values", "half_a_minute"),
    [
        ({"piper_url": "http://127.0.0.1:1"}, 1),
        ({"elevenlabs_key": "k"}, 5),
        ({"elevenlabs_key": "k", "speech_quality": "high"}, 10),
        ({"openai_key": "k", "speech_providers": ("piper",)}, 1),
    ],
)
def test_speech_is_set_aside_for_the_dearest_voice(
    values: dict[str, Any], half_a_minute: int
) -> None:
    facts = {"video/short/script": {"duration_estimate": 24}}
    assert most(voiceover_cost(VideoForm.SHORT), with_(**values), facts) == half_a_minute


def test_pictures_are_set_aside_for_the_dearest_painter() -> None:
    assert most(THUMBNAIL_COST, with_(comfyui_url="http://127.0.0.1:1")) == 1
    assert most(THUMBNAIL_COST, with_(bria_key="k")) == 3
    assert most(THUMBNAIL_COST, with_(bria_key="k", image_quality="high")) == 10
    assert most(SCENES_COST, with_(openai_key="k", image_quality="high")) == 50
    instagram = {"social/instagram/post": {"slides": 5}}
    pictures = images_cost(Platform.INSTAGRAM)
    assert most(pictures, with_(), instagram) == 7
    assert most(pictures, with_(bria_key="k"), instagram) == 3 + 6


def test_a_post_is_charged_to_whoever_wrote_each_part() -> None:
    calls = [
        call("generate_hashtags", "openai"),
        call("adapt_content_for_social", "gpu_server", kept=False),
        call("adapt_content_for_social", "gpu_server"),
        call("generate_carousel_slides", "openai", kept=False),
        call("generate_carousel_slides", "openai", kept=False),
    ]
    uses = post_written(post(slides=(1, 2)), calls)
    told = [(use.task, use.grade, use.provider, use.model, int(use.quantity)) for use in uses]
    assert told == [
        (Task.SELF_HOSTED_TEXT, Grade.SELF_HOSTED, "gpu_server", "m", 6),
        (Task.HASHTAGS, Grade.STANDARD, "openai", "m", 1),
        (Task.CAROUSEL, Grade.SELF_HOSTED, "built-in", "extractive", 1),
    ]


def test_a_thread_of_ones_own_server_is_charged_once() -> None:
    calls = [call("generate_hashtags", "gpu_server"), call("generate_twitter_thread", "gpu_server")]
    uses = post_written(post(thread=("1", "2")), calls)
    assert [(use.task, int(use.quantity)) for use in uses] == [(Task.SELF_HOSTED_TEXT, 3)] * 2
    cloud = [call("generate_hashtags", "openai"), call("generate_twitter_thread", "openai")]
    tasks = [use.task for use in post_written(post(thread=("1", "2")), cloud)]
    assert tasks == [Task.ADAPT, Task.HASHTAGS, Task.THREAD]


def test_what_nobody_was_asked_for_is_the_extractive_writers() -> None:
    (use,) = written(Task.SCRIPT, 1, (), "generate_video_script")
    assert (use.provider, use.model, use.grade) == ("built-in", "extractive", Grade.SELF_HOSTED)
    assert served(Task.VISUALS, 1, "comfyui", high=True).grade is Grade.SELF_HOSTED


PROVIDERS = st.sampled_from(["gpu_server", "openai", "nobody"])


@given(
    answers=st.fixed_dictionaries(
        dict.fromkeys(
            ("adapt_content_for_social", "generate_hashtags", "generate_carousel_slides"),
            st.tuples(PROVIDERS, st.booleans(), st.integers(800, 5500)),
        )
    ),
    high=st.booleans(),
    dear=st.sampled_from(["0", "0.5", "7"]),
)
def test_what_is_set_aside_covers_whoever_writes(
    answers: dict[str, tuple[str, bool, int]], high: bool, dear: str
) -> None:
    settings = with_(
        **CLOUD,
        **OWN,
        prices={"self_hosted_text": {"standard": dear}, "adapt": {"self_hosted": "9"}},
        speech_quality="high" if high else "standard",
    )
    calls = []
    for function, (provider, repaired, tokens) in answers.items():
        if provider != "nobody":
            calls += [call(function, provider, kept=False, tokens=tokens)] * repaired
            calls.append(call(function, provider, tokens=tokens))
    used = post_written(post(slides=(1, 2)), calls)
    aside = most(post_cost(Platform.INSTAGRAM), settings)
    assert cost_of(used, settings) <= aside


def test_long_articles_are_set_aside_for_as_far_as_they_are_shown() -> None:
    settings = with_(**OWN)

    def aside(facts: dict[str, dict[str, Any]]) -> Decimal:
        return SCRIPT_COST.most(facts.get, settings)[0].quantity

    tokens = {n: aside({"article": {"characters": n}}) for n in (60_000, 24_000, 18_000)}
    assert tokens[60_000] == tokens[24_000] > tokens[18_000]
    assert aside({}) == tokens[24_000]
    assert most(metadata_cost(VideoForm.LONG), with_(**CLOUD)) == 1


def test_what_takes_several_answers_is_set_aside_for_all_of_them() -> None:
    own = with_(**OWN)
    (one,) = post_cost(Platform.FACEBOOK).most(ARTICLE.get, own)[:1]
    (three,) = metadata_cost(VideoForm.SHORT).most(ARTICLE.get, own)
    assert three.task is one.task is Task.SELF_HOSTED_TEXT
    assert three.quantity == 3 * one.quantity
    assert SCRIPT_COST.most(ARTICLE.get, own)[0].quantity == 2 * one.quantity
