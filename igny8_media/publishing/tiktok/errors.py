"""What TikTok's errors mean (Content Posting API v2, developers.tiktok.com, 2026)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.api import Reply, retry_after
from igny8_media.publishing.outcomes import (
    Ambiguous,
    NeedsAuth,
    Permanent,
    Quota,
    Refusal,
    Retryable,
)

EXPIRED: Final = "TikTok's address for the upload is no longer valid."
_PAUSE: Final = 60.0
_DAY: Final = timedelta(hours=24)
_NOT_GRANTED: Final = ("scope_not_authorized", "scope_permission_missed")
_FULL: Final = {
    "spam_risk_too_many_posts": "TikTok takes no more posts of this account for a day.",
    "spam_risk_too_many_pending_share": "Too many drafts wait in the TikTok app; finish or discard "
    "some, or wait a day.",
    "reached_active_user_cap": "The application has reached TikTok's limit of accounts a day.",
}
_REMEDIES: Final = {
    "unaudited_client_can_only_post_to_private_accounts": "TikTok has not audited this "
    "application: set the account to private and the post to SELF_ONLY, or have it audited",
    "url_ownership_unverified": "verify the address of MEDIA_CDN_URL for this application in "
    "TikTok's developer portal",
    "privacy_level_option_mismatch": "choose another privacy, one that TikTok offers this account",
    "spam_risk_user_banned_from_posting": "TikTok has banned the account from posting; see its app",
    "spam_risk": "TikTok took it for spam; change it or post by hand",
    "spam_risk_text": "TikTok took the text for spam; reword it",
    "app_version_check_failed": "the creator must update the TikTok app",
}
_AGAIN: Final = ("internal", "video_pull_failed", "photo_pull_failed")
_FAILED: Final = {
    "file_format_check_failed": "export it as MP4 with H.264",
    "duration_check_failed": "make it shorter",
    "frame_rate_check_failed": "export it with 23 to 60 frames a second",
    "picture_size_check_failed": "make it 360 to 4096 pixels wide and high (a photo at most 1080p)",
    "auth_removed": "connect the account again and retry",
    **_REMEDIES,
}


def judge(reply: Reply, commit: bool, now: datetime) -> Refusal | None:
    """What a reply of the API means: its envelope says it, whatever the status code is."""
    code, said = code_of(reply), message_of(reply)
    if code == "ok":
        return None
    if code in _NOT_GRANTED:
        return NeedsAuth(
            f"TikTok was not allowed to do this ({said}); connect the account again and grant "
            "every permission.",
            renewable=False,
        )
    if code == "access_token_invalid" or reply.status == 401:
        return NeedsAuth(f"TikTok no longer takes the token ({said}); connect the account again.")
    if code == "rate_limit_exceeded" or reply.status == 429:
        after = retry_after(reply.headers, now) or 0.0
        told = "TikTok takes no more requests now."
        return Retryable(told, after=max(_PAUSE, after), counted=False)
    if code in _FULL:
        return Quota(now + _DAY, _FULL[code])
    if code == "internal_error" or reply.status >= 500:
        told = f"TikTok answered {reply.status}: {said}"
        return Ambiguous(told) if commit else Retryable(told)
    if not code:
        if reply.status >= 300:
            return None  # not TikTok itself: its status says what there is to say
        told = "TikTok's answer cannot be read"
        return Ambiguous(f"{told}.") if commit else Retryable(f"{told}; trying again.")
    remedy = _REMEDIES.get(code)
    return Permanent(f"TikTok refused it: {said}" + (f"; {remedy}." if remedy else "."))


def judge_upload(reply: Reply, _commit: bool) -> Refusal | None:
    """What the place that takes the bytes answers; it has no envelope (Media Transfer Guide).

    An address that is refused is no answer about the post.
    """
    if reply.status in (401, 403, 404):
        return Retryable(EXPIRED, after=1.0, afresh=True)
    if reply.status == 416:
        return Retryable("TikTok has another number of bytes than was sent; asking it.", after=1.0)
    return None


def failure(reason: str) -> Refusal:
    """What a status of FAILED means by its `fail_reason`: nothing was published."""
    if reason in _AGAIN:
        return Retryable(f"TikTok failed ({reason}); it starts over.", after=_PAUSE, afresh=True)
    remedy = _FAILED.get(reason)
    return Permanent(
        f"TikTok did not publish it: {reason or 'it gave no reason'}"
        + (f"; {remedy}." if remedy else ".")
    )


def code_of(reply: Reply) -> str:
    """The envelope's code; `ok` where all is well, empty where there is no envelope."""
    code = _error(reply).get("code")
    return code if isinstance(code, str) else ""


def message_of(reply: Reply) -> str:
    """What the reply says, for a sentence, with the code's name."""
    code, message = code_of(reply), _error(reply).get("message")
    told = message if isinstance(message, str) and message else "" if code else reply.said
    words = " ".join(told.split()).rstrip(".")[:300]
    if code and code not in words:
        words = f"{words} ({code})" if words else code
    return words or f"status {reply.status}"


def _error(reply: Reply) -> Mapping[str, Any]:
    error = reply.data.get("error") if isinstance(reply.data, Mapping) else None
    return error if isinstance(error, Mapping) else {}
