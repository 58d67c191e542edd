"""The media store on any server that speaks S3: objects appear whole, when they are whole."""

import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from igny8_media.errors import StorageError
from igny8_media.storage.bucket import Bucket
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.media_store import LocalMediaStore, below, plain_parts, sha256_of
from igny8_media.storage.records import fingerprint
from igny8_media.storage.s3errors import S3_ERRORS, is_missing, sentence
from igny8_media.storage.types import content_type

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PART: Final = 16 << 20
"""Bytes of each part of a large file: ten thousand of them, the most there may be, are 160 GB."""
_TRANSFER: Final = TransferConfig(
    multipart_threshold=2 * _PART, multipart_chunksize=_PART, max_concurrency=4
)
_DIGEST: Final = "sha256"


class S3MediaStore:
    """A bucket, with the files in use copied to `cache` on this machine.

    Every object carries the SHA-256 of its bytes, under which its copy is kept: what another
    machine has replaced meanwhile is fetched anew. `scratch` is a folder on the cache's disk.
    """

    def __init__(
        self, client: "S3Client", bucket: Bucket, cache: FolderCache, scratch: Path
    ) -> None:
        self._client = arranged(client, own_server=bool(bucket.aws_s3_endpoint_url))
        self._bucket = bucket
        self._name = bucket.aws_storage_bucket_name
        self._cache = cache
        self._local = LocalMediaStore(scratch)

    @property
    def uri(self) -> str:
        return f"s3://{self._name}"

    def uri_of(self, key: str) -> str:
        return f"{self.uri}/{key}"

    def scratch(self) -> AbstractContextManager[Path]:
        return self._local.scratch()

    def sweep(self) -> None:
        self._local.sweep()

    def put_file(self, key: str, path: Path) -> None:
        name = plain_parts(key)[-1]
        digest = sha256_of(path)
        with self._asking(f"write {key}"):
            self._client.upload_file(
                str(path),
                self._name,
                key,
                ExtraArgs={"ContentType": content_type(key), "Metadata": {_DIGEST: digest}},
                Config=_TRANSFER,
            )
        # Whoever made it most likely reads it next.
        folder = self._cache.open()
        try:
            shutil.move(path, folder / name)
            self._cache.keep(fingerprint(digest, name), folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._cache.trim()

    def put_bytes(self, key: str, data: bytes) -> None:
        plain_parts(key)
        with self._asking(f"write {key}"):
            self._client.put_object(
                Bucket=self._name, Key=key, Body=data, ContentType=content_type(key)
            )

    def read_bytes(self, key: str) -> bytes:
        plain_parts(key)
        with self._asking(f"read {key}"):
            return self._client.get_object(Bucket=self._name, Key=key)["Body"].read()

    def local_path(self, key: str) -> Path:
        name = plain_parts(key)[-1]
        head = self._head(key)
        if head is None:
            raise StorageError(
                f"The bucket {self._name} holds no {key}: it was removed by hand; make it again "
                "with --force."
            )
        digest = _digest_of(head)
        mark = fingerprint(digest or [key, head["ETag"]], name)
        kept = self._cache.get(mark)
        if kept is None:
            kept = self._cache.fetch(mark, lambda folder: self._load(key, folder / name, digest))
            self._cache.trim()
        return kept / name

    def exists(self, key: str) -> bool:
        return self._head(key) is not None

    def holds(self, keys: Iterable[str]) -> bool:
        folders: dict[str, set[str]] = {}
        for key in keys:
            folders.setdefault("/".join(plain_parts(key)[:-1]) + "/", set()).add(key)
        return all(wanted <= self._listed(folder) for folder, wanted in folders.items())

    def public_url(self, key: str) -> str:
        plain_parts(key)
        if self._bucket.media_cdn_url:
            return below(self._bucket.media_cdn_url, key)
        with self._asking(f"sign an address of {key}"):
            return self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._name, "Key": key},
                ExpiresIn=self._bucket.media_url_seconds,
            )

    def _head(self, key: str) -> Any:
        """What the server says of an object, or None where there is none."""
        plain_parts(key)
        with self._asking(f"look for {key}"):
            try:
                return self._client.head_object(Bucket=self._name, Key=key)
            except ClientError as error:
                if is_missing(error):
                    return None
                raise

    def _listed(self, folder: str) -> set[str]:
        with self._asking(f"list {folder}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._name, Prefix=folder
            )
            return {item["Key"] for page in pages for item in page.get("Contents", [])}

    def _load(self, key: str, target: Path, digest: str) -> None:
        with self._asking(f"read {key}"):
            self._client.download_file(self._name, key, str(target), Config=_TRANSFER)
        target.chmod(0o644)
        if digest and sha256_of(target) != digest:
            raise StorageError(
                f"{self.uri_of(key)} was replaced while it was read, or is damaged; try again."
            )

    @contextmanager
    def _asking(self, doing: str) -> Iterator[None]:
        try:
            yield
        except S3_ERRORS as error:
            raise StorageError(sentence(error, self._bucket, doing)) from error


def arranged(client: "S3Client", *, own_server: bool) -> "S3Client":
    """The client, set for what its makers leave no room for in Dagster's S3Resource."""
    # It logs the signatures of addresses that it makes, and the session's token.
    logging.getLogger("botocore").setLevel(logging.INFO)
    events: Any = client.meta.events
    config: Any = client.meta.config
    # In its older regions boto3 signs addresses in a way that other servers no longer take.
    events.register_first("choose-signer.s3", _sign_as_now)
    if own_server:
        # Its name has no entry in the DNS for each bucket, and many know no trailing checksums.
        events.register_first("before-endpoint-resolution.s3", _bucket_in_path)
        config.request_checksum_calculation = "when_required"
        config.response_checksum_validation = "when_required"
    return client


def _sign_as_now(signature_version: object, **_: Any) -> str | None:
    signing_address = isinstance(signature_version, str) and signature_version.endswith("-query")
    return "s3v4-query" if signing_address else None


def _bucket_in_path(builtins: dict[str, Any], **_: Any) -> None:
    builtins["AWS::S3::ForcePathStyle"] = True


def _digest_of(head: Any) -> str:
    """The SHA-256 that an object carries; servers change the case of its name. May be empty."""
    carried = {name.lower(): value for name, value in head.get("Metadata", {}).items()}
    return str(carried.get(_DIGEST, ""))
