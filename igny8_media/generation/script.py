"""Video scripts by a model: its words on the extractive script's sections, held to the article.

The extractive script decides which sections there are, where pictures and code are, and how long
each may be; each section that no model writes well enough is its section.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from igny8_media.ai.text_router import TextRouter
from igny8_media.articles.model import Article
from igny8_media.errors import OutsideError
from igny8_media.generation.asking import Assignment, Revision
from igny8_media.generation.checks import besides
from igny8_media.generation.parts import Call
from igny8_media.generation.script_desk import ScriptDesk
from igny8_media.generation.untrusted import defused
from igny8_media.scripts.writer import TooThin, write_script
from igny8_media.social.brand import Brand
from igny8_media.video.model import VideoForm, VideoScript

Pace = Callable[[str], float]
"""How many words a minute a voice of a language speaks, pauses included."""


@dataclass(frozen=True)
class WrittenScript:
    """A script and how it came to be."""

    script: VideoScript
    calls: tuple[Call, ...]
    facts: dict[str, Any]


class ScriptWriter:
    def __init__(self, router: TextRouter, brand: Brand, pace: Pace) -> None:
        self._router, self._brand, self._pace = router, brand, pace

    def compose(self, article: Article, form: VideoForm) -> WrittenScript | TooThin:
        """The script, who served it, and what that used."""
        safe, notes = defused(article)
        base = write_script(safe, form, self._pace(article.language))
        if isinstance(base, TooThin):
            return base
        language = self._brand.language or article.language
        task = Assignment(safe, self._brand, language)
        desk = ScriptDesk(self._router, task, form, base, safe, self._pace(language))
        script = desk.script()
        script = script.model_copy(update={"notes": (*base.notes, *notes, *desk.log.notes)})
        return WrittenScript(script, tuple(desk.log.calls), desk.log.facts)

    def rewrite(
        self,
        article: Article,
        form: VideoForm,
        script: VideoScript,
        number: int,
        instruction: str,
        *,
        by_person: bool,
    ) -> WrittenScript:
        """The script with section `number` (from 1) as an instruction wants it.

        What a person wrote into the script (`by_person`) may be said again, whatever the article
        says. Raises OutsideError where no model wrote anything that may stand.
        """
        section = script.sections[number - 1]
        shown = section.model_dump(include={"narration", "visual_cue", "text_overlay", "items"})
        revision = Revision(shown, instruction)
        desk, notes = self._desk(article, form, script, revision, by_person=by_person)
        new = desk.reworded(number - 1)
        if new is None:
            raise OutsideError(f"The section stays as it is. {' '.join(desk.log.reasons)}")
        return _written(new, notes, desk)

    def anew(
        self,
        article: Article,
        form: VideoForm,
        script: VideoScript,
        instruction: str,
        *,
        by_person: bool,
    ) -> WrittenScript:
        """The whole script as an instruction wants it, section by section; one that no model
        writes well enough stays as it is. `by_person` and errors as in `rewrite`."""
        told = {"narration", "text_overlay"}
        shown = [section.model_dump(include=told) for section in script.sections]
        revision = Revision(shown, instruction)
        desk, notes = self._desk(article, form, script, revision, by_person=by_person)
        new = desk.anew()
        if new is None:
            raise OutsideError(f"The script stays as it is. {' '.join(desk.log.reasons)}")
        return _written(new, notes, desk)

    def _desk(
        self,
        article: Article,
        form: VideoForm,
        script: VideoScript,
        revision: Revision,
        *,
        by_person: bool,
    ) -> tuple[ScriptDesk, tuple[str, ...]]:
        """A desk on which a script that is there is changed, and notes on the article."""
        safe, notes = defused(article)
        task = Assignment(safe, self._brand, script.language, revision)
        said = "\n\n".join(s.narration for s in script.sections) if by_person else ""
        known = besides(safe, said)
        pace = self._pace(script.language)
        return ScriptDesk(self._router, task, form, script, known, pace), notes


def _written(script: VideoScript, notes: tuple[str, ...], desk: ScriptDesk) -> WrittenScript:
    script = script.model_copy(update={"notes": (*notes, *desk.log.notes)})
    return WrittenScript(script, tuple(desk.log.calls), desk.log.facts)
