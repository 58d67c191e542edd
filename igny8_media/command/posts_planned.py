"""`igny8-media posts schedule`: many posts, many accounts, one moment or the slots to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from igny8_media.accounts.model import Service
from igny8_media.command.posts import each, made_of, one_way, open_desk, say
from igny8_media.errors import InputError
from igny8_media.planning.localtime import moment_of
from igny8_media.planning.week import read_day
from igny8_media.publishing.choices import read_options
from igny8_media.publishing.moments import moment, offset_of, zone_of
from igny8_media.publishing.placing import Turn
from igny8_media.stages.press import Press


@dataclass(frozen=True)
class When:
    """As it was typed: a local time `at` in `zone`, or the queue, from a day on."""

    at: str | None = None
    zone: str | None = None
    queue: bool = False
    priority: int | None = None
    first_day: str | None = None


def schedule(
    post_ids: Sequence[int],
    when: When,
    accounts: Sequence[str],
    options: Sequence[str],
    *,
    all_approved: bool,
    contents: Sequence[str],
    as_json: bool,
) -> int:
    """Plan approved posts for a time to come, or for the slots that are free."""
    one_way("--all-approved", post_ids, all_approved, contents)
    _fits(when)
    with open_desk() as press:
        due, turn = _read(press, when)
        if all_approved:
            ours = made_of(contents, press.posts())
            post_ids = [p.id for p in ours if p.status == "approved" and not p.publications]
        chosen = read_options(options)
        pairs = [
            (post_id, account)
            for post_id in dict.fromkeys(post_ids)
            for account in _accounts_of(press, post_id, accounts)
        ]
        wanted, refused = each(
            pairs, lambda pair: press.wanted(pair[0], pair[1], due, chosen, turn)
        )
        # An account may be named by its number and its name; the post goes there once.
        once = {(one.placement.post_id, one.placement.account_id): one for one in wanted}
        press.queue.plan(list(once.values()))
        told = {post_id: reason for (post_id, _), reason in refused.items()}
        planned = dict.fromkeys(one.placement.post_id for one in wanted)
        posts = [press.post(post_id) for post_id in planned]
        say(press, posts, as_json, told, _typed_zone(press, when))
    return 1 if refused else 0


def _fits(when: When) -> None:
    if (when.at is None) != when.queue:
        raise InputError("Say when: --at TIME, or --queue for the next free slot; not both.")
    if when.at is not None and (when.priority is not None or when.first_day is not None):
        raise InputError("--priority and --from are for the queue; a time of its own needs none.")
    if when.queue and when.zone is not None and when.first_day is None:
        raise InputError("--zone says where --at or --from is meant; the queue has its site's.")


def _read(press: Press, when: When) -> tuple[datetime | None, Turn | None]:
    zone = when.zone or press.settings.time_zone
    if when.at is not None:
        return moment(when.at, zone, press.ledger.now()), None
    not_before = None
    if when.first_day is not None:
        not_before = moment_of(read_day(when.first_day), 0, zone_of(zone))
    return None, Turn(press.ledger.now(), when.priority or 0, not_before)


def _typed_zone(press: Press, when: When) -> tzinfo | None:
    """The zone in which the time was meant that was typed, if one was."""
    if when.at is None:
        return None
    return offset_of(when.at) or zone_of(when.zone or press.settings.time_zone)


def _accounts_of(press: Press, post_id: int, accounts: Sequence[str]) -> Sequence[str | None]:
    """Where several accounts are named, a post goes to those of its own platform."""
    if len(accounts) <= 1:
        return accounts or (None,)
    service: Service = press.post(post_id).service
    mine = [
        name
        for name in accounts
        if name == "sandbox" or press.accounts.find(name).service is service
    ]
    if not mine:
        raise InputError(
            f"None of the accounts is one of {service.label}, which post {post_id} is for; name "
            "one more with --account."
        )
    return mine
