"""docs/settings.md and the settings themselves tell the same names."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic_settings import BaseSettings

from igny8_media.accounts.hosts import Hosts
from igny8_media.settings import Settings
from igny8_media.storage.bucket import Bucket

_DOCS = Path(__file__).parents[2] / "docs"
_PAGE = (_DOCS / "settings.md").read_text()
_OURS = re.compile(
    r"(?:IGNY8|AWS|MEDIA|LINKEDIN|TWITTER|META|TIKTOK|GOOGLE|GPU_SERVER|VLLM|COMFYUI|TTS|PIPER|WHISPER)"
    r"_[A-Z0-9_]*[A-Z0-9]"
)


def _names(settings: type[BaseSettings]) -> Iterator[tuple[str, object]]:
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        yield (alias if isinstance(alias, str) else f"{prefix}{name}".upper()), field.annotation


_ALL = dict(pair for one in (Settings, Bucket, Hosts) for pair in _names(one))


def _parts(annotation: object) -> set[str]:
    """The names of a nested setting's fields, to any depth."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return set()
    found = set()
    for name, field in annotation.model_fields.items():
        found |= {name.upper()} | {
            f"{name.upper()}__{deeper}" for deeper in _parts(field.annotation)
        }
    return found


def test_every_setting_has_its_line() -> None:
    told = set(_OURS.findall(_PAGE))
    groups = {name.split("__")[0] for name in told if "__" in name}
    assert sorted(set(_ALL) - told - groups) == []


def test_every_part_of_the_brand_is_named() -> None:
    for group in ("IGNY8_THEME", "IGNY8_BRAND"):
        (line,) = (line for line in _PAGE.splitlines() if f"`{group}__" in line)
        assert sorted(p for p in _parts(_ALL[group]) if f"`{p}`" not in line) == []


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    wrong = []
    for page in (*_DOCS.rglob("*.md"), *_DOCS.parent.glob("*.md")):
        for name in set(re.findall(r"\bIGNY8_[A-Z0-9_]*[A-Z0-9]", page.read_text())):
            group, _, part = name.partition("__")
            known = group in _ALL and (not part or part in _parts(_ALL[group]))
            if not known:
                wrong.append(f"{page.name}: {name}")
    wrong += [
        f"settings.md: {n}" for n in set(_OURS.findall(_PAGE)) if n.split("__")[0] not in _ALL
    ]
    assert sorted(wrong) == []
