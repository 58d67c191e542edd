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
from igny8_media.publishing.model import Options, Outgoing
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
    misread = {problem.line for problem in problems}
    wanted: list[Wanted] = []
    names: list[str] = []
    for start in range(0, len(lines), _AT_ONCE):
        batch = lines[start : start + _AT_ONCE]
        reader.load(batch)
        for line in batch:
            found, wrong = reader.wanted(line, right=line.number not in misread)
            problems += [Problem(line.number, message) for message in wrong]
            if found:
                wanted.append(found[0])
                names.append(found[1])
    if problems:
        problems.sort(key=lambda problem: problem.line)
        return Imported(rows=(), errors=tuple((one.line, one.message) for one in problems))
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
        self._by_content = posts.approved_of([one.content for one in lines if one.content])
        ids = [line.post for line in lines if line.post is not None]
        self._rows = posts.many([*ids, *self._by_content.values()])
        self._chosen = planning.all_chosen(self._rows)
        self._too_late = planning.too_late(self._rows)
        with transaction(self._press.shop.engine) as session:
            self._sites = sites_of(session, {row.content_id for row in self._rows.values()})
            usual = self._press.settings.time_zone
            for site in sorted(set(self._sites.values()) - set(self._zones)):
                self._zones[site] = calendar_of(session, site, usual, self._now).zone

    def wanted(self, line: Line, *, right: bool) -> tuple[tuple[Wanted, str] | None, list[str]]:
        """What is planned for a line, and the account's name; None and everything that is wrong
        with it otherwise. `right` says whether all of it could be read."""
        wrong: list[str] = []
        row = self._row(line, wrong)
        account = self._account(service_of(row.form, row.platform), line, wrong) if row else None
        when = self._when(line, row, wrong)
        if row is None or account is None:
            return None, wrong
        first = self._seen.get((row.id, account.id))
        if first is not None:
            wrong.append(
                f"Post {row.id} is there for {account.name} already, in line {first}; keep one."
            )
        elif (row.id, account.id) in self._too_late:
            wrong.append(self._too_late[row.id, account.id])
        sent = self._sent(line, row, account, wrong)
        if wrong or not right or sent is None or when is None:
            return None, wrong
        # Only now: that another line takes the place of one that is wrong is no mistake.
        self._seen[row.id, account.id] = line.number
        written = sent.model_dump(mode="json")
        # Most rows choose the same, and a hundred thousand are held until all have been looked at.
        written["options"] = self._options.setdefault(sent.options, written["options"])
        due, turn = when
        placement = Placement(
            post_id=row.id,
            account_id=account.id,
            content_id=row.content_id,
            service=account.service,
            outgoing=written,
            due_at=due,
            turn=turn,
        )
        return (Wanted(placement, self._sites[row.content_id], row.platform), account.name), []

    def _row(self, line: Line, wrong: list[str]) -> "SocialPost | None":
        number = line.post
        if number is None and line.content:
            number = self._by_content.get((line.content, line.place))
            if number is None:
                wrong.append(f"{line.content} has no approved post for {line.place}.")
        if number is None:
            return None
        row = self._rows.get(number)
        if row is None:
            wrong.append(f"There is no post {number}; `igny8-media posts list` shows them.")
            return None
        if line.place and line.place != row.platform:
            wrong.append(f"Post {number} is for {row.platform}, and the line says {line.place}.")
        if row.status != APPROVED:
            wrong.append(f"Post {number} is not approved: `igny8-media posts approve {number}`.")
        return row

    def _account(self, service: "Service", line: Line, wrong: list[str]) -> "Account | None":
        key = (service, line.account)
        if key not in self._accounts:
            try:
                account = self._press.account_for(*key)
                if account.sandbox:
                    self._press.sandbox.ready()
                self._accounts[key] = account
            except Igny8Error as error:
                self._accounts[key] = error
        found = self._accounts[key]
        if isinstance(found, Igny8Error):
            wrong.append(str(found))
            return None
        return found

    def _sent(
        self, line: Line, row: "SocialPost", account: "Account", wrong: list[str]
    ) -> Outgoing | None:
        if line.chosen is None:  # what its platform would miss may be what was misspelt
            return None
        before = self._chosen.get((row.id, account.id), {})
        try:
            sent = self._press.sent_as(row, account, line.chosen(account.service), before)
            if account.id not in self._adapters:
                self._adapters[account.id] = self._press.connect(account)
            adapter = self._adapters[account.id]
            refused = adapter.validate(sent)
            if not refused:
                return self._marks.on(row, sent, adapter)
        except Igny8Error as error:
            wrong.append(str(error))
            return None
        wrong.append(f"Post {row.id} cannot go out as it is: {' '.join(refused)}")
        return None

    def _when(
        self, line: Line, row: "SocialPost | None", wrong: list[str]
    ) -> tuple[datetime, Turn | None] | None:
        # Where the zone is not known, any will do to see whether it is a time at all.
        zone = self._zones[self._sites[row.content_id]] if row else ZoneInfo("UTC")
        try:
            zone = zone_of(line.zone) if line.zone else zone
        except InputError as error:
            wrong.append(str(error))
            zone = ZoneInfo("UTC")
        try:
            if line.at is not None:
                return moment(line.at, str(zone), self._now), None
        except InputError as error:
            wrong.append(str(error))
            return None
        first = line.not_before
        not_before = moment_of(first, 0, zone) if first else None
        return self._now, Turn(self._now, line.priority, not_before)
