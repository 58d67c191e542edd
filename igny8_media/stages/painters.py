"""How each provider of pictures is, and what the pictures of one article cost with it at most."""

from functools import partial
from typing import Final

from igny8_media.ai.checking import Checks, ProviderCheck, checked, not_configured
from igny8_media.ai.models import Models
from igny8_media.settings import Settings
from igny8_media.settings.providers import ImageProviderName
from igny8_media.stages.painting import image_model, image_provider

_REMEDIES: Final = {
    "comfyui": "Set COMFYUI_URL.",
    "runware": "Set IGNY8_RUNWARE_KEY.",
    "bria": "Set IGNY8_BRIA_KEY.",
    "openai": "Set IGNY8_OPENAI_KEY.",
}
_REGISTERED: Final = {"comfyui": "gpu_server"}
_SILENT: Final = ("runware", "bria")
"""Whatever they are asked costs something."""
_PATIENCE: Final = 5.0  # seconds for a question that costs nothing


def checks(settings: Settings, models: Models) -> Checks:
    """How each provider of pictures is, see `ai.checking`."""
    for name in settings.image_providers:
        yield partial(_check, name, settings, models)


def _nothing(_url: str) -> bytes:
    raise AssertionError("who is only asked how it is draws nothing")


def _check(name: ImageProviderName, settings: Settings, models: Models) -> ProviderCheck:
    if name not in settings.image_sources:
        return not_configured("image", name, _REMEDIES[name])
    model, registered = image_model(name, settings, models), _REGISTERED.get(name, name)
    known = models.find("image", registered, model)
    provider = image_provider(name, settings, models, _nothing)
    pictures = settings.pictures_per_video * len(settings.videos)
    cost = known.price * pictures if known and known.price is not None else None
    try:
        return checked(
            "image",
            name,
            models,
            model,
            None if name in _SILENT else lambda: provider.models(_PATIENCE),
            registered_as=registered,
            cost_of_article=cost,
        )
    finally:
        provider.close()
