"""How a function is asked: its prompt, the article as data, and what is to be put right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from igny8_media.ai.text import Answer, TextRequest
from igny8_media.ai.text_router import Answered, TextRouter
from igny8_media.articles.model import Article
from igny8_media.frozen import Frozen
from igny8_media.generation.prompt import load_prompt
from igny8_media.generation.untrusted import as_data, data_json
from igny8_media.social.brand import Brand

MOST_TOKENS: Final = 4000


@dataclass(frozen=True)
class Revision:
    """What stands already, and how its publisher wants it changed."""

    before: Any
    instruction: str


@dataclass(frozen=True)
class Assignment:
    """An article, made safe already (see `untrusted.defused`), to be written about for a brand in
    a language (ISO 639-1). `earlier` is what its readers have seen about it, the newest first."""

    article: Article
    brand: Brand
    language: str
    revision: Revision | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repair:
    """What was answered before, and what is wrong with it, in sentences."""

    before: Frozen
    wrong: Sequence[str]


def ask(
    router: TextRouter,
    task: Assignment,
    name: str,
    schema: type[Answer],
    repair: Repair | None,
    *,
    max_tokens: int = MOST_TOKENS,
    **values: object,
) -> Answered[Answer]:
    """`max_tokens` is what the answer may have at most. Raises NobodyAnsweredError."""
    prompt = load_prompt(name)
    asked = prompt.prompt.substitute(
        values, language=task.language, voice=_voice(task.brand), article=as_data(task.article)
    )
    if task.revision:
        asked += (
            f"\n\nThis is what stands now: {data_json(task.revision.before)}\n"
            f"Its publisher wants it changed: {data_json(task.revision.instruction)}\n"
            "Write it anew with that change, as far as the rules above allow."
        )
    if task.earlier:
        asked += (
            f"\n\nThese were posted about the article before: {data_json(list(task.earlier))}\n"
            "The same readers have seen them: open in another way, make another point of the "
            "article, and repeat no sentence of theirs."
        )
    if repair:
        asked += (
            f"\n\nYour last answer was {data_json(repair.before.model_dump(mode='json'))}\n"
            f"It cannot be used as it is: {data_json(list(repair.wrong))}\n"
            "Write it again with this put right, and nothing else changed."
        )
    return router.ask(TextRequest(name, prompt.system, asked, schema, max_tokens))


def _voice(brand: Brand) -> str:
    lines = [
        f"Tone: {brand.tone}" if brand.tone else "",
        f"Readers: {brand.audience}" if brand.audience else "",
        f"Words never to use: {', '.join(brand.banned_words)}" if brand.banned_words else "",
    ]
    lines += [
        f"A post of this brand, for its tone alone: {json.dumps(sample, ensure_ascii=False)}"
        for sample in brand.sample_posts
    ]
    return "\n".join(filter(None, lines))
