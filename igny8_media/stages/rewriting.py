"""One post, a script, or one section of it, once more with an instruction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from igny8_media.articles.model import Article
from igny8_media.credits.model import Purpose
from igny8_media.credits.prices import Task, Use
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.publishing.statuses import Status
from igny8_media.social.model import SocialPost
from igny8_media.stages.costs import words_cost
from igny8_media.stages.edited_script import read_edited
from igny8_media.stages.paying import paid
from igny8_media.stages.serving import written
from igny8_media.stages.stage import Built, Job
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record, fingerprint
from igny8_media.video.model import VideoForm, VideoScript

if TYPE_CHECKING:
    from igny8_media.database.tables import SocialPost as Row
    from igny8_media.generation.script import ScriptWriter
    from igny8_media.stages.press import Press

_LONGEST: Final = 500
"""Characters of an instruction: more is a text of one's own, and belongs into the post."""

Pay = Callable[[tuple[Use, ...]], None]


class RewrittenPost(Frozen):
    """`post_id` is the new draft, beside the old post; `taken_back` of that one's publications
    had not begun and were cancelled, `out` says where it is out already."""

    post_id: int
    taken_back: int
    out: tuple[str, ...] = ()


def rewrite_post(press: "Press", post_id: int, instruction: str = "") -> RewrittenPost:
    """A new draft of the post as `instruction` wants it, by default the note of who rejected it.

    What the old post was planned for is cancelled, where it has not begun: whoever asks for other
    words does not want these to go out. Raises InputError for what has to be changed first,
    OutsideError where no model wrote anything that may stand; nothing is changed then.
    """
    from igny8_media.generation.opening import open_writer

    shop, row = press.shop, press.all_posts.get(post_id)
    wish = _wish(instruction or row.note, "Say with --instruction how the post should change.")
    _check(press, row)
    _check_provider(shop, "or edit the post's words in the database")
    post = SocialPost.model_validate(row.post)
    article = kept_article(shop, row.content_id)
    function = "generate_twitter_thread" if post.thread else "adapt_content_for_social"
    with (
        _paid(shop, row.content_id, f"social/{post.platform}/post", Task.ADAPT, 1) as pay,
        open_writer(shop.settings) as writer,
    ):
        by_person = row.edited_at is not None
        made = writer.rewrite(article, post, wish, by_person=by_person)
        pay(written(Task.ADAPT, 1, made.calls, function))
        values = made.post.model_dump(mode="json")
        new_id = shop.drafts.revise_post(post_id, fingerprint(post_id, wish, values), values)
    planned = press.planning.planned(post_ids=[post_id])
    out = tuple(p.url or p.platform_id or "" for p in planned if p.status is Status.PUBLISHED)
    return RewrittenPost(post_id=new_id, taken_back=press.cancel(post_id), out=out)


def rewrite_section(
    shop: Workshop, content_id: str, form: VideoForm, number: int, instruction: str
) -> VideoScript:
    """The newest script with section `number` (from 1) as `instruction` wants it, put beside it as
    an edited one: the next time the video is made, only that section is.

    Raises as `rewrite_post`.
    """
    wish = _wish(instruction, "Say with --instruction how the section should change.")
    script, by_person = _newest(shop, content_id, form)
    count = len(script.sections)
    if not 1 <= number <= count:
        raise InputError(f"The script has {count} sections; give --section a number from 1 on.")
    share = Decimal(1) / count
    article = kept_article(shop, content_id)
    with _writing(shop, content_id, form, share) as (writer, pay):
        made = writer.rewrite(article, form, script, number, wish, by_person=by_person)
        pay(written(Task.SCRIPT, share, made.calls, "generate_video_script"))
        new = made.script.model_dump(mode="json")
        shop.films.revise_script(content_id, form, fingerprint(wish, number, new), new)
    return made.script


def rewrite_script(
    shop: Workshop, content_id: str, form: VideoForm, instruction: str = "", *, tell: bool = False
) -> int:
    """The newest script as `instruction` wants it, by default the note of who rejected it, put
    beside it as `rewrite_section` does; returns its ID.

    `tell` is for whoever is not there to see it. Raises as `rewrite_post`.
    """
    newest = shop.scripts.newest(content_id, form)
    note = newest.note if newest is not None else ""
    wish = _wish(instruction or note, "Say with --instruction how the script should change.")
    script, by_person = _newest(shop, content_id, form)
    article = kept_article(shop, content_id)
    with _writing(shop, content_id, form, 1) as (writer, pay):
        made = writer.anew(article, form, script, wish, by_person=by_person)
        pay(written(Task.SCRIPT, 1, made.calls, "generate_video_script"))
        new = made.script.model_dump(mode="json")
        return shop.films.revise_script(content_id, form, fingerprint(wish, new), new, tell=tell)


def _newest(shop: Workshop, content_id: str, form: VideoForm) -> tuple[VideoScript, bool]:
    """The newest script, and whether a person changed it."""
    newest = shop.films.newest_script(content_id, form)
    if newest is None:
        raise InputError(
            f"There is no script of a {form} video of {content_id} yet: make that first."
        )
    values, by_person = newest
    if not by_person:
        return VideoScript.model_validate(values), False
    article = kept_article(shop, content_id)
    pictures = [image.picture.key for image in article.images if image.picture]
    return read_edited(values, form, pictures), True


@contextmanager
def _writing(
    shop: Workshop, content_id: str, form: VideoForm, share: Decimal | int
) -> "Iterator[tuple[ScriptWriter, Pay]]":
    """Who writes scripts, and how that is paid: `share` of a whole one."""
    from igny8_media.ai.voices import words_per_minute
    from igny8_media.generation.opening import open_router
    from igny8_media.generation.script import ScriptWriter

    _check_provider(shop, "or edit the script with `igny8-media video edit`")
    with (
        _paid(shop, content_id, f"video/{form}/script", Task.SCRIPT, share) as pay,
        open_router(shop.settings) as router,
    ):
        yield ScriptWriter(router, shop.settings.brand, words_per_minute), pay


def _wish(instruction: str, missing: str) -> str:
    wish = " ".join(instruction.split())
    if not wish:
        raise InputError(missing)
    if len(wish) > _LONGEST:
        raise InputError(
            f"The instruction has {len(wish)} characters and may have {_LONGEST}: say in a "
            "sentence or two what should be different."
        )
    return wish


def _check(press: "Press", row: "Row") -> None:
    """Raises InputError for a post that no model wrote, or of which nobody knows whether it is
    out."""
    if row.form == "own":
        raise InputError(
            f"Post {row.id} is your own and of no article that it could be held to: change its "
            "file and add that."
        )
    if row.form == "video":
        raise InputError(
            f"Post {row.id} is a video's: change a section of its script with `igny8-media video "
            f"regenerate {row.content_id} FORM --section N --instruction TEXT`."
        )
    for planned in press.planning.planned(post_ids=[row.id]):
        if planned.status is Status.PUBLISHING:
            raise InputError(f"Post {row.id} is being published right now: wait for what comes.")
        if planned.status is Status.NEEDS_REVIEW:
            raise InputError(
                f"Post {row.id} may be out; look there, then tell with `igny8-media posts settle "
                f"{row.id} --published URL` or `--not-published`."
            )


def _check_provider(shop: Workshop, otherwise: str) -> None:
    if not shop.settings.text_sources:
        raise InputError(
            "Only a model can follow an instruction, and none is set: set GPU_SERVER_URL, "
            f"IGNY8_OPENAI_KEY or IGNY8_ANTHROPIC_KEY (docs/ai.md), {otherwise}."
        )


def kept_article(shop: Workshop, content_id: str) -> Article:
    """As it was when its posts and scripts were made."""
    record = _record(shop, content_id)
    return Article.model_validate_json(shop.store.read_bytes(record.named("article.json").key))


def _record(shop: Workshop, content_id: str) -> Record:
    record = shop.records.current(content_id, "article")
    if record is None:
        raise InputError(f"The article of {content_id} is gone: make its posts again first.")
    return record


@contextmanager
def _paid(
    shop: Workshop, content_id: str, asset: str, task: Task, quantity: Decimal | int
) -> Iterator[Pay]:
    """Credits around the block, where they are asked for."""
    if not shop.settings.credits:
        yield lambda _uses: None
        return
    needs: Mapping[str, Record] = {"article": _record(shop, content_id)}
    purpose = Purpose(content_id=content_id, asset=asset, mark=uuid4().hex, run="")
    with paid(Job(content_id, shop, needs), words_cost(task, quantity), purpose) as write_down:

        def pay(uses: tuple[Use, ...]) -> Any:
            write_down(Built(uses=uses))

        yield pay
