"""Checks that Facebook's and Instagram's posts have in common; each yields sentences."""

from collections.abc import Iterator
from typing import Final

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.model import MediaFile, Outgoing
from igny8_media.publishing.unseen import of_words

# Encoders round frame rates and sides to whole figures that nobody minds.
_RATE_ROUNDING: Final = 0.05
_RATIO_ROUNDING: Final = 0.01


def of_account(
    post: Outgoing, account: Account, service: Service, kind: str, scopes: tuple[str, ...]
) -> Iterator[str]:
    label = service.label
    if account.service is not service or post.service is not service:
        yield (
            f"The post is for {post.service.label} and the account {account.name} is on "
            f"{account.service.label}; choose an account of {label} for a post of {label}."
        )
        return
    if account.kind != kind:
        yield (
            f"{label} takes posts for a {kind} account only, and {account.name} is a "
            f"{account.kind}; connect another."
        )
    # Accounts added with a token by hand may not say what was granted; Meta then judges.
    missing = [scope for scope in scopes if account.scopes and scope not in account.scopes]
    if missing:
        yield (
            f"{account.name} has not granted {', '.join(missing)}; connect the account again and "
            "allow it."
        )


def of_text(post: Outgoing, limit: int, label: str) -> Iterator[str]:
    if len(post.text) > limit:
        yield (
            f"The text has {len(post.text)} characters, {len(post.text) - limit} over {label}'s "
            f"limit of {limit}; shorten it."
        )
    yield from of_words(post)


def of_count(post: Outgoing, fewest: int, most: int, label: str) -> Iterator[str]:
    count = len(post.media)
    if fewest <= count <= most:
        return
    asked = "no" if not most else f"{fewest}" if fewest == most else f"{fewest} to {most}"
    yield (
        f"A post of kind {post.kind} on {label} takes {asked} file{'' if most == 1 else 's'} and "
        f"has {count}; add or remove some, or choose another kind."
    )


def of_kinds(post: Outgoing, kinds: tuple[str, ...], label: str) -> Iterator[str]:
    for file in post.media if kinds else ():
        if file.kind not in kinds:
            yield (
                f"{file.name} is not {' or '.join(kinds)} but {file.kind}, and a post of kind "
                f"{post.kind} on {label} takes nothing else: choose another file or kind."
            )


def of_size(file: MediaFile, most: int, label: str) -> Iterator[str]:
    """`most` in bytes; platforms' megabytes are counted as a million, the stricter reading."""
    if file.size > most:
        told = f"{most // 10**9} GB" if most >= 10**9 else f"{most // 10**6} MB"
        yield f"{file.name} has {file.size:,} bytes; {label} takes {told}: make it smaller."


def of_duration(file: MediaFile, shortest: float, longest: float, label: str) -> Iterator[str]:
    if not shortest <= file.duration <= longest:
        yield (
            f"{file.name} is {file.duration:.1f} seconds long; {label} takes {shortest:g} to "
            f"{longest:g} there: cut it."
        )


def of_ratio(
    file: MediaFile, narrowest: float, widest: float, told: str, label: str
) -> Iterator[str]:
    """Width by height. What was not measured (0 pixels) is for the platform to judge."""
    if not file.width or not file.height:
        return
    ratio = file.width / file.height
    slack = 1 + _RATIO_ROUNDING
    if not narrowest / slack <= ratio <= widest * slack:
        yield (f"{file.name} is {file.width}x{file.height}; {label} takes {told} there: crop it.")


def of_coding(
    file: MediaFile,
    label: str,
    *,
    codecs: tuple[str, ...],
    audio: tuple[str, ...] = (),
    rates: tuple[float, float],
) -> Iterator[str]:
    """A video's codecs (any audio where `audio` is empty) and frames per second."""
    if file.codec and file.codec.lower() not in codecs:
        yield (
            f"{file.name} is coded as {file.codec}; {label} takes {', '.join(codecs)}: export it "
            "anew."
        )
    if audio and file.audio_codec and file.audio_codec.lower() not in audio:
        yield (
            f"The sound of {file.name} is coded as {file.audio_codec}; {label} takes "
            f"{', '.join(audio)}: export it anew."
        )
    slowest, fastest = rates
    if file.fps and not slowest - _RATE_ROUNDING <= file.fps <= fastest + _RATE_ROUNDING:
        yield (
            f"{file.name} has {file.fps:g} frames a second; {label} takes {slowest:g} to "
            f"{fastest:g}: export it anew."
        )
