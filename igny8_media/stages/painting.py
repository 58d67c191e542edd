"""Who draws pictures, as the settings say: opened for the stages, and what decides the result."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from igny8_media.credits.prices import Task, Use
from igny8_media.stages.serving import CLOUD, served
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.ai.image import Fetch, ImageProvider, Tell
    from igny8_media.ai.models import Models
    from igny8_media.settings import Settings
    from igny8_media.settings.providers import ImageProviderName
    from igny8_media.visuals.painter import Painter
    from igny8_media.visuals.painting import PaintedScene

CACHE: Final = "painted"
_FETCH_SECONDS: Final = 60.0
_REGISTRY: Final = "gpu_server"
"""What the registry of models calls servers of one's own."""


@contextmanager
def open_painter(shop: Workshop, tell: "Tell") -> "Iterator[Painter | None]":
    """Whoever draws, with connections open meanwhile; None where nobody is configured.

    Raises InputError for a registry or a workflow that does not fit.
    """
    settings = shop.settings
    if not settings.image_sources:
        yield None
        return
    from igny8_media.ai.health import Breaker
    from igny8_media.ai.image_router import ImageRouter
    from igny8_media.ai.pool import Pool
    from igny8_media.articles.fetcher import SafeFetcher
    from igny8_media.settings.registry import models_of
    from igny8_media.visuals.painter import Painter

    models = models_of(settings)
    turns = settings.cache_dir / "pools"
    with ExitStack() as stack:
        fetcher = stack.enter_context(
            SafeFetcher(timeout=_FETCH_SECONDS, allow_networks=settings.allow_networks)
        )
        providers = []
        for name in settings.image_sources:
            provider = image_provider(name, settings, models, _fetch(fetcher))
            stack.callback(provider.close)
            providers.append(provider)
        router = ImageRouter(
            providers,
            Breaker(settings.cache_dir / "health"),
            Pool(turns, settings.provider_limits),
            timeout=settings.image_timeout,
            tell=tell,
        )
        cache, better = shop.cache(CACHE), settings.image_quality == "high"
        yield Painter(router, cache, turns, settings.theme, better=better)
        cache.trim()


def image_provider(
    name: "ImageProviderName", settings: "Settings", models: "Models", fetch: "Fetch"
) -> "ImageProvider":
    """A client; only for a provider that is configured, see Settings.image_sources. `fetch` gets
    finished pictures from where the provider says."""
    from igny8_media.ai.bria import Bria
    from igny8_media.ai.comfyui import ComfyUI
    from igny8_media.ai.comfyui_workflow import load_workflow
    from igny8_media.ai.openai_image import OpenAIImage
    from igny8_media.ai.runware import Runware

    model, better = image_model(name, settings, models), settings.image_quality == "high"
    if name == "comfyui":
        token = settings.gpu_server_auth_token
        secret = token.get_secret_value() if token else ""
        workflow = load_workflow(settings.comfyui_workflow, model)
        return ComfyUI(settings.comfyui_url, secret, workflow)
    keys = {
        "runware": settings.runware_key,
        "bria": settings.bria_key,
        "openai": settings.openai_key,
    }
    key = keys[name]
    secret = key.get_secret_value() if key else ""
    if name == "runware":
        return Runware(settings.runware_url, secret, model, fetch)
    if name == "bria":
        return Bria(settings.bria_url, secret, model, fetch, better=better)
    return OpenAIImage(settings.openai_url, secret, model, "high" if better else "medium")


def image_model(name: "ImageProviderName", settings: "Settings", models: "Models") -> str:
    """The model that is asked; empty where a workflow of one's own names it."""
    from igny8_media.ai.comfyui_workflow import SHIPPED

    better = settings.image_quality == "high"
    if name == "comfyui":
        workflow = settings.comfyui_workflow
        wanted = settings.comfyui_model or (workflow if workflow in SHIPPED else "")
        return models.named("image", _REGISTRY, wanted) if wanted else ""
    wanted = {"runware": settings.runware_model, "openai": settings.openai_image_model}.get(
        name, ""
    )
    if wanted:
        return models.named("image", name, wanted)
    return models.default("image", name, better=better)


def painting_mark(settings: "Settings") -> Any:
    """What decides painted pictures, None while nobody draws any, so that what was made without
    stays as it is. Who was well at the time is not part of it, as for text."""
    if not settings.image_sources:
        return None
    from igny8_media.ai.comfyui_workflow import load_workflow
    from igny8_media.settings.registry import models_of
    from igny8_media.visuals.painting import PROMPT_VERSION

    models = models_of(settings)
    drawn = [[name, image_model(name, settings, models)] for name in settings.image_sources]
    workflow = (
        load_workflow(settings.comfyui_workflow, "").mark
        if "comfyui" in settings.image_sources
        else None
    )
    return {
        "models": drawn,
        "workflow": workflow,
        "quality": settings.image_quality,
        "prompt": PROMPT_VERSION,
    }


def painted_uses(
    task: Task, scenes: "Sequence[PaintedScene]", settings: "Settings"
) -> tuple[Use, ...]:
    """The bill for pictures of one video or thumbnail: one piece of work, by the dearest who drew
    any of it now; none where nobody did, or all were kept."""
    drawn = [scene for scene in scenes if scene.fresh]
    if not drawn:
        return ()
    paid = next((scene for scene in drawn if scene.provider in CLOUD), drawn[0])
    high = settings.image_quality == "high"
    return (served(task, 1, paid.provider, paid.model, high=high),)


def _fetch(fetcher: Any) -> "Fetch":
    from igny8_media.ai.image import MOST_BYTES

    return lambda url: bytes(
        fetcher.fetch(url, max_bytes=MOST_BYTES, accept="image/png,image/*;q=0.8").content
    )
