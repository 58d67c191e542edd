"""The workshop: what every stage may use, opened from the settings."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from igny8_media.settings import Settings
from igny8_media.storage.bucket import connect, load_bucket
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.media_store import LocalMediaStore, MediaStore
from igny8_media.storage.records import Records

if TYPE_CHECKING:  # SQLAlchemy is opened when first used, not when Dagster reads the definitions
    from mypy_boto3_s3 import S3Client
    from sqlalchemy import Engine

    from igny8_media.accounts.store import Accounts
    from igny8_media.articles.model import Article
    from igny8_media.credits.ledger import Credits
    from igny8_media.database.contents import Contents
    from igny8_media.database.drafts import Drafts
    from igny8_media.database.films import Films
    from igny8_media.database.notifications import Notices
    from igny8_media.database.scripts import Scripts
    from igny8_media.planning.automations import Automations
    from igny8_media.publishing.planning import Planning

_CACHE_BYTES: Final = 4_000_000_000
"""What each kind of kept work may take: about ten hours of segments."""


@dataclass(frozen=True)
class Workshop:
    """The settings, the files with their records, and the tables people edit.

    `s3` is a client for the bucket, if there is one and whoever opens the workshop has made it.
    """

    settings: Settings
    s3: "S3Client | None" = None

    @cached_property
    def store(self) -> MediaStore:
        """The bucket of AWS_STORAGE_BUCKET_NAME, or a folder in IGNY8_HOME."""
        bucket = load_bucket()
        if not bucket.aws_storage_bucket_name:
            return LocalMediaStore(self.settings.media_dir, bucket.media_cdn_url)
        from igny8_media.storage.s3 import S3MediaStore

        client = self.s3 or connect(bucket)
        return S3MediaStore(client, bucket, self.cache("media"), self.settings.media_dir)

    @cached_property
    def records(self) -> Records:
        return Records(self.store)

    def cache(self, name: str) -> FolderCache:
        """Work worth keeping on this machine; it may be emptied at any time."""
        return FolderCache(self.settings.cache_dir / name, _CACHE_BYTES)

    @cached_property
    def _articles(self) -> "dict[str, Article]":
        return {}

    def article(self, content_id: str) -> "Article":
        """The article as its source has it now, fetched once in this workshop's life."""
        from igny8_media.stages.fetching import fetch_article

        if content_id not in self._articles:
            ref = self.contents.get(content_id)
            self._articles[content_id] = fetch_article(self.settings, ref)
        return self._articles[content_id]

    @property
    def engine(self) -> "Engine":
        """The database, opened once for the process."""
        from igny8_media.database.engine import shared_database

        return shared_database(self.settings.sqlalchemy_url)

    @cached_property
    def contents(self) -> "Contents":
        from igny8_media.database.contents import Contents

        return Contents(self.engine)

    @cached_property
    def drafts(self) -> "Drafts":
        from igny8_media.database.drafts import Drafts

        return Drafts(self.engine)

    @cached_property
    def films(self) -> "Films":
        from igny8_media.database.films import Films

        return Films(self.engine)

    @cached_property
    def scripts(self) -> "Scripts":
        from igny8_media.database.scripts import Scripts

        return Scripts(self.engine)

    @cached_property
    def planning(self) -> "Planning":
        from igny8_media.publishing.planning import Planning

        return Planning(self.engine)

    @cached_property
    def automations(self) -> "Automations":
        from igny8_media.planning.automations import Automations

        return Automations(self.engine, self.settings.time_zone, self.planning.now)

    @cached_property
    def credits(self) -> "Credits":
        from igny8_media.credits.ledger import Credits

        return Credits(self.engine, self.settings.credit_account, self.settings.credit_limit)

    @cached_property
    def notices(self) -> "Notices":
        from igny8_media.database.notifications import Notices

        return Notices(self.engine)

    @cached_property
    def accounts(self) -> "Accounts":
        from igny8_media.accounts.keys import open_vault
        from igny8_media.accounts.store import Accounts

        key = self.settings.token_key
        vault = open_vault(key.get_secret_value() if key else None, self.settings.resolved_home)
        return Accounts(self.engine, vault)
