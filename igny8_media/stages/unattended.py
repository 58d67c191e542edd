"""Approval without a person, for the platforms that somebody switched to it."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from igny8_media.database.transactions import transaction
from igny8_media.errors import Igny8Error, InputError
from igny8_media.planning.automation import Automation
from igny8_media.planning.sites import sites_of
from igny8_media.publishing.model import Options
from igny8_media.publishing.posts import AUTOMATIC, Posts
from igny8_media.stages.outgoing import service_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igny8_media.database.tables import SocialPost
    from igny8_media.stages.press import Press
    from igny8_media.stages.workshop import Workshop

log = logging.getLogger(__name__)

_FRESH: Final = timedelta(days=1)


def waiting(shop: "Workshop", posts: Posts, now: datetime) -> "Sequence[SocialPost]":
    """The drafts that may go out unseen: made within the last day, the first of their content for
    their place. Switching it on must not send out what has lain there, and an article that was
    edited must not go out a second time."""
    usual, sites = set(shop.settings.auto_approve), shop.automations.all()
    if not usual and not any(rules.auto_approve for rules in sites.values()):
        return []
    found = posts.untouched(now - _FRESH)
    with transaction(shop.engine, reading=True) as session:
        of = sites_of(session, [row.content_id for row in found])
    rules = {site: sites.get(site, Automation()) for site in set(of.values())}
    return [
        row for row in found if rules[of[row.content_id]].approves(row.form, row.platform, usual)
    ]


def approve_unattended(press: "Press") -> tuple[list[int], dict[int, str]]:
    """Approve and plan them for now: (IDs of those, why not by ID).

    One that cannot go out stays a draft for its person, who is told once; it holds up no other.
    """
    done: list[int] = []
    refused: dict[int, str] = {}
    for row in waiting(press.shop, press.all_posts, press.ledger.now()):
        try:
            if _approved(press, row):
                done.append(row.id)
        except Igny8Error as error:
            refused[row.id] = str(error)
        except Exception as error:  # a mistake of ours must not hold up what people planned
            log.exception("post %d could not be approved", row.id)
            refused[row.id] = f"igny8-media failed over it ({type(error).__name__}: {error})."
    for post_id, reason in refused.items():
        told = f"Post {post_id} was not approved automatically. {reason}"
        press.accounts.notify(f"unattended:{post_id}", "approval", told)
    return done, refused


def _approved(press: "Press", row: "SocialPost") -> bool:
    """False where there is nobody to publish it as: the sandbox is for people who try things."""
    service = service_of(row.form, row.platform)
    accounts = [account for account in press.accounts.list(service) if not account.sandbox]
    if len(accounts) > 1:
        raise InputError(f"There are several accounts of {service.label}: choose one by hand.")
    if not accounts:
        return False
    sent = press.checked(row, accounts[0], Options())
    # In this order: what is approved and not planned yet is found again.
    press.all_posts.approve(row.id, AUTOMATIC)
    now = press.ledger.now()
    press.planning.schedule(row.id, row.content_id, accounts[0], sent, now)
    return True
