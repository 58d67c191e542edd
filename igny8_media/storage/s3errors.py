"""What an S3 server refused, and why, as a sentence that names the remedy."""

from typing import Final

from boto3.exceptions import Boto3Error, RetriesExceededError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)

from igny8_media.storage.bucket import Bucket

S3_ERRORS: Final = (ClientError, BotoCoreError, Boto3Error)
_MISSING: Final = {"404", "NoSuchKey", "NotFound"}
_KEY: Final = {
    "401", "403", "AccessDenied", "AllAccessDisabled", "AuthFailure", "ExpiredToken",
    "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "Unauthorized",
}  # fmt: skip
_REGION: Final = {
    "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException",
    "PermanentRedirect",
}  # fmt: skip
_FULL: Final = {"507", "EntityTooLarge", "InsufficientStorage", "QuotaExceeded", "StorageFull"}


def code_of(error: BaseException) -> str:
    """The server's code for what went wrong; empty where no answer came."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    # An upload's own error hides the one that caused it.
    return code_of(error.__context__) if error.__context__ is not None else ""


def is_missing(error: ClientError) -> bool:
    """Whether it says that there is no such object (or, to a HEAD, no such bucket)."""
    return code_of(error) in _MISSING


def sentence(error: BaseException, bucket: Bucket, doing: str) -> str:
    """For people; `doing` is what was tried ("read content/a/post.json")."""
    return f"Cannot {doing} in the bucket {bucket.aws_storage_bucket_name}: {_why(error, bucket)}"


def _why(error: BaseException, bucket: Bucket) -> str:
    code = code_of(error)
    if not code:
        return _silence(error, bucket)
    if code == "NoSuchBucket":
        return (
            f"there is no bucket of that name at {bucket.place}; make it, or correct "
            "AWS_STORAGE_BUCKET_NAME."
        )
    if code in _KEY:
        return (
            f"{bucket.place} refuses the key ({code}); set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY to one that may list, read and write there."
        )
    if code in _REGION:
        return f"it is in another region ({code}); set AWS_S3_REGION_NAME to the bucket's."
    if code == "RequestTimeTooSkewed":
        return "this machine's clock is wrong; set it."
    if code in _FULL or code.endswith("StorageFull"):
        return f"there is no more room ({code}); make some, or raise the quota."
    if code in _MISSING:
        return "it is not there; it was removed by hand, make it again with --force."
    return f"{bucket.place} answered {code}; try again later."


def _silence(error: BaseException, bucket: Bucket) -> str:
    """Why there was no answer at all."""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return "there is no key for it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    if isinstance(error, HTTPClientError | ConnectionError | RetriesExceededError):
        return (
            f"{bucket.place} cannot be reached ({type(error).__name__}); check the network and "
            "AWS_S3_ENDPOINT_URL."
        )
    return f"{type(error).__name__}; check the AWS_ settings in docs/settings.md."
