"""The words beside a video: title, description with chapters, tags, per target."""

import re
from collections.abc import Callable, Sequence

from igny8_media.articles.model import Article
from igny8_media.frozen import Frozen
from igny8_media.scripts.assembly import chapters_of
from igny8_media.scripts.targets import CHAPTER_SECONDS, LEAST_CHAPTERS, TARGET_RULES, TargetRules
from igny8_media.social.length import utf16_length
from igny8_media.stock.credits import credits_text
from igny8_media.stock.model import Credit
from igny8_media.video.model import ChapterMarker, Narration, VideoScript, VideoTarget
from igny8_media.writing.digest import digest
from igny8_media.writing.hashtags import hashtags
from igny8_media.writing.hooks import hooks
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.passages import shorten

_ANGLES = str.maketrans({"<": "‹", ">": "›"})
_STAMP = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2}) \S")
_MEASURES: dict[str, Callable[[str], int]] = {
    "bytes": lambda text: len(text.encode("utf-8", "replace")),
    "characters": len,
    "utf16": utf16_length,
}
# Of a description: more would leave no room for what the video is about.
_CREDITS_SHARE = 0.4


class Words(Frozen):
    """What somebody else wrote for one target; tags and hashtags are filled up with ours where
    they are of the video's language."""

    title: str
    description: str
    tags: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()


class VideoMetadata(Frozen):
    """What is sent with the file. `title` is empty where the target has only a caption, which is
    `description`; `chapters` are those that stand in it.
    """

    target: VideoTarget
    title: str
    description: str
    tags: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    chapters: tuple[ChapterMarker, ...] = ()
    language: str
    duration: float
    notes: tuple[str, ...] = ()


def metadata(
    script: VideoScript,
    article: Article,
    target: VideoTarget,
    chapters: Sequence[ChapterMarker],
    duration: float,
    credits: Sequence[Credit] = (),
    music: str = "",
    words: Words | None = None,
) -> VideoMetadata:
    """The metadata of a video of `duration` seconds; `chapters` come from measured timing.

    `credits` are for the stock pictures and clips it shows and `music` is the line for what is
    heard; both stand in the description. `words` go before the script's own.
    """
    rules = TARGET_RULES[target]
    read = digest(article)
    notes: list[str] = []
    kept = merge_chapters(chapters, duration) if rules.chapters else ()
    if rules.chapters and chapters and not kept:
        notes.append(
            f"There are no chapters: {LEAST_CHAPTERS} of at least {CHAPTER_SECONDS:.0f} seconds "
            "cannot be made of this video's parts."
        )
    same = script.language == article.language
    tags = hashtags(article, read, rules.hashtags)
    if words:
        tags = _filled(words.hashtags, tags if same else ())[: rules.hashtags]
        script = script.model_copy(
            update={
                "title": words.title or script.title,
                "tags": _filled(words.tags, script.tags if same else ()),
            }
        )
    thanks = _credits(script, rules, credits)
    if any(credit.page_url not in thanks for credit in credits):
        notes.append(
            "The credits are shortened: a line with a link for each picture would fill the "
            "description."
        )
    return VideoMetadata(
        target=target,
        title=shorten(script.title.translate(_ANGLES), rules.title) if rules.title else "",
        description=_description(
            words.description if words else _lead(script, article, rules),
            script,
            article,
            rules,
            kept,
            tags,
            "\n".join(filter(None, (thanks, music))),
        ),
        tags=_tags(script.tags, rules.tags),
        hashtags=tags,
        chapters=kept,
        language=script.language,
        duration=duration,
        notes=tuple(notes),
    )


def measured_chapters(script: VideoScript, narration: Narration) -> tuple[ChapterMarker, ...]:
    """The script's chapters at the times at which their sections are really spoken."""
    names = chapters_of(script)
    return tuple(
        ChapterMarker(time=spoken.start, title=names[spoken.section_id])
        for spoken in narration.sections
        if spoken.section_id in names
    )


def merge_chapters(chapters: Sequence[ChapterMarker], duration: float) -> tuple[ChapterMarker, ...]:
    """Chapters as YouTube takes them, those too short joined to the one before; else none.

    Time stamps show whole seconds, so it is whole seconds that have to be ten apart.
    """
    kept: list[ChapterMarker] = []
    for marker in sorted(chapters, key=lambda marker: marker.time):
        start = float(int(marker.time)) if kept else 0.0
        if not kept or start - kept[-1].time >= CHAPTER_SECONDS:
            kept.append(ChapterMarker(time=start, title=_chapter_title(marker.title)))
    while kept and int(duration) - kept[-1].time < CHAPTER_SECONDS:
        kept.pop()
    return tuple(kept) if len(kept) >= LEAST_CHAPTERS else ()


def stamp(seconds: float) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def tags_length(tags: Sequence[str]) -> int:
    """As YouTube counts: a tag with spaces takes two quotes, and commas go between."""
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1)


def problems(found: VideoMetadata) -> list[str]:
    """What keeps this metadata from being accepted, each as a sentence; empty when nothing does."""
    rules = TARGET_RULES[found.target]
    name = found.target.value
    wrong = []
    if rules.title and not found.title.strip():
        wrong.append(f"The title for {name} is empty.")
    if rules.title and len(found.title) > rules.title:
        wrong.append(f"The title has {len(found.title)} characters; {name} takes {rules.title}.")
    size = _MEASURES[rules.description_unit](found.description)
    if size > rules.description:
        wrong.append(
            f"The description has {size} {rules.description_unit}; {name} takes "
            f"{rules.description}."
        )
    if rules.tags and tags_length(found.tags) > rules.tags:
        wrong.append(f"The tags have {tags_length(found.tags)} characters; {name} takes 500.")
    if rules.title and re.search("[<>]", found.title + found.description):
        wrong.append("YouTube refuses < and > in titles and descriptions; remove them.")
    if rules.chapters:
        wrong += _chapter_problems(found)
    if found.description.count("#") > rules.hashtag_limit:
        wrong.append(f"There are more than {rules.hashtag_limit} hashtags; remove some.")
    return wrong


def _chapter_problems(found: VideoMetadata) -> list[str]:
    times = []
    for line in found.description.splitlines():
        match = _STAMP.match(line)
        if match:
            hours, minutes, rest = (int(part or 0) for part in match.groups())
            times.append(hours * 3600 + minutes * 60 + rest)
    if not times:
        return []
    ends = [*times[1:], int(found.duration)]
    if times[0] != 0 or len(times) < LEAST_CHAPTERS:
        return ["Chapters must start at 0:00 and be three at least, or YouTube ignores them."]
    if any(end - start < CHAPTER_SECONDS for start, end in zip(times, ends, strict=True)):
        return ["Each chapter must last ten seconds at least, or YouTube ignores them all."]
    return []


def _filled(first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    """Both, what is the same but for its case once."""
    found: dict[str, str] = {}
    for term in (*first, *then):
        found.setdefault(term.casefold(), term)
    return tuple(found.values())


def _description(
    lead: str,
    script: VideoScript,
    article: Article,
    rules: TargetRules,
    chapters: tuple[ChapterMarker, ...],
    tags: tuple[str, ...],
    thanks: str,
) -> str:
    """The parts that fit, most needed first; chapters and hashtags are whole or not there."""
    measure = _MEASURES[rules.description_unit]
    words = lexicon(script.language)
    link = article.canonical_url
    lines: list[str] = []
    if rules.clickable_links and link:
        lines.append(words.phrase("read_article", article.id, link=link) or link)
    if chapters:
        lines.append("\n".join(f"{stamp(c.time)} {c.title}" for c in chapters))
    if not rules.clickable_links:
        # A Short's description has no profile link to speak of.
        lines.append(words.call("tiktok_call", article.id, None if rules.title else link))
    lines += [thanks, " ".join(tags)]
    tail = "\n\n".join(line for line in lines if line)
    if rules.title:
        tail, lead = tail.translate(_ANGLES), lead.translate(_ANGLES)
    room = rules.description - measure(tail) - 2
    text = shorten(lead, room, measure) if room > 0 else ""
    return "\n\n".join(part for part in (text, tail) if part)


def _credits(script: VideoScript, rules: TargetRules, credits: Sequence[Credit]) -> str:
    room = int(rules.description * _CREDITS_SHARE)
    return credits_text(credits, script.language, room, _MEASURES[rules.description_unit])


def _lead(script: VideoScript, article: Article, rules: TargetRules) -> str:
    if rules.title:
        return script.description
    found = hooks(digest(article)) if script.language == article.language else []
    opening = found[0].short if found else script.title
    return opening if opening in script.description else f"{opening}\n\n{script.description}"


def _tags(tags: Sequence[str], limit: int) -> tuple[str, ...]:
    kept: list[str] = []
    for tag in tags:
        plain = re.sub(r'[<>,"]', " ", tag)
        plain = " ".join(plain.split())
        if plain and plain not in kept and tags_length([*kept, plain]) <= limit:
            kept.append(plain)
    return tuple(kept)


def _chapter_title(title: str) -> str:
    return shorten(" ".join(title.translate(_ANGLES).split()), 90) or "…"
