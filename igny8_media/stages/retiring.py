"""Word of models that end, left once for people when something was made with one."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from igny8_media.credits.prices import Task, Use

if TYPE_CHECKING:
    from igny8_media.stages.workshop import Workshop

log = logging.getLogger(__name__)

_KINDS: Final = {
    Task.SPEECH: "speech",
    Task.SOCIAL_IMAGE: "image",
    Task.VISUALS: "image",
    Task.THUMBNAIL: "image",
}


def tell_of_retiring(shop: "Workshop", uses: Iterable[Use]) -> None:
    """Leave a notification for each model among these that ends within sixty days, or has ended."""
    from sqlalchemy.exc import SQLAlchemyError

    from igny8_media.settings.registry import models_of

    models, now = models_of(shop.settings), datetime.now(UTC)
    for use in uses:
        kind = _KINDS.get(use.task, "text")
        model = models.find(kind, use.provider, use.model)
        said = model.warning(now.date()) if model else None
        if model is None or said is None:
            continue
        key = f"model:{kind}:{use.provider}:{model.name}:{model.retires}"[:128]
        try:
            if shop.notices.leave(key, "model_retiring", said, now):
                log.warning("%s", said)
        except SQLAlchemyError as error:  # what was made is there all the same
            log.warning("%s Nobody could be told: %s", said, error)
