"""All social work for one article to bare Pillow decoding and encoding the same pictures."""

import io
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
    ref = file_ref(_ARTICLE.parent, _ARTICLE, parse_file(_ARTICLE).id, "")
    shop.contents.register([ref], still_there)
    return shop, ref


def _made(shop: Workshop, content_id: str) -> None:
    for stage in wanted_stages(tuple(Platform), ()):
        run_stage(shop, stage, content_id)


def _ours() -> float:
    with tempfile.TemporaryDirectory() as home:
        shop, ref = _shop(home)
        run_stage(shop, wanted_stages((), ())[0], ref.content_id)
        return cpu(lambda: _made(shop, ref.content_id))


def _bare(sources: list[bytes], outputs: list[tuple[str, int, Image.Image]]) -> None:
    for source in sources:
        Image.open(io.BytesIO(source)).convert("RGB")
    for form, quality, picture in outputs:
        picture.save(io.BytesIO(), form, quality=quality)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        shop, ref = _shop(home)
        _made(shop, ref.content_id)  # also imports and warms everything once
        sources, outputs = [], []
        for stage in wanted_stages(tuple(Platform), ()):
            record = shop.records.current(ref.content_id, stage.asset)
            assert record is not None
            for artifact in record.artifacts:
                if artifact.kind != "image":
                    continue
                data = shop.store.read_bytes(artifact.key)
                if stage.asset == "article":
                    sources.append(data)
                else:
                    picture = Image.open(io.BytesIO(data))
                    form = picture.format or "JPEG"
                    outputs.append((form, 85, picture.convert("RGB")))
    found = medians(7, ours=_ours, bare=lambda: cpu(lambda: _bare(sources, outputs)))
    print(f"{len(sources)} source pictures, {len(outputs)} made")
    report("all social work to bare Pillow", found["ours"] / found["bare"], 2, **found)


if __name__ == "__main__":
    main()
