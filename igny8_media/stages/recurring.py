"""Recurring posts: each turn a new post in fresh words, planned for its moment, made once."""

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_media.database import tables
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.planning.decay import decayed
from igny8_media.planning.queue import Wanted
from igny8_media.planning.recurrences import Recurrences, Repeated, begin_turn, end_turn
from igny8_media.planning.rules import Wish, read_rule
from igny8_media.planning.sites import calendar_of, sites_of
from igny8_media.publishing.model import Options, Outgoing
from igny8_media.publishing.placing import Placement
from igny8_media.publishing.statuses import APPROVED, Status
from igny8_media.stages.marking import Marks
from igny8_media.stages.outgoing import service_of
from igny8_media.stages.turn_words import next_words
from igny8_media.storage.records import fingerprint

if TYPE_CHECKING:
    from igny8_media.publishing.contract import Adapter
    from igny8_media.stages.press import Press

log = logging.getLogger(__name__)

LEAD: Final = timedelta(hours=24)
"""How long before its moment a turn's post is made: people can read it, and cancel it."""
_LATE: Final = timedelta(hours=24)
"""A turn that was due so long ago is left out: nobody waits for yesterday's post."""
REPEATED: Final = "repetition"
"""Who approved a turn's post: the person who asked for the repetition did, once for all turns."""


class TurnTaken(Frozen):
    """What came of a turn; `post_id` is None where it was skipped, for the reason in `note`."""

    recurrence_id: int
    due_at: datetime
    post_id: int | None = None
    note: str = ""


class _Written(NamedTuple):
    """A turn's post, which is not in the database yet, and what is sent of it."""

    row: tables.SocialPost
    sent: Outgoing
    marks: Marks
    adapter: "Adapter"
    at: datetime


class _SkippedError(Exception):
    """This turn is left out, for the reason it carries."""


class _TakenError(Exception):
    """Somebody else made this turn, or the repetition was paused or ended meanwhile."""


def repeat(press: "Press", post_id: int, account: str | None, wish: Wish) -> Repeated:
    """Have a post come again. Raises InputError for a post without an article to draw new words
    from, and for a rule that cannot be."""
    row = press.all_posts.get(post_id)
    if row.form != "social":
        raise InputError(
            f"Post {post_id} cannot come again by itself: fresh words for each turn come from an "
            "article, and this one was not written from one."
        )
    if row.status != APPROVED:
        raise InputError(
            f"Post {post_id} is not approved: read it, then `igny8-media posts approve {post_id}`."
        )
    target = press.account_for(service_of(row.form, row.platform), account)
    now = press.ledger.now()
    with transaction(press.shop.engine) as session:
        site = sites_of(session, [row.content_id])[row.content_id]
        zone = calendar_of(session, site, press.settings.time_zone, now).zone
    planned = [p for p in press.planning.planned(post_ids=[post_id]) if p.account_id == target.id]
    standing = [p for p in planned if p.status is not Status.CANCELLED]
    before = max((p.published_at or p.due_at for p in standing), default=now)
    rule = read_rule(wish, zone, before, now)
    return Recurrences(press.shop.engine, press.ledger.now).add(post_id, target.id, site, rule)


def take_turns(press: "Press") -> list[TurnTaken]:
    """Make what is due within a day. However many do this at once, each turn is made once; one
    that cannot be made now because something outside fails is tried again, until it is too late."""
    recurrences = Recurrences(press.shop.engine, press.ledger.now)
    done: list[TurnTaken] = []
    tried: set[int] = set()
    while True:
        waiting = recurrences.due(press.ledger.now() + LEAD)
        repeated = next((one for one in waiting if one.id not in tried), None)
        if repeated is None:
            return done
        try:
            taken = _take(press, recurrences, repeated)
        except OutsideError as error:
            log.warning("repetition %d waits: %s", repeated.id, error)
            tried.add(repeated.id)
        except Exception:  # a mistake of ours must not hold up the others
            log.exception("repetition %d failed", repeated.id)
            tried.add(repeated.id)
        else:
            if taken is None:
                tried.add(repeated.id)
            else:
                done.append(taken)


def _take(press: "Press", recurrences: Recurrences, repeated: Repeated) -> TurnTaken | None:
    """None where somebody else made the turn, or the repetition has come to its end."""
    due = repeated.next_at
    assert due is not None  # noqa: S101 - it is due
    earlier = recurrences.earlier(repeated)
    reason = decayed(recurrences.readings(repeated, [row.id for row in earlier]))
    if reason:
        recurrences.stop(repeated.id, reason)
        return None
    if not press.settings.text_sources:
        return _make(press, repeated, earlier, due)
    until = recurrences.claim(repeated)
    if until is None:
        return None
    try:
        return _make(press, repeated, earlier, due)
    finally:
        recurrences.let_go(repeated.id, until)


def _make(
    press: "Press", repeated: Repeated, earlier: "list[tables.SocialPost]", due: datetime
) -> TurnTaken | None:
    """As `_take`, once it is known that there is a turn to make."""
    post_id, note = None, ""
    try:
        try:
            # Words that a model wrote are paid when their post is planned, and not otherwise.
            with ExitStack() as bill:
                written = _written(press, repeated, earlier, due, bill)
                post_id = _end(press, repeated, due, written)
        except (_SkippedError, InputError) as error:
            note = str(error)
            _end(press, repeated, due, None, note)
    except (IntegrityError, _TakenError):
        # The turn's key, or the revision's number: somebody was faster, and the next round sees.
        return None
    return TurnTaken(recurrence_id=repeated.id, due_at=due, post_id=post_id, note=note)


def _end(
    press: "Press", repeated: Repeated, due: datetime, written: _Written | None, note: str = ""
) -> int | None:
    """Plan the turn's post, or leave the turn out for the reason in `note`."""
    with transaction(press.shop.engine) as session:
        held = begin_turn(session, repeated)
        if held is None:
            raise _TakenError
        post_id = _planned(press, session, repeated, written) if written else None
        end_turn(session, held, due, post_id, note, press.ledger.now())
        return post_id


def _written(
    press: "Press",
    repeated: Repeated,
    earlier: "list[tables.SocialPost]",
    due: datetime,
    bill: ExitStack,
) -> _Written:
    """The turn's post and what is sent of it; leaving `bill` pays for its words. Raises
    _SkippedError, and InputError where its platform would refuse it; OutsideError where the article
    cannot be had just now."""
    now = press.ledger.now()
    if due < now - _LATE:
        raise _SkippedError("Nobody was there to make it while it was due.")
    first = earlier[0]
    with transaction(press.shop.engine) as session:
        calendar = calendar_of(session, repeated.site, press.settings.time_zone, now)
    if calendar.is_off(first.platform, due.astimezone(calendar.zone).date()):
        raise _SkippedError("It fell on a day off.")
    article = press.shop.article(first.content_id)
    post = next_words(press.shop, article, repeated.account_id, earlier, bill)
    if post is None:
        raise _SkippedError("The article has nothing more to say that was not said before.")
    written: dict[str, Any] = post.model_dump(mode="json")
    row = tables.SocialPost(
        content_id=first.content_id,
        form=first.form,
        platform=first.platform,
        revision=0,
        fingerprint=fingerprint(written),
        status=APPROVED,
        post=written,
        created_at=now,
        approved_at=now,
        approved_by=REPEATED,
        note="",
    )
    account = press.accounts.get(repeated.account_id)
    chosen = press.planning.chosen(repeated.post_id, account.id)
    sent = press.sent_as(row, account, Options(), chosen)
    adapter = press.connect(account)
    wrong = adapter.validate(sent)
    if wrong:
        raise _SkippedError(f"It could not go out: {' '.join(wrong)}")
    marks = Marks(press.shop)
    marks.address(row.content_id)  # read now, not while the database is held
    return _Written(row, sent, marks, adapter, max(due, now))


def _planned(press: "Press", session: Session, repeated: Repeated, written: _Written) -> int:
    row = written.row
    newest = session.scalar(
        select(func.max(tables.SocialPost.revision)).where(
            tables.SocialPost.content_id == row.content_id,
            tables.SocialPost.form == row.form,
            tables.SocialPost.platform == row.platform,
        )
    )
    row.revision = (newest or 0) + 1
    session.add(row)
    session.flush()
    # Its links name the post, which has a number only now.
    sent = written.marks.on(row, written.sent, written.adapter)
    placement = Placement(
        post_id=row.id,
        account_id=repeated.account_id,
        content_id=row.content_id,
        service=sent.service,
        outgoing=sent.model_dump(mode="json"),
        due_at=written.at,
    )
    wanted = Wanted(placement, repeated.site, row.platform)
    press.queue.plan_in(session, [wanted], {repeated.account_id})
    return row.id
