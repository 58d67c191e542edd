"""What making everything of an article would cost, before anything is made.

The built-in writers are asked how long a video and how many slides the article carries: they cost
nothing, and others write to the same limits.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from igny8_media.credits.prices import Charge, PriceList, total
from igny8_media.frozen import Frozen
from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE, characters
from igny8_media.stages.catalog import SOCIAL, VIDEO, wanted_stages
from igny8_media.stages.stage import Stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm

if TYPE_CHECKING:
    from igny8_media.articles.model import Article
    from igny8_media.stages.costs import Cost


class AssetEstimate(Frozen):
    """The most that one asset costs; nothing where it is `unchanged`."""

    asset: str
    charges: tuple[Charge, ...]
    unchanged: bool

    @property
    def credits(self) -> Decimal:
        return total(self.charges)


def estimate(
    shop: Workshop, content_id: str, platforms: Sequence[Platform], forms: Sequence[VideoForm]
) -> tuple[AssetEstimate, ...]:
    """Everything that costs credits, in the order in which it would be made.

    Raises InputError or OutsideError where the article cannot be had.
    """
    return _Estimate(shop, content_id).of(wanted_stages(platforms, forms))


class _Estimate:
    def __init__(self, shop: Workshop, content_id: str) -> None:
        self._shop, self._content_id = shop, content_id
        self._prices = PriceList(shop.settings.prices)
        self._facts: dict[str, Mapping[str, Any]] = {}
        self._unchanged: set[str] = set()

    def of(self, stages: Sequence[Stage]) -> tuple[AssetEstimate, ...]:
        return tuple(found for stage in stages if (found := self._one(stage)) is not None)

    def _one(self, stage: Stage) -> AssetEstimate | None:
        record = None
        # What stands on something that will be made anew may have to be made anew as well.
        if self._unchanged.issuperset(stage.needs):
            record = up_to_date(self._shop, stage, self._content_id)
        if record is not None:
            self._unchanged.add(stage.asset)
            self._facts[stage.asset] = {"skipped": True} if record.skipped else record.facts
        else:
            self._foresee(stage)
        if stage.cost is None:
            return None
        empty = any(self._facts.get(need, {}).get("skipped") for need in stage.needs)
        if empty:
            self._facts[stage.asset] = {"skipped": True}
        free = empty or record is not None
        return AssetEstimate(
            asset=stage.asset,
            charges=() if free else self._most(stage.cost),
            unchanged=record is not None,
        )

    def _most(self, cost: "Cost") -> tuple[Charge, ...]:
        return self._prices.charges(cost.most(self._facts.get, self._shop.settings))

    def _foresee(self, stage: Stage) -> None:
        if stage is ARTICLE:
            self._facts[stage.asset] = {"characters": characters(self._article)}
        for platform, (post, _) in SOCIAL.items():
            if stage is post:
                self._facts[stage.asset] = _foreseen_post(self._article, platform)
        for form, (script, *_) in VIDEO.items():
            if stage is script:
                self._facts[stage.asset] = _foreseen_script(self._article, form)

    @property
    def _article(self) -> "Article":
        return self._shop.article(self._content_id)


def _foreseen_post(article: "Article", platform: Platform) -> Mapping[str, Any]:
    from igny8_media.social.writer import ExtractiveWriter

    return {"slides": len(ExtractiveWriter().write(article, platform).slides)}


def _foreseen_script(article: "Article", form: VideoForm) -> Mapping[str, Any]:
    from igny8_media.ai.voices import words_per_minute
    from igny8_media.scripts.writer import TooThin, write_script

    script = write_script(article, form, words_per_minute(article.language))
    if isinstance(script, TooThin):
        return {"skipped": True}
    return {"duration_estimate": script.total_duration_estimate}
