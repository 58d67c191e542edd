"""Which sites there are: a name that nobody uses is a slip of the pen, not a new site."""

import difflib

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content, Site
from igny8_media.errors import InputError
from igny8_media.planning.sites import MAIN


def check_site(session: Session, name: str) -> None:
    """Raises InputError for a site that has neither a calendar nor an article; the main one is
    always there, also before its first use."""
    if name == MAIN or session.get(Site, name) is not None:
        return
    if session.scalar(select(Content.content_id).where(Content.site == name).limit(1)):
        return
    there = {MAIN, *session.scalars(select(Site.name))}
    there |= set(session.scalars(select(Content.site).distinct()))
    near = difflib.get_close_matches(name, there, 1)
    hint = f"did you mean {near[0]}?" if near else f"there {_are(sorted(there))}."
    raise InputError(
        f"There is no site '{name[:64]}'; {hint} `igny8-media calendar site NAME --zone ZONE` "
        "makes one."
    )


def _are(names: list[str]) -> str:
    return f"{'are' if len(names) > 1 else 'is'} {', '.join(names)}"
