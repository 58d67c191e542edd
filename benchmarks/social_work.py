"""All social work for one article to bare Pillow decoding and encoding the same pictures."""

import io
import itertools
import shutil
import tempfile
from pathlib import Path

from measure import cpu, medians, report
from PIL import Image

from igny8_media.articles.parse import parse_file
from igny8_media.database.contents import ContentRef
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.catalog import wanted_stages
from igny8_media.stages.fetching import file_ref, still_there
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop

_ARTICLE = Path(__file__).parents[1] / "examples" / "articles" / "faster-web-page.md"


def _shop(home: str) -> tuple[Workshop, ContentRef]:
    shop = Workshop(Settings(home=Path(home), _env_file=None))  # type: ignore[call-arg]
    article = _another(home)
    ref = file_ref(article.parent, article, parse_file(article).id, "")
    shop.contents.register([ref], still_there)
    return shop, ref


def _made(shop: Workshop, content_id: str) -> None:
    for stage in wanted_stages(tuple(Platform), ()):
        run_stage(shop, stage, content_id)


_round = itertools.count()


def _another(home: str) -> Path:
    """The article with other words in its title and headings, so that no cache knows it."""
    number = next(_round)
    text = _ARTICLE.read_text(encoding="utf-8")
    text = text.replace("\n## ", f"\n## {number}. ").replace("title: ", f"title: {number} ")
    path = Path(home) / _ARTICLE.name
    path.write_text(text, encoding="utf-8")
    shutil.copytree(_ARTICLE.parent / "images", path.parent / "images")
    return path


def _ours() -> float:
    with tempfile.TemporaryDirectory() as home:
        shop, ref = _shop(home)
        run_stage(shop, wanted_stages((), ())[0], ref.content_id)
        return cpu(lambda: _made(shop, ref.content_id))


def _bare(sources: list[bytes], outputs: list[tuple[str, Image.Image]]) -> None:
    """Decode and encode with the settings that our encoder uses, and nothing else."""
    for source in sources:
        Image.open(io.BytesIO(source)).convert("RGB")
    for form, picture in outputs:
        if form == "PDF":
            pages = [p for f, p in outputs if f == "JPEG" and p.size == picture.size]
            picture.save(io.BytesIO(), form, save_all=True, append_images=pages[:8], quality=88)
        elif form == "WEBP":
            picture.save(io.BytesIO(), form, quality=88, method=2)
        else:
            picture.save(io.BytesIO(), form, quality=88)


def _pictures(shop: Workshop, content_id: str) -> tuple[list[bytes], list[tuple[str, Image.Image]]]:
    """What the article brought, and what was made of it."""
    sources, outputs = [], []
    for stage in wanted_stages(tuple(Platform), ()):
        record = shop.records.current(content_id, stage.asset)
        assert record is not None
        for artifact in record.artifacts:
            if artifact.kind == "document":
                first = record.named("slide-01.jpg").key
                page = Image.open(io.BytesIO(shop.store.read_bytes(first))).convert("RGB")
                outputs.append(("PDF", page))
            elif artifact.kind == "image" and stage.asset == "article":
                sources.append(shop.store.read_bytes(artifact.key))
            elif artifact.kind == "image":
                picture = Image.open(io.BytesIO(shop.store.read_bytes(artifact.key)))
                outputs.append((picture.format or "JPEG", picture.convert("RGB")))
    return sources, outputs


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        shop, ref = _shop(home)
        _made(shop, ref.content_id)  # also imports and warms everything once
        sources, outputs = _pictures(shop, ref.content_id)
    found = medians(9, ours=_ours, bare=lambda: cpu(lambda: _bare(sources, outputs)))
    print(f"{len(sources)} source pictures, {len(outputs)} made")
    report("all social work to bare Pillow", found["ours"] / found["bare"], 2, **found)


if __name__ == "__main__":
    main()
