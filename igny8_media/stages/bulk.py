"""Many posts at once, from a table: everything is looked at before anything is planned."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from igny8_media.database.transactions import transaction
from igny8_media.errors import Igny8Error, InputError
from igny8_media.frozen import Frozen
from igny8_media.planning.localtime import moment_of
from igny8_media.planning.queue import Wanted
from igny8_media.planning.sites import calendar_of, sites_of
from igny8_media.planning.table import Line, Problem, read_table
from igny8_media.publishing.model import Options
from igny8_media.publishing.moments import moment, zone_of
from igny8_media.publishing.placing import Placement, Turn
from igny8_media.publishing.statuses import APPROVED
from igny8_media.stages.marking import Marks
from igny8_media.stages.outgoing import service_of

if TYPE_CHECKING:
    from igny8_media.accounts.model import Account, Service
    from igny8_media.database.tables import SocialPost
    from igny8_media.publishing.contract import Adapter
    from igny8_media.stages.press import Press

_AT_ONCE: Final = 1000
"""Lines whose posts are held in memory together."""


class ImportedRow(Frozen):
    """A line of the table as it is planned; `at` is UTC."""

    line: int
    post_id: int
    account: str
    place: str
    at: datetime
    queued: bool


class Imported(Frozen):
    """What became of a table: all of `rows`, or, where there are `errors`, nothing."""

    rows: tuple[ImportedRow, ...]
    errors: tuple[tuple[int, str], ...]
    """Lines, and what is wrong there."""


def import_table(press: "Press", file: Path, *, preview: bool) -> Imported:
    """Plan everything that a table names, in one transaction; `preview` only says when each would
    go out. Raises InputError for a file that is no table, or that the slots cannot take."""
    lines, problems = read_table(file)
    reader = _Reader(press)
    wanted: list[Wanted] = []
    names: list[str] = []
    for start in range(0, len(lines), _AT_ONCE):
        batch = lines[start : start + _AT_ONCE]
        reader.load(batch)
        for line in batch:
            try:
                one, name = reader.wanted(line)
            except Igny8Error as error:
                problems.append(Problem(line.number, str(error)))
                continue
            wanted.append(one)
            names.append(name)
    if problems:
        told = sorted((problem.line, problem.message) for problem in problems)
        return Imported(rows=(), errors=tuple(told))
    if preview:
        due = press.queue.preview(wanted)
    else:
        due = press.planning.due_of(press.queue.plan(wanted))
    rows = (
        ImportedRow(
            line=line.number,
            post_id=one.placement.post_id,
            account=name,
            place=one.place,
            at=at,
            queued=one.placement.turn is not None,
        )
        for line, one, name, at in zip(lines, wanted, names, due, strict=True)
    )
    return Imported(rows=tuple(rows), errors=())


class _Reader:
    """Lines as posts that want a place; what many lines share is asked for once."""

    def __init__(self, press: "Press") -> None:
        self._press, self._now = press, press.ledger.now()
        self._marks = Marks(press.shop)
        self._by_content: dict[tuple[str, str], int] = {}
        self._rows: dict[int, SocialPost] = {}
        self._chosen: dict[tuple[int, int], dict[str, Any]] = {}
        self._too_late: dict[tuple[int, int], str] = {}
        self._sites: dict[str, str] = {}
        self._zones: dict[str, ZoneInfo] = {}
        self._accounts: dict[tuple[Service, str | None], Account | Igny8Error] = {}
        self._adapters: dict[int, Adapter] = {}
        self._seen: dict[tuple[int, int], int] = {}
        self._options: dict[Options, dict[str, Any]] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """What `wanted` needs to know of these lines; what it knew of others is forgotten."""
        posts, planning = self._press.all_posts, self._press.planning
        self._by_content = posts.approved_of([one.content for one in lines if one.post is None])
        ids = [line.post for line in lines if line.post is not None]
        self._rows = posts.many([*ids, *self._by_content.values()])
        self._chosen = planning.all_chosen(self._rows)
        self._too_late = planning.too_late(self._rows)
        with transaction(self._press.shop.engine) as session:
            self._sites = sites_of(session, {row.content_id for row in self._rows.values()})
            usual = self._press.settings.time_zone
            for site in sorted(set(self._sites.values()) - set(self._zones)):
                self._zones[site] = calendar_of(session, site, usual, self._now).zone

    def wanted(self, line: Line) -> tuple[Wanted, str]:
        """What is planned for a line, and the account's name. Raises InputError."""
        row = self._row(line)
        account = self._account(service_of(row.form, row.platform), line.account)
        first = self._seen.setdefault((row.id, account.id), line.number)
        if first != line.number:
            raise InputError(
                f"Post {row.id} is there for {account.name} already, in line {first}; keep one."
            )
        if (row.id, account.id) in self._too_late:
            raise InputError(self._too_late[row.id, account.id])
        before = self._chosen.get((row.id, account.id), {})
        sent = self._press.sent_as(row, account, line.chosen(account.service), before)
        if account.id not in self._adapters:
            self._adapters[account.id] = self._press.connect(account)
        adapter = self._adapters[account.id]
        wrong = adapter.validate(sent)
        if wrong:
            raise InputError(f"Post {row.id} cannot go out as it is: {' '.join(wrong)}")
        sent = self._marks.on(row, sent, adapter)
        site = self._sites[row.content_id]
        due, turn = self._when(line, site)
        written = sent.model_dump(mode="json")
        # Most rows choose the same, and a hundred thousand are held until all have been looked at.
        written["options"] = self._options.setdefault(sent.options, written["options"])
        placement = Placement(
            post_id=row.id,
            account_id=account.id,
            content_id=row.content_id,
            service=account.service,
            outgoing=written,
            due_at=due,
            turn=turn,
        )
        return Wanted(placement, site, row.platform), account.name

    def _row(self, line: Line) -> "SocialPost":
        number = line.post
        if number is None:
            number = self._by_content.get((line.content, line.place))
            if number is None:
                raise InputError(f"{line.content} has no approved post for {line.place}.")
        row = self._rows.get(number)
        if row is None:
            raise InputError(f"There is no post {number}; `igny8-media posts list` shows them.")
        if line.place and line.place != row.platform:
            raise InputError(
                f"Post {number} is for {row.platform}, and the line says {line.place}."
            )
        if row.status != APPROVED:
            raise InputError(
                f"Post {number} is not approved: `igny8-media posts approve {number}`."
            )
        return row

    def _account(self, service: "Service", text: str | None) -> "Account":
        if (service, text) not in self._accounts:
            try:
                account = self._press.account_for(service, text)
                if account.sandbox:
                    self._press.sandbox.ready()
                self._accounts[service, text] = account
            except Igny8Error as error:
                self._accounts[service, text] = error
        found = self._accounts[service, text]
        if isinstance(found, Igny8Error):
            raise found
        return found

    def _when(self, line: Line, site: str) -> tuple[datetime, Turn | None]:
        zone = zone_of(line.zone) if line.zone else self._zones[site]
        if line.at is not None:
            return moment(line.at, str(zone), self._now), None
        first = line.not_before
        not_before = moment_of(first, 0, zone) if first else None
        return self._now, Turn(self._now, line.priority, not_before)
