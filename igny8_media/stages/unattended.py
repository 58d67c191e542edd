"""What is approved and queued without a person, where somebody switched that on."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from igny8_media.database.transactions import transaction
from igny8_media.errors import Igny8Error, InputError
from igny8_media.planning.automation import Automation
from igny8_media.planning.sites import sites_of
from igny8_media.publishing.model import Options
from igny8_media.publishing.placing import Turn
from igny8_media.publishing.posts import Posts
from igny8_media.stages.outgoing import service_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igny8_media.database.tables import SocialPost
    from igny8_media.stages.press import Press
    from igny8_media.stages.workshop import Workshop

log = logging.getLogger(__name__)

_FRESH: Final = timedelta(days=1)


Unattended = Literal["approve", "queue"]


def waiting(
    shop: "Workshop", posts: Posts, now: datetime
) -> "list[tuple[SocialPost, Unattended, Automation]]":
    """What is to be done unseen, with the rules of each post's site.

    Drafts that may go out: made within the last day, the first of their content for their place.
    Switching it on must not send out what has lain there, and an article that was edited must not
    go out a second time. And what a person approved within the last day and did not plan, where
    the site wants that queued.
    """
    usual, sites = set(shop.settings.auto_approve), shop.automations.all()
    drafts: Sequence[SocialPost] = ()
    approved: Sequence[SocialPost] = ()
    if usual or any(rules.auto_approve for rules in sites.values()):
        drafts = posts.untouched(now - _FRESH)
    if any(rules.schedule_approved for rules in sites.values()):
        approved = posts.unplanned(now - _FRESH)
    with transaction(shop.engine, reading=True) as session:
        of = sites_of(session, [row.content_id for row in (*drafts, *approved)])
    rules = {site: sites.get(site, Automation()) for site in set(of.values())}
    found: list[tuple[SocialPost, Unattended, Automation]] = []
    for row in drafts:
        site = rules[of[row.content_id]]
        if site.approves(row.form, row.platform, usual):
            found.append((row, "approve", site))
    for row in approved:
        site = rules[of[row.content_id]]
        if site.schedule_approved:
            found.append((row, "queue", site))
    return found


def work_unattended(press: "Press") -> tuple[list[int], dict[int, str]]:
    """Approve and plan what waits: (IDs of those, why not by ID).

    One that cannot go out is left to its person, who is told once; it holds up no other.
    """
    done: list[int] = []
    refused: dict[int, str] = {}
    for row, what, rules in waiting(press.shop, press.all_posts, press.ledger.now()):
        verb = "approved" if what == "approve" else "queued"
        try:
            if _planned(press, row, what, rules):
                done.append(row.id)
            continue
        except Igny8Error as error:
            refused[row.id] = str(error)
        except Exception as error:  # a mistake of ours must not hold up what people planned
            log.exception("post %d could not be %s", row.id, verb)
            refused[row.id] = f"igny8-media failed over it ({type(error).__name__}: {error})."
        told = f"Post {row.id} was not {verb} automatically. {refused[row.id]}"
        press.accounts.notify(f"unattended:{row.id}", "approval", told)
    return done, refused


def _planned(press: "Press", row: "SocialPost", what: Unattended, rules: Automation) -> bool:
    """False where there is nobody to publish it as, since the sandbox is for people who try things,
    or where a person decided about it meanwhile."""
    service = service_of(row.form, row.platform)
    accounts = [account for account in press.accounts.list(service) if not account.sandbox]
    if len(accounts) > 1:
        raise InputError(f"There are several accounts of {service.label}: choose one by hand.")
    if not accounts:
        return False
    press.checked(row, accounts[0], Options())
    # In this order: what is approved and not planned yet is found again.
    if what == "approve" and not press.all_posts.approve_unseen(row.id):
        return False
    turn = Turn(press.ledger.now()) if rules.schedule_approved else None
    press.plan(row.id, str(accounts[0].id), None, lambda _: Options(), turn)
    return True
