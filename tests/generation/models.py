"""Models that are no models: one that does what the article says, one that says what we tell it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.pool import Pool
from igny8_media.ai.text import Answer, Completion, TextRequest, Usage
from igny8_media.ai.text_router import TextRouter
from igny8_media.ai.voices import words_per_minute
from igny8_media.generation.script import ScriptWriter
from igny8_media.generation.writer import GeneratedWriter
from igny8_media.social.brand import Brand

Says = Callable[[TextRequest[Any]], Any]


class Model:
    """Answers with what `says` returns, as JSON; keeps what it was asked."""

    name = "stand-in"
    model = "m-1"

    def __init__(self, says: Says) -> None:
        self.says = says
        self.asked: list[TextRequest[Any]] = []

    def complete(self, request: TextRequest[Answer], timeout: float) -> Completion:
        self.asked.append(request)
        text = json.dumps(self.says(request), ensure_ascii=False)
        return Completion(text=text, model="m-1", usage=Usage(input_tokens=100, output_tokens=10))

    def models(self, timeout: float) -> tuple[str, ...]:
        return ("m-1",)


def writer_with(model: Model, folder: Path, brand: Brand | None = None) -> GeneratedWriter:
    return GeneratedWriter(router_with(model, folder), brand or Brand())


def script_writer_with(model: Model, folder: Path, brand: Brand | None = None) -> ScriptWriter:
    return ScriptWriter(router_with(model, folder), brand or Brand(), words_per_minute)


def router_with(model: Model, folder: Path) -> TextRouter:
    breaker, pool = Breaker(folder / "health"), Pool(folder / "pool")
    return TextRouter([model], breaker, Models(()), pool, wait=lambda _: None)


def shown_article(request: TextRequest[Any]) -> dict[str, Any]:
    found = re.search(r"ARTICLE BEGINS\n(.*)\nARTICLE ENDS", request.prompt)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def shown_outline(request: TextRequest[Any]) -> list[dict[str, Any]]:
    found = re.search(r"OUTLINE BEGINS\n(.*)\nOUTLINE ENDS", request.prompt)
    assert found
    pieces: list[dict[str, Any]] = json.loads(found[1])
    return pieces


def told(piece: dict[str, Any], narration: str) -> dict[str, Any]:
    """A section of a script that shows the first words it says."""
    words = narration.split()[:4]
    return {
        "section": piece["section"],
        "narration": narration,
        "visual_cue": "image" if piece.get("picture") else "animated_text",
        "text_overlay": " ".join(words),
        "items": [],
        "chapter": piece.get("chapter", ""),
    }


def sentences(request: TextRequest[Any]) -> list[str]:
    texts = [t for t in shown_article(request)["text"] if not t.startswith(("#", "- "))]
    split = [s for t in texts if " | " not in t for s in re.findall(r"[^!?\n]+?[.!?](?=\s|$)", t)]
    return [s.strip() for s in split if 20 < len(s) < 160]


def faithful(request: TextRequest[Any]) -> dict[str, Any]:
    """Writes with sentences of the article, in its own arrangement."""
    if request.task == "generate_video_script":
        title = shown_article(request)["title"]
        return {"title": title, "sections": [told(p, p["about"]) for p in shown_outline(request)]}
    said = sentences(request) or [shown_article(request)["title"]]
    return answer_with(request, said)


def answer_with(request: TextRequest[Any], said: list[str]) -> dict[str, Any]:
    padded = (said * 8)[:8]
    if request.task == "generate_video_script":
        pieces = shown_outline(request)
        return {"title": padded[0][:190], "sections": [told(p, padded[0]) for p in pieces]}
    answers: dict[str, dict[str, Any]] = {
        "generate_video_seo": {
            "title": padded[0][:90],
            "description": padded[0],
            "tags": [s[:70] for s in padded],
            "hashtags": [s[:30].strip() for s in padded],
        },
        "adapt_content_for_social": {"text": padded[0], "call_to_action": ""},
        "generate_headline": {"headline": "Neun Zeilen"},
        "generate_hashtags": {"hashtags": shown_article(request)["keywords"] or ["none"]},
        "generate_twitter_thread": {"parts": padded[:5]},
        "generate_carousel_slides": {
            "slides": [{"heading": s[:60].rsplit(" ", 1)[0], "body": s} for s in padded[:5]]
        },
    }
    return answers[request.task]
