"""Models that are no models: one that does what the article says, one that says what we tell it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.text import Answer, Completion, TextRequest, Usage
from igny8_media.ai.text_router import TextRouter
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
    router = TextRouter([model], Breaker(folder / "health"), Models(()), wait=lambda _: None)
    return GeneratedWriter(router, brand or Brand())


def shown_article(request: TextRequest[Any]) -> dict[str, Any]:
    found = re.search(r"ARTICLE BEGINS\n(.*)\nARTICLE ENDS", request.prompt)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def sentences(request: TextRequest[Any]) -> list[str]:
    texts = [t for t in shown_article(request)["text"] if not t.startswith(("#", "- "))]
    split = [s for t in texts if " | " not in t for s in re.findall(r"[^!?\n]+?[.!?](?=\s|$)", t)]
    return [s.strip() for s in split if 20 < len(s) < 160]


def faithful(request: TextRequest[Any]) -> dict[str, Any]:
    """Writes with sentences of the article, in its own arrangement."""
    said = sentences(request) or [shown_article(request)["title"]]
    return answer_with(request, said)


def answer_with(request: TextRequest[Any], said: list[str]) -> dict[str, Any]:
    padded = (said * 8)[:8]
    return {
        "adapt_content_for_social": {"text": padded[0], "call_to_action": ""},
        "generate_headline": {"headline": "Neun Zeilen"},
        "generate_hashtags": {"hashtags": shown_article(request)["keywords"] or ["none"]},
        "generate_twitter_thread": {"parts": padded[:5]},
        "generate_carousel_slides": {
            "slides": [{"heading": s[:60].rsplit(" ", 1)[0], "body": s} for s in padded[:5]]
        },
    }[request.task]
