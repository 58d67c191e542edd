"""What became of one content."""

from dataclasses import dataclass, field

from igny8_media.storage.records import Record


@dataclass
class Outcome:
    """A content's records, which of them are new, and as (asset, message) what went wrong and what
    waits for a person."""

    content_id: str
    title: str
    records: list[Record] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)
    errors: list[tuple[str, str]] = field(default_factory=list)
    waits: list[tuple[str, str]] = field(default_factory=list)

    @property
    def status(self) -> str:
        if self.errors:
            return "failed"
        return "made" if self.fresh else "unchanged"
