"""Prompts: each a file of its own, with a version."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from string import Template
from typing import Final

POST_PROMPTS: Final = (
    "adapt_content_for_social",
    "generate_hashtags",
    "generate_twitter_thread",
    "generate_carousel_slides",
)
HEADLINE_PROMPT: Final = "generate_headline"
SCRIPT_PROMPT: Final = "generate_video_script"
SEO_PROMPT: Final = "generate_video_seo"
THUMBNAIL_PROMPT: Final = "generate_video_thumbnail_prompt"
PROMPTS: Final = (*POST_PROMPTS, HEADLINE_PROMPT, SCRIPT_PROMPT, SEO_PROMPT, THUMBNAIL_PROMPT)


@dataclass(frozen=True)
class Prompt:
    """`system` is the same for every article: nothing of an article is ever put into it."""

    name: str
    version: int
    system: str
    prompt: Template
    digest: str

    @property
    def mark(self) -> str:
        """What is part of a post's fingerprint: its wording decides, even under an old version."""
        return f"{self.name} {self.version} {self.digest}"


@lru_cache(maxsize=16)
def load_prompt(name: str) -> Prompt:
    raw = (resources.files("igny8_media.generation") / "prompts" / f"{name}.toml").read_bytes()
    data = tomllib.loads(raw.decode())
    return Prompt(
        name=name,
        version=data["version"],
        system=data["system"].strip(),
        prompt=Template(data["prompt"].strip()),
        digest=sha256(raw).hexdigest()[:12],
    )
