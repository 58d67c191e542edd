"""One script being written: sections asked for, checked, and kept or put back."""

from dataclasses import replace
from typing import Any, Final

from igny8_media.ai.text_router import TextRouter
from igny8_media.articles.model import Article
from igny8_media.generation.asking import Assignment, Repair
from igny8_media.generation.checks import crosses, unsure, wrong
from igny8_media.generation.drafts import ScriptDraft, SectionDraft
from igny8_media.generation.outline import Piece, chunks, outline
from igny8_media.generation.parts import SAME_AGAIN, Log, Part, tried
from igny8_media.generation.sections import farewell_only, faults, section_of
from igny8_media.generation.video_functions import generate_video_script
from igny8_media.scripts.assembly import chapters_of, with_sections
from igny8_media.scripts.beats import spoken_words
from igny8_media.scripts.writer import estimates
from igny8_media.video.model import Section, VideoForm, VideoScript

_TITLE: Final = 100


class ScriptDesk:
    """One script being written; `known` is what it may say."""

    def __init__(
        self,
        router: TextRouter,
        task: Assignment,
        form: VideoForm,
        base: VideoScript,
        known: Article,
        words_per_minute: float,
    ) -> None:
        self.router, self.task, self.form, self.base = router, task, form, base
        self.known, self.rate = known, words_per_minute
        self.abroad = crosses(task.article, task.language)
        low, high = estimates(form)
        total = base.total_duration_estimate
        self.bounds = min(low, total), max(high, total)
        self.pieces = outline(base, task.article, form, task.language, words_per_minute)
        self.log = Log()
        self.good: dict[str, SectionDraft] = {}
        self.title = ""
        self.doubts: list[str] = []

    def script(self) -> VideoScript:
        asked = tuple(piece for piece in self.pieces if piece.about)
        before = ""
        for chunk in chunks(asked):
            self._ask(chunk, before, alone=len(chunk) == len(asked), titled=not before)
            if self.log.nobody:
                break
            last = self.good.get(chunk[-1].base.section_id)
            before = last.narration if last else chunk[-1].about
        missing = [piece for piece in asked if piece.base.section_id not in self.good]
        if self.abroad:
            return self._abroad(complete=not missing and bool(self.title))
        if not self.good:
            self._note_missing(missing, len(asked))
            return self.base
        self._keep_length()
        self._note_missing(missing, len(asked))
        if not self.good:
            self.log.drop()
            return self.base
        if not self.title:
            self.log.notes.append("The title is the article's own.")
        return self._assembled(chapters_of(self.base))

    def _ask(self, chunk: tuple[Piece, ...], before: str, *, alone: bool, titled: bool) -> None:
        def ask(repair: Repair | None) -> Any:
            return generate_video_script(self.router, self.task, self.form, chunk, before, repair)

        def found(draft: ScriptDraft) -> list[str]:
            return self._found(draft, chunk, alone=alone, titled=titled)

        part = Part(
            "generate_video_script",
            "The script was written",
            ask,
            found,
            lambda draft: any(d is self.good.get(d.section) for d in draft.sections),
        )
        _, left = tried(part, self.log)
        self.doubts += left

    def _found(
        self, draft: ScriptDraft, chunk: tuple[Piece, ...], *, alone: bool, titled: bool
    ) -> list[str]:
        """What is wrong with an answer; what is not is kept."""
        by_name = {piece.base.section_id: piece for piece in chunk}
        given = {d.section: d for d in draft.sections if d.section in by_name}
        wrongs = [f"Section {name} is missing." for name in by_name if name not in given]
        for name, section in given.items():
            bad = faults(by_name[name], section, self._wrong, self.known, abroad=self.abroad)
            wrongs += bad
            if not bad:
                self.good[name] = section
        if titled:
            title = draft.title.strip()
            bad = self._wrong(title) if len(title) <= _TITLE else ["The title is too long."]
            if not bad:
                self.title = title
            elif title or self.abroad:
                wrongs += bad
        if alone and not wrongs:
            wrongs += self._off_length(by_name)
        return wrongs

    def _wrong(self, text: str) -> list[str]:
        return wrong(text, self.known, self.task.brand, self.task.language)

    def _off_length(self, by_name: dict[str, Piece]) -> list[str]:
        low, high = self.bounds
        total = sum(s.duration_estimate for s in self._sections())
        if low <= total <= high:
            return []
        words = sum(spoken_words(self.good[name].narration) for name in by_name)
        room = words * (high if total > high else low) / total
        change = "write less" if total > high else "write more"
        return [
            f"Together the sections have {words:.0f} words, which takes {total:.0f} seconds, and "
            f"should have {room:.0f}; {change}."
        ]

    def _sections(self) -> list[Section]:
        article, language = self.task.article, self.task.language
        found = []
        for piece in self.pieces:
            draft = self.good.get(piece.base.section_id)
            if draft is not None:
                found.append(section_of(piece, draft, self.rate, article, language))
            elif self.abroad and not piece.about:
                if piece.tail:
                    found.append(farewell_only(piece, self.rate, article, language))
            else:
                found.append(piece.base)
        return found

    def _keep_length(self) -> None:
        """Sections go back to the article's own sentences until the whole has its length."""
        low, high = self.bounds
        back = 0
        while self.good:
            sections = self._sections()
            total = sum(section.duration_estimate for section in sections)
            if low <= total <= high:
                break
            more = {
                section.section_id: section.duration_estimate - piece.base.duration_estimate
                for section, piece in zip(sections, self.pieces, strict=True)
                if section.section_id in self.good
            }
            del self.good[(max if total > high else min)(more, key=lambda name: more[name])]
            back += 1
        if back:
            self.log.notes.append(
                f"{back} sections are the article's own sentences, for with the model's the video "
                "would not have kept its length."
            )

    def _note_missing(self, missing: list[Piece], count: int) -> None:
        if missing and not self.log.nobody:
            shown = " ".join(self.doubts[:3])
            self.log.notes.append(
                f"{len(missing)} of {count} sections were written without a model's help, for what "
                f"it wrote was wrong: {shown}"
            )

    def _abroad(self, *, complete: bool) -> VideoScript:
        """Wholly in the other language, or not at all."""
        low, high = self.bounds
        sections = self._sections()
        fits = low <= sum(section.duration_estimate for section in sections) <= high
        if not complete or not fits:
            why = "not all of it could be written" if not complete else "it did not keep its length"
            self.log.drop()
            self.log.notes.append(
                f"The script is in {self.base.language}: {why} in {self.task.language}. "
                + " ".join(self.doubts[:3])
            )
            return self.base
        names = {
            piece.base.section_id: self.good[piece.base.section_id].chapter.strip()
            for piece in self.pieces
            if piece.chapter and piece.base.section_id in self.good
        }
        told = self._assembled(names)
        texts = [text for s in told.sections for text in (s.narration, s.text_overlay, *s.items)]
        self.log.notes += unsure((*texts, told.title), self.task.article, self.task.language)
        opening = " ".join(section.narration for section in told.sections[:2])
        return told.model_copy(update={"description": opening, "language": self.task.language})

    def _assembled(self, chapters: dict[str, str]) -> VideoScript:
        script = with_sections(self.base, self._sections(), chapters)
        title = self.title or self.base.title
        return script.model_copy(update={"writer": self.log.served, "title": title})

    def anew(self) -> VideoScript | None:
        """The base with every section written anew that can be, or None where none was.

        How long each is stays open: "shorter" must be possible, within what the form allows.
        """
        self.pieces = tuple(replace(piece, words=None) for piece in self.pieces)
        script = self.script()
        if script is self.base:
            self._reason()
            return None
        if [s.narration for s in script.sections] == [s.narration for s in self.base.sections]:
            self.log.reasons.append(SAME_AGAIN)
            return None
        return script

    def _reason(self) -> None:
        if self.doubts:
            shown = " ".join(self.doubts[:3])
            self.log.reasons.append(f"What the model wrote cannot be used: {shown}")

    def reworded(self, place: int) -> VideoScript | None:
        """The base with one section written anew, or None where no model wrote one."""
        piece = self.pieces[place]
        _, high = self.bounds
        others = self.base.total_duration_estimate - piece.base.duration_estimate
        room = round((high - others) * self.rate / 60 - spoken_words(piece.tail))
        self.pieces = tuple(
            Piece(p.base, p.about, p.tail, None, max(room, p.words or 0, 3), p.chapter, p.picture)
            if p is piece
            else p
            for p in self.pieces
        )
        before = self.base.sections[place - 1].narration if place else ""
        self._ask((self.pieces[place],), before, alone=False, titled=False)
        if not self.good:
            self._reason()
            return None
        sections = self._sections()
        if sections[place].narration == self.base.sections[place].narration:
            self.log.reasons.append(SAME_AGAIN)
            return None
        texts = (sections[place].narration, sections[place].text_overlay, *sections[place].items)
        self.log.notes += unsure(texts, self.task.article, self.task.language)
        chapters = chapters_of(self.base)
        return with_sections(self.base, sections, chapters)
