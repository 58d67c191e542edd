"""Posts and their pictures, one stage of each for every platform.

The rooms that do the work are imported when they work: Dagster reads these stages whenever it
loads the definitions, and that must not cost a picture library.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_media.articles.model import Article
from igny8_media.credits.prices import Task, Use
from igny8_media.social.model import Platform, SocialPost
from igny8_media.stages.article import pictures_of, read_article
from igny8_media.stages.backdrop import open_backdrop, what_decides_stills
from igny8_media.stages.costs import images_cost, post_cost
from igny8_media.stages.languages import unkept_language
from igny8_media.stages.painting import painted_uses
from igny8_media.stages.serving import own, post_written
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record

if TYPE_CHECKING:
    from igny8_media.settings import Settings


def post_stage(platform: Platform) -> Stage:
    return Stage(
        asset=f"social/{platform}/post",
        needs=("article",),
        version="1",
        build=partial(_write_post, platform),
        cost=post_cost(platform),
        settings=_who_writes,
        checks=(
            Check("limits", _post_problems, "The post keeps to its platform's rules."),
            # Names are recognised by their capitals, which is a good guess and no proof.
            Check(
                "grounded",
                _ungrounded,
                "Every number and name of the post stands in its article too.",
                blocking=False,
            ),
        ),
        remember=partial(_remember_post, platform),
    )


def images_stage(platform: Platform) -> Stage:
    return Stage(
        asset=f"social/{platform}/images",
        needs=("article", f"social/{platform}/post"),
        version="1",
        build=partial(_make_images, platform),
        cost=images_cost(platform),
        settings=what_decides_stills,
        checks=(
            Check(
                "sizes",
                partial(_image_problems, platform),
                "The pictures are as large and as heavy as their platform wants them.",
            ),
        ),
    )


def _read_post(path: Path) -> SocialPost:
    return SocialPost.model_validate_json(path.read_bytes())


def _write_post(platform: Platform, job: Job, folder: Path) -> Built:
    from igny8_media.social.writer import ExtractiveWriter

    article, settings = read_article(job), job.workshop.settings
    facts: dict[str, Any] = {}
    uses: tuple[Use, ...] = ()
    if settings.text_sources:
        from igny8_media.generation.opening import open_writer

        with open_writer(settings) as writer:
            written = writer.compose(article, platform)
        post, facts = written.post, written.facts
        uses = post_written(post, written.calls)
    else:
        post = ExtractiveWriter().write(article, platform)
        notes = (*post.notes, *unkept_language(settings, article))
        post = post.model_copy(update={"notes": notes})
    (folder / "post.json").write_text(post.model_dump_json(indent=1), encoding="utf-8")
    return Built(
        files=(BuiltFile("post.json", "text", {"characters": len(post.post_text)}),),
        facts={
            "writer": post.writer,
            "post_type": post.post_type,
            "parts": max(1, len(post.thread)),
            "slides": len(post.slides),
            "hashtags": len(post.hashtags),
            **facts,
        },
        notes=post.notes,
        uses=uses,
    )


def _who_writes(settings: "Settings") -> Any:
    """None while nobody but the extractive writer is asked, so that its posts stay as they are."""
    if not settings.text_sources:
        return None
    from igny8_media.generation.opening import fingerprint_of
    from igny8_media.generation.prompt import HEADLINE_PROMPT, POST_PROMPTS

    if settings.brand.language:
        return fingerprint_of(settings, [*POST_PROMPTS, HEADLINE_PROMPT])
    return fingerprint_of(settings)


def _post_problems(shop: Workshop, record: Record) -> list[str]:
    from igny8_media.social.validate import problems

    return problems(_read_post(shop.store.local_path(record.named("post.json").key)))


def _ungrounded(shop: Workshop, record: Record) -> list[str]:
    from igny8_media.social.validate import ungrounded

    post = _read_post(shop.store.local_path(record.named("post.json").key))
    source = shop.records.current(record.content_id, "article")
    if source is None:
        return ["Its article is gone."]
    article = Article.model_validate_json(shop.store.read_bytes(source.named("article.json").key))
    return ungrounded(post, article)


def _remember_post(platform: Platform, job: Job, record: Record) -> None:
    post = _read_post(job.workshop.store.local_path(record.named("post.json").key))
    job.workshop.drafts.propose_post(
        job.content_id, platform, record.fingerprint, post.model_dump(mode="json")
    )


def _make_images(platform: Platform, job: Job, folder: Path) -> Built:
    from igny8_media.imaging.social import post_images

    post = _read_post(job.path(f"social/{platform}/post", "post.json"))
    article = read_article(job)
    settings = job.workshop.settings
    backdrop = open_backdrop(job, article, pictures_of(job, article))
    told = _pictures_told_of(post, article)
    made = post_images(post, backdrop.pictures, settings.theme, folder, told)
    files = tuple(
        BuiltFile(
            picture.file,
            "document" if picture.role == "document" else "image",
            picture.model_dump(mode="json", exclude={"file"}, exclude_none=True),
        )
        for picture in made
    )
    notes = dict.fromkeys(note for picture in made for note in picture.notes)
    count = sum(file.kind == "image" for file in files)
    drawn = painted_uses(Task.SOCIAL_IMAGE, backdrop.drawn, settings)
    return Built(
        files=files,
        facts={"pictures": len(files), **backdrop.facts},
        notes=(*backdrop.notes, *notes),
        uses=(*drawn, *([own(Task.SOCIAL_IMAGE, count - 1)] if drawn and count > 1 else [])),
    )


def _pictures_told_of(post: SocialPost, article: Article) -> dict[int, str]:
    """The article's pictures for the slides that tell of them: slide from 1 to picture key."""
    from igny8_media.visuals.matching import assign
    from igny8_media.visuals.places import shown_in, told_in
    from igny8_media.writing.digest import digest

    points = [n for n, slide in enumerate(post.slides, start=1) if slide.kind == "point"]
    read = digest(article)
    pictures = shown_in(article, read)
    if not points or not pictures:
        return {}
    texts = [post.slides[n - 1].body or post.slides[n - 1].heading for n in points]
    matched = assign(pictures, told_in(texts, article, read), article.language)
    return {points[place]: pictures[index].key for place, index in matched.items()}


def _image_problems(platform: Platform, shop: Workshop, record: Record) -> list[str]:
    from igny8_media.imaging.sizes import problems

    return [
        f"{artifact.name} {problem}"
        for artifact in record.artifacts
        for problem in problems(platform, artifact.figures)
    ]
