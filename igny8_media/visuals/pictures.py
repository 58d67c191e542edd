"""Every section its picture: the article's own first, then stock, then painted, else its card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.model import Article
from igny8_media.errors import InputError, OutsideError
from igny8_media.imaging.theme import Theme
from igny8_media.stock.download import download
from igny8_media.stock.model import (
    Credit,
    Finder,
    Search,
    StockClip,
    StockError,
    StockPicture,
    credit_of,
)
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Section, VideoScript
from igny8_media.visuals.choosing import WANTS_STOCK, fitness, queries, wanting
from igny8_media.visuals.likeness import Sight, same_picture, sight_of, sight_of_clip
from igny8_media.visuals.matching import assign
from igny8_media.visuals.meaning import understands
from igny8_media.visuals.painting import PaintedScene, SceneMaker, scene_prompt
from igny8_media.visuals.places import shown_in, told_in
from igny8_media.writing.digest import digest

_TAKES_PICTURE = ("animated_text", "title_card", "statistic", "list", "quote", "image")
_LEAST_FIT = 0.35
"""Measured on 104 offers for eight passages: 17 of 24 that fit reach it, 2 of 80 others do."""
_TRIES = 3
"""Files fetched for one section at most: some turn out broken, gone or shown already."""


@dataclass(frozen=True)
class Dressed:
    """A script whose sections name their pictures, and where those come from.

    `files` are the pictures that are not the article's, under the keys in the sections' `image`.
    """

    script: VideoScript
    files: Mapping[str, Path] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()
    painted: Mapping[str, PaintedScene] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """Where pictures may come from besides the article; `finders` in the order of preference.

    `size` is the frame in pixels; at most `most_painted` pictures are painted for one video.
    """

    finders: Sequence[Finder]
    fetcher: SafeFetcher
    cache: FolderCache
    size: tuple[int, int]
    theme: Theme
    maker: SceneMaker | None = None
    most_painted: int = 4


def dress_with_pictures(
    script: VideoScript,
    article: Article | None,
    pictures: Mapping[str, Path],
    sources: Sources,
) -> Dressed:
    """Give the sections of a script their pictures; what a section names already, it keeps.

    `pictures` are the article's files by key. Without an article the script is somebody's own:
    its pictures stay as they are, repeats too. Nothing here fails because of a library or a
    model: the section keeps its card and a note says why. The same inputs and answers give the
    same result.
    """
    work = _Work(script, pictures, sources)
    if article is not None:
        work.drop_repeats()
        work.use_article(article)
    work.use_stock()
    work.paint()
    work.fall_back()
    return Dressed(
        script=script.model_copy(update={"sections": tuple(work.sections)}),
        files=work.files,
        credits=tuple(work.credits),
        painted=work.painted,
        notes=tuple(dict.fromkeys(work.notes)),
    )


class _Work:
    """One video while it is being dressed."""

    def __init__(self, script: VideoScript, pictures: Mapping[str, Path], sources: Sources) -> None:
        self.script, self.pictures, self.sources = script, pictures, sources
        self.sections = list(script.sections)
        self.files: dict[str, Path] = {}
        self.credits: list[Credit] = []
        self.painted: dict[str, PaintedScene] = {}
        self.notes: list[str] = []
        self._seen: list[Sight] = []
        self._resting: set[str] = set()
        self._answers: dict[str, list[StockPicture]] = {}

    def drop_repeats(self) -> None:
        """Each picture once: who shows it first keeps it."""
        for index, section in enumerate(self.sections):
            if section.image and not self._is_new(self._sight(section.image)):
                self.notes.append(
                    f"Section {section.section_id} does not show {section.image}: the same "
                    "picture comes earlier."
                )
                self._set(index, None)

    def use_article(self, article: Article) -> None:
        """Pictures of the article that nobody shows yet, where they belong."""
        read = digest(article)
        named = {section.image for section in self.sections}
        spare = [p for p in shown_in(article, read) if p.key not in named and self._unlike(p.key)]
        free = [
            index
            for index, section in enumerate(self.sections)
            if not section.image and section.visual_cue in _TAKES_PICTURE
        ]
        if not spare or not free:
            return
        if not understands(article.language):
            self.notes.append(
                f"Pictures were matched by place and shared words only: meaning is not compared "
                f"in the language '{article.language}'."
            )
        texts = [_said(self.sections[index]) for index in free]
        matched = assign(spare, told_in(texts, article, read), article.language)
        for place, picture in sorted(matched.items()):
            if self._is_new(self._sight(spare[picture].key)):
                self._set(free[place], spare[picture].key)

    def use_stock(self) -> None:
        if not self.sources.finders:
            return
        script = self.script.model_copy(update={"sections": tuple(self.sections)})
        for index in wanting(script):
            self._stock_for(index)

    def _stock_for(self, index: int) -> None:
        section = self.sections[index]
        reasons: list[str] = []
        for query in queries(section, self.script):
            offers = self._offers(query)
            worth = fitness(offers, section, self.script, self.sources.size)
            ranked = sorted(range(len(offers)), key=lambda at: (-worth[at], at))
            for at in [at for at in ranked if worth[at] >= _LEAST_FIT][:_TRIES]:
                try:
                    path = download(offers[at], self.sources.fetcher, self.sources.cache)
                except StockError as error:
                    reasons.append(str(error))
                    continue
                if self._take(index, offers[at], path):
                    return
        why = f" {reasons[-1]}" if reasons else ""
        self.notes.append(
            f"Section {section.section_id} stays a card: no stock picture fits its words.{why}"
        )

    def _offers(self, query: str) -> list[StockPicture]:
        """What the libraries have for a query and the video does not show."""
        if query not in self._answers:
            self._answers[query] = self._ask(query)
        used = {(credit.provider, credit.kind, credit.id) for credit in self.credits}
        return [o for o in self._answers[query] if (o.provider, _kind(o), o.id) not in used]

    def _ask(self, query: str) -> list[StockPicture]:
        """What the libraries have; one that fails is not asked again."""
        width, height = self.sources.size
        search = Search(query=query, language=self.script.language, width=width, height=height)
        found: list[StockPicture] = []
        for finder in self.sources.finders:
            if finder.name in self._resting:
                continue
            try:
                found += [*finder.clips(search), *finder.pictures(search)]
            except StockError as error:
                self._resting.add(finder.name)
                self.notes.append(f"{error} The rest of this video goes on without it.")
        return found

    def _take(self, index: int, offer: StockPicture, path: Path) -> bool:
        """Show an offer in a section, unless the video shows the same picture already."""
        clip = isinstance(offer, StockClip)
        if not self._is_new(sight_of_clip(path) if clip else sight_of(path)):
            return False
        key = f"stock/{path.name}"
        self.files[key] = path
        self.credits.append(credit_of(offer, key))
        self._set(index, key)
        if clip:
            self.sections[index] = self.sections[index].model_copy(
                update={"visual_cue": "stock_video"}
            )
        return True

    def paint(self) -> None:
        """Painted scenes, if there is who paints: for the sections that ask for one, then for
        those that stock pictures would suit and that have none."""
        asked = [
            index
            for index, section in enumerate(self.sections)
            if section.visual_cue == "ai_scene" and not section.image
        ]
        if self.sources.maker is None:
            self._unpainted(asked, "no image model is set up.")
            return
        suited = wanting(self.script.model_copy(update={"sections": tuple(self.sections)}))
        chosen = [*asked, *suited[: max(0, len(suited) - len(asked))]]
        most = self.sources.most_painted
        self._unpainted(asked[most:], f"at most {most} pictures are drawn for one video.")
        for index in sorted(chosen[:most]):
            self._paint(index, self.sources.maker)
        if self.painted:
            names = ", ".join(Path(key).stem for key in self.painted)
            self.notes.append(
                f"A model drew the pictures of the sections {names}; platforms want that declared."
            )

    def _unpainted(self, sections: Sequence[int], why: str) -> None:
        for index in sections:
            self.notes.append(f"Section {self.sections[index].section_id} became a card: {why}")

    def _paint(self, index: int, maker: SceneMaker) -> None:
        section = self.sections[index]
        prompt = scene_prompt(section, self.script, self.sources.theme, self.sources.size)
        try:
            scene = maker.make(prompt, self.sources.size)
            sight = sight_of(scene.path)
        except (OutsideError, InputError) as error:
            became = "became" if section.visual_cue == "ai_scene" else "stays"
            self.notes.append(f"Section {section.section_id} {became} a card: {error}")
            return
        self._seen.append(sight)
        key = f"scene/{section.section_id}{scene.path.suffix}"
        self.files[key] = scene.path
        self.painted[key] = scene
        self._set(index, key)
        if section.visual_cue == "stock_video":
            self.sections[index] = self.sections[index].model_copy(update={"visual_cue": "image"})

    def fall_back(self) -> None:
        """A section that asked for a picture and got none is a card."""
        for index, section in enumerate(self.sections):
            if not section.image and section.visual_cue in (*WANTS_STOCK, "ai_scene"):
                self.sections[index] = section.model_copy(update={"visual_cue": "animated_text"})

    def _set(self, index: int, key: str | None) -> None:
        section = self.sections[index]
        cue = section.visual_cue
        if key and cue == "animated_text":
            cue = "image"
        elif key is None and cue == "image":
            cue = "animated_text"
        self.sections[index] = section.model_copy(update={"image": key, "visual_cue": cue})

    def _sight(self, key: str) -> Sight | None:
        """What is to be seen; None for what the scenes will find unusable and replace."""
        path = self.pictures.get(key) or Path(key)
        try:
            return sight_of(path)
        except InputError:
            return None

    def _unlike(self, key: str) -> bool:
        sight = self._sight(key)
        return sight is not None and not any(same_picture(sight, other) for other in self._seen)

    def _is_new(self, sight: Sight | None) -> bool:
        """Whether the video does not show it yet; from now on it does."""
        if sight is None:
            return True
        if any(same_picture(sight, other) for other in self._seen):
            return False
        self._seen.append(sight)
        return True


def _said(section: Section) -> str:
    return " ".join((section.text_overlay, *section.items, section.narration)).strip()


def _kind(offer: StockPicture) -> str:
    return "video" if isinstance(offer, StockClip) else "photo"
