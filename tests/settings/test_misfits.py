"""A setting that does not fit: its variable, and what would fit, in a sentence."""

import pytest

from igny8_media.accounts.hosts import load_hosts
from igny8_media.errors import InputError
from igny8_media.settings import load_settings
from igny8_media.storage.bucket import load_bucket


def _load_all() -> None:
    load_settings()
    load_hosts()
    load_bucket()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("IGNY8_AUTO_APPROVE", "facebook,myspace", "it takes a list of linkedin, twitter,"),
        ("IGNY8_AUTO_APPROVE", "myspace", "or instagram_reels with commas between, not 'myspace';"),
        ("IGNY8_PROVIDER_LIMITS", "openai=x", "fit: 'openai=x' is not a limit such as openai=8"),
        ("IGNY8_THEME__ACCENT", "orange", "'orange' is no colour such as #"),
        ("IGNY8_THEME__COLOR", "#123456", "there is none of that name"),
        ("IGNY8_ALLOW_NETWORKS", "home", "'home' is no network"),
        ("IGNY8_VIDEO_ALSO", "720,x", "it takes a list, each a whole number;"),
        ("IGNY8_CALLBACK_PORT", "70000", "it takes a whole number from 0 to 65535;"),
        ("IGNY8_CREDITS", "perhaps", "true or false"),
        ("IGNY8_CREDIT_ACCOUNT", "x" * 65, "it takes a text of 64 characters at most;"),
        ("IGNY8_CREDIT_LIMIT", "0.00001", "a number from 0 on with 4 decimal places at most;"),
        ("IGNY8_PRICES__SCRIPT__HIGH", "-1", "it takes a number"),
        ("IGNY8_VIDEO_QUALITY", "best", "not 'best';"),
        ("IGNY8_TEXT_TIMEOUT", "0", "it takes a number above 0 and up to 3600;"),
        ("IGNY8_TIME_ZONE", "Foo/Bar", "there is no time zone 'Foo/Bar'; write one as in"),
        ("META_GRAPH_URL", "ftp://x", "fit: it must be a web address"),
        ("LINKEDIN_VERSION", "7", "a year and a month"),
        ("AWS_STORAGE_BUCKET_NAME", "-", "a bucket's name has"),
        ("AWS_S3_REGION_NAME", "a b", "a region has"),
    ],
)
def test_what_would_fit_is_said(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InputError) as caught:
        _load_all()
    told = str(caught.value)
    assert told.startswith(f"The setting {variable} does not fit: ")
    assert says in told
    assert not any(word in told for word in ("Value error", "pattern", "Input should", "ENUM"))


def test_a_group_of_settings_that_is_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_THEME", "{accent")
    with pytest.raises(InputError, match="IGNY8_THEME is no JSON; write its parts one by one"):
        load_settings()
