"""The functions that a model is asked for videos: each a prompt of its own, typed in and out."""

from typing import Final

from igny8_media.ai.text_router import Answered, TextRouter
from igny8_media.generation.asking import Assignment, Repair, ask
from igny8_media.generation.drafts import ScriptDraft, SeoDraft
from igny8_media.generation.outline import Piece
from igny8_media.generation.untrusted import data_json
from igny8_media.scripts.targets import TargetRules
from igny8_media.video.model import VideoForm, VideoTarget

_FORMS: Final = {VideoForm.SHORT: "a short vertical", VideoForm.LONG: "a long"}
_PLACES: Final = {
    VideoTarget.YOUTUBE: "YouTube",
    VideoTarget.YOUTUBE_SHORTS: "YouTube Shorts",
    VideoTarget.INSTAGRAM_REELS: "Instagram Reels",
    VideoTarget.TIKTOK: "TikTok",
}
_TOKENS_A_WORD: Final = 4
"""More than in English (1.3), so that other languages fit too."""
_TOKENS_AROUND, _TOKENS_BEFORE = 120, 2000


def generate_video_script(
    router: TextRouter,
    task: Assignment,
    form: VideoForm,
    pieces: tuple[Piece, ...],
    before: str,
    repair: Repair | None = None,
) -> Answered[ScriptDraft]:
    """The narration of these sections and what is seen meanwhile; `before` is said right before.

    Both functions raise NobodyAnsweredError.
    """
    opens = "Its first words must make people stay, so begin with what surprises or matters most."
    return ask(
        router,
        task,
        "generate_video_script",
        ScriptDraft,
        repair,
        max_tokens=_room(pieces),
        form=_FORMS[form],
        opening="" if before else opens,
        before=f"Right before these sections, this is said: {data_json(before)}" if before else "",
        outline=data_json([piece.asked for piece in pieces]),
    )


def _room(pieces: tuple[Piece, ...]) -> int:
    """Tokens for these sections, reasoning before them included: a model that does not end is
    stopped there, which costs less than its silence until the timeout."""
    said = sum(piece.most * _TOKENS_A_WORD + _TOKENS_AROUND for piece in pieces)
    return _TOKENS_BEFORE + said


def generate_video_seo(
    router: TextRouter,
    task: Assignment,
    rules: TargetRules,
    aim: int,
    limit: int,
    repair: Repair | None = None,
) -> Answered[SeoDraft]:
    """Title, description of at most `limit` characters, tags and hashtags for one target."""
    title = f"at most {min(rules.title, 100)} characters, better 60, what it is about first"
    tags = "up to 12 search terms of one to four words that stand in the document"
    return ask(
        router,
        task,
        "generate_video_seo",
        SeoDraft,
        repair,
        place=_PLACES[rules.target],
        title=title if rules.title else "empty; this place has none",
        target=aim,
        limit=limit,
        tags=tags if rules.tags else "none",
        hashtags=rules.hashtags,
    )
