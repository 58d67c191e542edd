"""`igny8-media ai check`: each provider of words, voices, pictures and transcripts as it is now."""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from igny8_media.ai.checking import Checks, ProviderCheck
from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.credits.prices import PriceList, Task, Use, shown, total
from igny8_media.generation import checking as words
from igny8_media.narration import checking as voices
from igny8_media.narration import hearing
from igny8_media.settings import Settings, load_settings
from igny8_media.settings.registry import models_of
from igny8_media.stages import painters
from igny8_media.stages.serving import CLOUD, OWN_TEXT, served

_OF: Final[Sequence[Callable[[Settings, Models], Checks]]] = (
    words.checks,
    voices.checks,
    painters.checks,
    hearing.checks,
)
_SHOWN: Final = 4
NAMES: Final = {
    "text": "Words",
    "speech": "Voices",
    "image": "Pictures",
    "transcription": "Transcripts",
}


def ai_check(*, as_json: bool) -> int:
    """Ask every provider that is set up; 1 if one of them is not well."""
    settings = load_settings()
    found = look(settings)
    if as_json:
        document = [
            check.model_dump(mode="json") | {"credits_of_article": _credits(check, settings)}
            for check in found
        ]
        print(json.dumps({"providers": document}, ensure_ascii=False, indent=1))
    else:
        _print(found, settings)
    return 1 if any(check.healthy is False for check in found) else 0


def look(settings: Settings, *, configured: bool = False) -> list[ProviderCheck]:
    """All providers, or only those that are set up; asked beside each other, at no cost."""
    models, breaker = models_of(settings), Breaker(settings.cache_dir / "health")
    calls = [call for of in _OF for call in of(settings, models)]
    with ThreadPoolExecutor(max_workers=max(1, len(calls))) as pool:
        found = pool.map(partial(_one, breaker), calls)
        return [check for check in found if check.configured or not configured]


def _one(breaker: Breaker, call: Callable[[], ProviderCheck]) -> ProviderCheck:
    check = call()
    # It may answer, and be left alone all the same, for having no credit or no time.
    resting = breaker.resting(check.provider) if check.healthy else None
    return check.model_copy(update={"warnings": (*check.warnings, resting)}) if resting else check


def _print(found: Iterable[ProviderCheck], settings: Settings) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for kind, checks in groupby(found, key=lambda check: check.kind):
        table.add_row("", Text(NAMES[kind], "bold"))
        for check in checks:
            table.add_row(_mark(check), check.provider, _told(check, settings))
    Console(highlight=False).print(table)


def _mark(check: ProviderCheck) -> Text:
    if check.healthy is None:
        return Text("?" if check.configured else "–", "yellow")
    if not check.healthy:
        return Text("✗", "red")
    return Text("!", "yellow") if check.warnings else Text("✓", "green")


def _told(check: ProviderCheck, settings: Settings) -> Text:
    if not check.configured:
        return Text(f"not set up. {check.problem}", "dim")
    if check.healthy is None:
        told = Text("set up, and not asked: whatever it is asked costs something")
    elif check.healthy:
        told = Text(f"answers in {check.latency_ms} ms")
    else:
        told = Text(check.problem, "red")
    if check.model:
        told.append(f"\nasked for {check.model}")
    if check.models:
        more = len(check.models) - _SHOWN
        told.append(f"\noffers {', '.join(check.models[:_SHOWN])}")
        told.append(f" and {more} more" if more > 0 else "")
    if cost := _cost(check, settings):
        told.append(f"\none article: {cost}")
    for warning in check.warnings:
        told.append(f"\n{warning}", "yellow")
    return told


def _cost(check: ProviderCheck, settings: Settings) -> str:
    parts = []
    if check.cost_of_article == 0:
        parts.append("no dollars")
    elif check.cost_of_article is not None:
        parts.append(f"about ${check.cost_of_article.quantize(Decimal('0.0001')).normalize():f}")
    elif check.model:
        parts.append("dollars not known")
    if credits := _credits(check, settings):
        parts.append(f"{credits} credits")
    return ", ".join(parts)


def _credits(check: ProviderCheck, settings: Settings) -> str | None:
    """Of the posts of one article; the other kinds' are by the minute and the picture."""
    if check.kind != "text" or not check.configured:
        return None
    return shown(total(PriceList(settings.prices).charges(asked_uses(check.provider, settings))))


def asked_uses(provider: str, settings: Settings) -> list[Use]:
    """What the posts of one article are charged as when `provider` writes them."""
    if provider not in CLOUD:
        usage = words.usage_of_article(settings)
        tokens = Decimal(usage.input_tokens + usage.output_tokens) / 1000
        return [served(OWN_TEXT, tokens, provider)]
    tasks = {
        "generate_hashtags": (Task.HASHTAGS,),
        "adapt_content_for_social": (Task.ADAPT,),
        "generate_twitter_thread": (Task.ADAPT, Task.THREAD),
        "generate_carousel_slides": (Task.CAROUSEL,),
    }
    return [
        served(task, 1, provider)
        for platform in settings.platforms
        for function in words.functions_of(platform)
        for task in tasks[function]
    ]
