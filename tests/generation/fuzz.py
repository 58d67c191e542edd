"""A model that writes anything at all, in the shape that was asked for."""

import random
from typing import Any

from igny8_media.ai.text import TextRequest
from igny8_media.articles.model import Article
from tests.generation.models import shown_outline

_JUNK = ["#x", "https://a.io", "😀", "\u200b", "ﷺ", "1/2", "@y", "\n\n", "漢字", "<i>", "\x07", "<"]
_CUES = ("animated_text", "title_card", "statistic", "quote", "list", "image")


class Anything:
    """Words of an article in any order and number, some of them no words."""

    def __init__(self, article: Article, seed: int) -> None:
        self._chance = random.Random(seed)
        self._words = [w for b in article.blocks for w in getattr(b, "text", "").split()]

    def text(self, most: int) -> str:
        chance = self._chance
        made = chance.choices(self._words, k=chance.randint(0, most))
        made += chance.choices(_JUNK, k=chance.choice((0, 0, 0, 1, 3)))
        chance.shuffle(made)
        return " ".join(made)

    def texts(self, each: int, fewest: int, most: int) -> list[str]:
        return [self.text(each) for _ in range(self._chance.randint(fewest, most))]

    def says(self, request: TextRequest[Any]) -> Any:
        made: dict[str, Any] = {
            "adapt_content_for_social": lambda: {
                "text": self.text(120)[:3999] or "x",
                "call_to_action": self.text(12)[:199],
            },
            "generate_hashtags": lambda: {"hashtags": [t[:40] for t in self.texts(1, 0, 10)]},
            "generate_twitter_thread": lambda: {"parts": [t[:400] for t in self.texts(45, 2, 11)]},
            "generate_carousel_slides": lambda: {
                "slides": [
                    {"heading": self.text(8)[:110] or "x", "body": self.text(30)[:390]}
                    for _ in range(self._chance.randint(1, 10))
                ]
            },
            "generate_video_script": lambda: self._script(request),
            "generate_video_seo": lambda: {
                "title": self.text(14)[:200],
                "description": self.text(300)[:4000] or "x",
                "tags": [t[:80] for t in self.texts(4, 0, 30)],
                "hashtags": [t[:40] for t in self.texts(2, 0, 10)],
            },
        }
        return made[request.task]()

    def _script(self, request: TextRequest[Any]) -> Any:
        """Often about what was asked for, so that some of it is kept, and of any length."""
        chance = self._chance
        sections = []
        for piece in shown_outline(request):
            if chance.random() < 0.1:
                continue
            said = piece["about"] if chance.random() < 0.6 else self.text(piece["most"] + 10)
            if chance.random() < 0.3:
                said = said.split(". ")[0] + "."
            sections.append(
                {
                    "section": piece["section"],
                    "narration": said[:1200] or "x",
                    "visual_cue": chance.choice(_CUES),
                    "text_overlay": " ".join(said.split()[: chance.randint(0, 14)])[:200],
                    "items": [t[:200] for t in self.texts(5, 0, 7)],
                    "chapter": self.text(5)[:120],
                }
            )
        chance.shuffle(sections)
        nothing = [{"section": "?", "narration": "x", "visual_cue": "list"}]
        return {"title": self.text(9)[:200], "sections": sections or nothing}
