"""`igny8-media posts` and `publish-due`, as a person types them; the sandbox is the platforms."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from igny8_media.publishing.facebook.adapter import Facebook
from igny8_media.sandbox.server import Running, running
from tests.command.conftest import YEAR, Answer, Run
from tests.media_samples import write_picture, write_video

_SERVICES = ("linkedin", "twitter", "facebook", "instagram", "tiktok", "youtube")
_PUBLICATION = {
    "id",
    "post_id",
    "account_id",
    "account",
    "sandbox",
    "service",
    "content_id",
    "form",
    "place",
    "text",
    "status",
    "reason",
    "due_at",
    "next_at",
    "queued",
    "priority",
    "started_at",
    "published_at",
    "platform_id",
    "url",
    "attempts",
    "commits",
    "part",
    "parts",
}
_POST = {
    "id",
    "content_id",
    "form",
    "place",
    "revision",
    "service",
    "kind",
    "status",
    "title",
    "text",
    "parts",
    "approved_by",
    "note",
    "publications",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def sandbox(server: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    server.reset()
    monkeypatch.setenv("IGNY8_SANDBOX_URL", server.url)
    for name in list(os.environ):
        if name.startswith(("LINKEDIN_", "TWITTER_", "META_", "TIKTOK_", "GOOGLE_", "IGNY8_TOKEN")):
            monkeypatch.delenv(name)
    return server


@pytest.fixture
def add(run: Run, tmp_path: Path) -> Callable[..., int]:
    """Adds a post, and approves it; its ID."""

    def call(words: str, service: str = "x", *, approved: bool = True, **fields: Any) -> int:
        file = tmp_path / "post.json"
        file.write_text(json.dumps({"service": service, "text": words, **fields}))
        done = run("posts", "add", file, "--json")
        assert done.status == 0, done.err
        post_id: int = posts(done)[0]["id"]
        if approved:
            assert run("posts", "approve", str(post_id)).status == 0
        return post_id

    return call


@pytest.fixture
def changed(own_home: Path) -> Callable[[str], None]:
    """Changes what was planned, behind everybody's back: `SET` this."""

    def call(what: str) -> None:
        with closing(sqlite3.connect(own_home / "igny8.db")) as database, database:
            database.execute(f"UPDATE publication SET {what}")  # noqa: S608

    return call


def posts(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer.out)["posts"]
    return found


def sentence(answer: Answer, status: int = 2) -> str:
    """The one sentence that was said instead of doing it."""
    assert answer.status == status, (answer.out, answer.err)
    assert answer.out == ""
    (line,) = answer.err.splitlines()
    assert line.startswith("igny8-media: ")
    return line


def connect(run: Run, sandbox: Running, tmp_path: Path, service: str, name: str) -> int:
    """An account that counts as a real one, although the sandbox plays its platform; its ID."""
    made = sandbox.account(service, name=name)
    file = tmp_path / "tokens.json"
    keys = ("access_token", "refresh_token", "expires_at", "platform_user_id", "scopes")
    file.write_text(json.dumps({**{key: made[key] for key in keys}, "name": name}))
    done = run("accounts", "add", service, "--token-file", file)
    assert done.status == 0, done.err
    found: int = json.loads(run("accounts", "list", "--json").out)["accounts"][-1]["id"]
    return found


@pytest.fixture
def real(sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """X and LinkedIn answer where the sandbox does."""
    monkeypatch.setenv("TWITTER_API_URL", f"{sandbox.url}/twitter")
    monkeypatch.setenv("LINKEDIN_API_URL", f"{sandbox.url}/linkedin")


# From an article to its platforms


def test_an_article_s_posts_go_out_when_a_person_has_approved_them(
    run: Run, article: Path, sandbox: Running
) -> None:
    made = run("run", article, "--videos", "none", "--platforms", "twitter,facebook")
    assert made.status == 0, made.err
    listed = posts(run("posts", "list", "--json"))
    assert {post["place"] for post in listed} == {"twitter", "facebook"}
    assert all(set(post) == _POST and post["status"] == "draft" for post in listed)
    done = run("posts", "publish", "--approved")
    assert (done.status, done.out.strip()) == (0, "No posts.")
    assert run("posts", "approve", "--drafts").status == 0
    assert sandbox.posts() == []
    done = run("posts", "publish", "--approved", "--json")
    assert done.status == 0, done.err
    for post in posts(done):
        (planned,) = post["publications"]
        assert set(planned) == _PUBLICATION
        assert (post["status"], planned["status"], planned["sandbox"]) == (
            "published",
            "published",
            True,
        )
    page = httpx.get(sandbox.url, trust_env=False).text
    anchors = set(re.findall(r'id="([^"]+)"', page))
    for post in posts(done):
        address = post["publications"][0]["url"]
        assert address.partition("#")[0] == f"{sandbox.url}/"
        assert address.partition("#")[2] in anchors
    assert json.loads(run("posts", "publish", "--approved", "--json").out) == {
        "posts": [],
        "refused": [],
    }


def test_a_post_that_comes_again_says_so_when_it_is_cancelled(run: Run, article: Path) -> None:
    assert run("run", article, "--videos", "none", "--platforms", "twitter").status == 0
    assert run("posts", "approve", "1").status == 0
    assert run("posts", "schedule", "1", "--at", f"{YEAR}-02-01T09:00").status == 0
    made = run("posts", "repeat", "1", "--every", "14d", "--at", "09:00", "--count", "3", "--json")
    assert made.status == 0, made.err
    (begun,) = json.loads(made.out)["repetitions"]
    assert begun["status"] == "active"
    assert "`igny8-media posts repetition 1 end`" in run("posts", "cancel", "1").err
    assert run("posts", "repetition", "1", "end").status == 0
    (ended,) = json.loads(run("posts", "repetitions", "--json").out)["repetitions"]
    assert ended["status"] == "ended"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (["--at", f"{YEAR}-07-01T09:30", "--zone", "Asia/Tokyo"], f"{YEAR}-07-01 09:30 JST"),
        (["--at", f"{YEAR}-07-01T09:30-03:00"], f"{YEAR}-07-01 09:30 UTC-03:00"),
        (["--at", f"{YEAR}-07-01T09:30Z"], f"{YEAR}-07-01 09:30 UTC"),
        (["--at", f"{YEAR}-07-01T09:30"], f"{YEAR}-07-01 09:30 CEST"),
    ],
)
def test_a_time_is_shown_in_the_zone_in_which_it_was_typed(
    run: Run,
    add: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    typed: list[str],
    shown: str,
) -> None:
    monkeypatch.setenv("IGNY8_TIME_ZONE", "Europe/Berlin")
    done = run("posts", "schedule", str(add("What we learned about hoses.")), *typed)
    assert f"      {shown} as " in done.out


def test_without_one_a_time_is_shown_in_the_zone_of_its_site(
    run: Run, add: Callable[..., int], own_home: Path
) -> None:
    post = str(add("What we learned about hoses."))
    assert run("posts", "schedule", post, "--queue").status == 0
    with closing(sqlite3.connect(own_home / "igny8.db")) as database, database:
        database.execute("UPDATE site SET time_zone = 'Asia/Tokyo'")
        database.execute("UPDATE publication SET due_at = ?", (f"{YEAR}-01-01 00:00:00.000000",))
    for command in (("posts", "list"), ("posts", "show", post)):
        assert f"{YEAR}-01-01 09:00 JST as " in run(*command).out


def test_what_would_be_refused_is_said_when_it_is_added_and_approved(
    run: Run, sandbox: Running, tmp_path: Path
) -> None:
    file = tmp_path / "post.json"
    file.write_text(json.dumps({"service": "x", "text": "long " * 100}))
    added = run("posts", "add", file, "--json")
    assert (added.status, len(posts(added))) == (0, 1)
    assert "cannot go out as it is: " in added.err
    post = posts(added)[0]["id"]
    approved = run("posts", "approve", str(post))
    assert (approved.status, approved.err) == (0, added.err)
    assert sandbox.posts() == []


def test_what_is_fine_is_not_warned_of(run: Run, add: Callable[..., int]) -> None:
    post = add("What we learned about hoses, at https://example.org.", approved=False)
    assert run("posts", "approve", str(post)).err == ""


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_waited_for_is_said_on_stderr(
    run: Run, add: Callable[..., int], sandbox: Running, tmp_path: Path, as_json: bool
) -> None:
    sandbox.config(processing_seconds=3.0)
    write_video(tmp_path / "v.mp4", size=(640, 360), seconds=2.0, rate=24, options=_WEB)
    post = add("What we learned about hoses.", media=["v.mp4"])
    done = run("posts", "publish", str(post), *(["--json"] if as_json else []))
    sandbox.config(processing_seconds=0.0)
    assert done.status == 0, done.err
    said = [line for line in done.err.splitlines() if line.startswith(f"Post {post} as ")]
    assert len(said) == len(set(said)) >= 1
    assert said[-1].endswith(": X processes v.mp4.")
    assert "X processes" not in done.out
    if as_json:
        assert posts(done)[0]["status"] == "published"


def test_what_is_prepared_ahead_is_waited_for_and_said(
    run: Run, add: Callable[..., int], changed: Callable[[str], None], tmp_path: Path
) -> None:
    write_picture(tmp_path / "a.jpg")
    post = add("What we learned about hoses.", media=["a.jpg"])
    assert run("posts", "schedule", str(post), "--at", f"{YEAR}-01-01T10:00").status == 0
    due = datetime.now(UTC) + timedelta(seconds=4)
    at = f"'{due:%Y-%m-%d %H:%M:%S.%f}'"
    changed(f"due_at = {at}, next_at = {at}")
    done = run("publish-due")
    assert done.status == 0, done.err
    assert f"it is prepared and goes out at {due:%H:%M:%S} UTC." in done.err
    assert "published" in run("posts", "list").out


@pytest.mark.parametrize("service", _SERVICES)
def test_what_goes_to_the_sandbox_is_led_to_there(
    service: str,
    run: Run,
    add: Callable[..., int],
    sandbox: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields: dict[str, Any] = {}
    if service in ("youtube", "tiktok", "instagram"):
        size, seconds = ((360, 640), 4.0) if service != "youtube" else ((640, 360), 2.0)
        video = write_video(tmp_path / "v.mp4", size=size, seconds=seconds, rate=24, options=_WEB)
        fields = {"media": [video.name], "title": "Hoses" if service == "youtube" else ""}
        fields = {name: value for name, value in fields.items() if value}
        # A private video: TikTok never gives it a number of its own.
        fields["options"] = {"privacy": {"youtube": "public", "tiktok": "SELF_ONLY"}.get(service)}
    post = add("What we learned about hoses.", service, **fields)
    done = run("posts", "publish", str(post), "--json")
    assert done.status == 0, (done.out, done.err)
    ((planned,),) = (post["publications"] for post in posts(done))
    page = httpx.get(sandbox.url, trust_env=False).text
    start, _, anchor = planned["url"].partition("#")
    assert start == f"{sandbox.url}/"
    assert f'id="{anchor}"' in page
    shown = run("posts", "show", str(post))
    assert planned["url"] in shown.out
    assert not re.search(r"(linkedin|facebook|instagram|tiktok|youtube|x)\.com", shown.out)


_WEB = {"movflags": "+faststart"}


# Adding and listing


def test_a_post_of_your_own(run: Run, tmp_path: Path) -> None:
    write_picture(tmp_path / "hose.jpg", (640, 480))
    file = tmp_path / "post.json"
    media = [{"path": "hose.jpg", "alt_text": "A hose"}]
    file.write_text(json.dumps({"service": "x", "text": "[bold]Look[/] :hose:", "media": media}))
    first = run("posts", "add", file)
    assert first.status == 0
    assert "approve it with `igny8-media posts approve 1`" in first.out
    again = run("posts", "add", file)
    assert "there already" in again.out
    assert [post["id"] for post in posts(run("posts", "list", "--json"))] == [1]
    shown = run("posts", "show", "1").out
    assert "\n[bold]Look[/] :hose:\n" in shown
    assert "image: hose.jpg (image/jpeg, 640 x 480): A hose" in shown
    as_json = json.loads(run("posts", "show", "1", "--json").out)
    assert set(as_json) == _POST | {"sent", "problem", "history"}
    assert as_json["sent"]["text"] == "[bold]Look[/] :hose:"


def test_a_thread_is_shown_whole(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "post.json"
    file.write_text(json.dumps({"service": "x", "parts": ["The first.", "The second."]}))
    assert run("posts", "add", file).status == 0
    shown = run("posts", "show", "1").out
    assert "(1) The first.\n(2) The second.\n" in shown


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{", "post.json"),
        ('{"service": "myspace", "text": "a"}', "service"),
        ('{"service": "x", "text": "a", "media": ["no.jpg"]}', "no.jpg"),
    ],
)
def test_a_file_that_is_no_post(run: Run, tmp_path: Path, written: str, says: str) -> None:
    file = tmp_path / "post.json"
    file.write_text(written)
    assert says in sentence(run("posts", "add", file))
    assert posts(run("posts", "list", "--json")) == []


def test_a_file_that_is_not_there(run: Run) -> None:
    assert "gone.json" in sentence(run("posts", "add", "gone.json"))


def test_the_list_fits_a_terminal_of_eighty_columns(
    run: Run, add: Callable[..., int], tmp_path: Path
) -> None:
    add("Water early. " * 15, "linkedin")
    add("Water late.")
    run("posts", "publish", "2")
    code = "import sys; from igny8_media.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "posts", "list"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "80"},
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    # An address is never broken: it can be clicked.
    assert all(len(line) <= 80 or "http" in line for line in lines)
    assert re.search(r"^ +2  twitter +text  published", lines[2])


def test_what_a_newer_revision_replaced_is_not_listed_unless_it_is_out(
    run: Run, article: Path, sandbox: Running
) -> None:
    def make(line: str) -> list[tuple[int, int, str]]:
        article.write_text(article.read_text() + f"\n{line}\n")
        assert run("run", article, "--videos", "none", "--platforms", "twitter").status == 0
        found = posts(run("posts", "list", "--json"))
        return [(post["id"], post["revision"], post["status"]) for post in found]

    assert make("We have 3 timers now.") == [(1, 1, "draft")]
    run("posts", "approve", "1")
    assert make("We have 4 timers now, and 20 metres of hose.") == [(2, 2, "draft")]
    run("posts", "approve", "2")
    assert run("posts", "publish", "--approved").status == 0
    assert make("Of 30 tomatoes 28 are red, which is 93 percent.") == [
        (2, 2, "published"),
        (3, 3, "draft"),
    ]
    assert len({post["text"] for post in sandbox.posts()}) == len(sandbox.posts())


# Deciding


def test_nothing_goes_out_that_nobody_approved(
    run: Run, add: Callable[..., int], sandbox: Running
) -> None:
    post = str(add("A draft.", approved=False))
    told = sentence(run("posts", "publish", post))
    assert f"Post {post} is not approved" in told
    assert f"igny8-media posts approve {post}" in told
    sentence(run("posts", "schedule", post, "--at", f"{YEAR}-01-01T10:00"))
    assert run("publish-due").status == 0
    assert sandbox.posts() == []


@pytest.mark.parametrize(
    "command",
    [
        ("show", "7"),
        ("approve", "7"),
        ("schedule", "7", "--at", f"{YEAR}-01-01T10:00"),
        ("publish", "7"),
        ("cancel", "7"),
        ("retry", "7"),
        ("settle", "7", "--not-published"),
    ],
)
def test_a_post_that_is_not_there(run: Run, command: tuple[str, ...]) -> None:
    assert "There is no post 7" in sentence(run("posts", *command))


def test_linkedin_s_terms_are_said_where_a_person_approves(
    run: Run, add: Callable[..., int]
) -> None:
    post = add("To LinkedIn.", "linkedin", approved=False)
    done = run("posts", "approve", str(post), "--json")
    assert "LinkedIn's terms want a person behind every post" in done.err
    assert posts(done)[0]["approved_by"] == "person"


def test_approving_is_all_or_none(run: Run, add: Callable[..., int]) -> None:
    post = add("A draft.", approved=False)
    sentence(run("posts", "approve", str(post), "99"))
    assert posts(run("posts", "list", "--json"))[0]["status"] == "draft"


@pytest.mark.parametrize(("command", "flag"), [("approve", "--drafts"), ("publish", "--approved")])
def test_posts_are_named_or_all_are_meant(
    run: Run, add: Callable[..., int], command: str, flag: str, sandbox: Running
) -> None:
    post = str(add("A draft.", approved=command == "publish"))
    assert "Name the posts" in sentence(run("posts", command))
    assert "not both" in sentence(run("posts", command, post, flag))
    assert flag in sentence(run("posts", command, post, "--content", "garden"))
    assert run("posts", command, flag, "--content", "garden").out.strip() == "No posts."
    assert sandbox.posts() == []
    assert posts(run("posts", "list", "--json"))[0]["status"] in ("draft", "approved")


def test_a_second_publish_says_that_it_is_out(
    run: Run, add: Callable[..., int], sandbox: Running
) -> None:
    post = str(add("Once."))
    done = run("posts", "publish", post, "--json")
    assert done.status == 0
    address = posts(done)[0]["publications"][0]["url"]
    told = sentence(run("posts", "publish", post))
    assert "is out already" in told
    assert address in told
    assert address in sentence(run("posts", "schedule", post, "--at", f"{YEAR}-01-01T10:00"))
    assert address in sentence(run("posts", "cancel", post))
    assert "Nothing of post 1 has failed" in sentence(run("posts", "retry", post))
    assert "waits for somebody to look" in sentence(run("posts", "settle", post, "--not-published"))
    assert len(sandbox.posts()) == 1


def test_several_at_once_and_one_of_them_refused(
    run: Run, add: Callable[..., int], sandbox: Running
) -> None:
    good, draft = add("Good."), add("Not approved.", approved=False)
    done = run("posts", "publish", str(good), str(draft), "--json")
    assert done.status == 1
    answered = json.loads(done.out)
    assert [post["id"] for post in answered["posts"]] == [good]
    ((refused),) = answered["refused"]
    assert refused["post"] == draft
    assert "not approved" in refused["reason"]
    assert len(sandbox.posts()) == 1
    done = run("posts", "schedule", str(draft), "99", "--at", f"{YEAR}-01-01T10:00")
    assert done.status == 1
    assert len(done.err.splitlines()) == 2


# When


@pytest.mark.parametrize(
    ("at", "zone", "says"),
    [
        ("2020-01-01T10:00", "UTC", "is past"),
        ("2027-03-28T02:30", "Europe/Berlin", "does not exist in Europe/Berlin"),
        ("2027-10-31T02:30", "Europe/Berlin", "comes twice in Europe/Berlin"),
        ("tomorrow", "UTC", "no date and time"),
        (f"{YEAR}-01-01T10:00", "Mars/Base", "There is no time zone 'Mars/Base'"),
    ],
)
def test_a_time_that_is_none(
    run: Run, add: Callable[..., int], at: str, zone: str, says: str
) -> None:
    post = str(add("Later."))
    assert says in sentence(run("posts", "schedule", post, "--at", at, "--zone", zone))
    assert posts(run("posts", "list", "--json"))[0]["status"] == "approved"


def test_planned_moved_and_taken_back(
    run: Run, add: Callable[..., int], sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_TIME_ZONE", "Europe/Berlin")
    post = str(add("Later."))
    done = run("posts", "schedule", post, "--at", f"{YEAR}-07-01T09:30", "--option", "branded=true")
    assert done.status == 0
    assert f"{YEAR}-07-01 09:30 CEST as Sandbox Person" in done.out
    moved = run("posts", "schedule", post, "--at", f"{YEAR}-12-01 09:30", "--json")
    ((planned,),) = (one["publications"] for one in posts(moved))
    assert planned["due_at"] == f"{YEAR}-12-01T08:30:00Z"
    assert f"{YEAR}-12-01 09:30 CET" in run("posts", "list").out
    assert run("publish-due", "--json").out == '{"posts": [], "refused": []}\n'
    taken_back = run("posts", "cancel", post)
    assert taken_back.status == 0
    assert "approved" in taken_back.out
    assert run("posts", "cancel", post).status == 0
    assert "cancelled already" in sentence(run("posts", "cancel", post))
    assert "is not approved" in sentence(run("posts", "publish", post))
    assert sandbox.posts() == []


def test_what_was_chosen_stays_when_it_is_moved(
    run: Run, add: Callable[..., int], tmp_path: Path
) -> None:
    write_picture(tmp_path / "hose.jpg", (1080, 1350))
    video = write_video(tmp_path / "v.mp4", size=(360, 640), seconds=4, rate=24, options=_WEB)
    post = str(add("A hose.", "tiktok", media=[video.name]))
    chosen = ("--option", "privacy=SELF_ONLY", "--option", "made_with_ai=true")
    assert run("posts", "schedule", post, "--at", f"{YEAR}-01-01T10:00", *chosen).status == 0
    moved = ("--at", f"{YEAR}-01-02T10:00", "--option", "made_with_ai=false")
    assert run("posts", "schedule", post, *moved).status == 0
    told = sentence(
        run("posts", "schedule", post, "--at", f"{YEAR}-01-02", "--option", "privacy=ALL")
    )
    assert "SELF_ONLY" in told


def test_what_is_due_goes_out(
    run: Run, add: Callable[..., int], sandbox: Running, changed: Callable[[str], None]
) -> None:
    post, later = str(add("In a moment.")), str(add("Much later."))
    for one in (post, later):
        assert run("posts", "schedule", one, "--at", f"{YEAR}-01-01T10:00").status == 0
    changed(f"due_at = created_at, next_at = created_at WHERE post_id = {post}")
    done = run("publish-due", "--json")
    assert done.status == 0
    assert [(one["id"], one["status"]) for one in posts(done)] == [(int(post), "published")]
    assert [one["text"] for one in sandbox.posts()] == ["In a moment."]


# Who


@pytest.mark.usefixtures("real")
def test_accounts(run: Run, add: Callable[..., int], sandbox: Running, tmp_path: Path) -> None:
    post = str(add("To somebody."))
    acme = connect(run, sandbox, tmp_path, "twitter", "Acme")
    linkedin = connect(run, sandbox, tmp_path, "linkedin", "Acme")
    planned = run("posts", "schedule", post, "--at", f"{YEAR}-01-01T10:00", "--json")
    (one,) = posts(planned)[0]["publications"]
    assert (one["account_id"], one["sandbox"]) == (acme, False)
    told = sentence(run("posts", "publish", post, "--account", str(linkedin)))
    assert "Acme is an account of LinkedIn, and the post is for X" in told
    assert "nobody" in sentence(run("posts", "publish", post, "--account", "nobody"))
    another = connect(run, sandbox, tmp_path, "twitter", "Another")
    told = sentence(run("posts", "publish", post))
    assert "There are several accounts of X" in told
    assert "Another" in told
    # Both services have an Acme; only one can be meant.
    done = run("posts", "publish", post, "--account", "acme", "--json")
    assert done.status == 0, done.err
    assert posts(done)[0]["publications"][0]["account_id"] == acme
    assert posts(done)[0]["publications"][0]["url"].startswith("https://x.com/")
    other = str(add("To somebody who is named twice."))
    twice = ("--account", "another", "--account", str(another), "--account", "sandbox")
    planned = run("posts", "schedule", other, "--at", f"{YEAR}-01-01T10:00", *twice, "--json")
    assert planned.status == 0, planned.err
    assert [one["sandbox"] for one in posts(planned)[0]["publications"]] == [False, True]
    both = run("posts", "publish", post, "--account", "sandbox")
    assert both.status == 0
    assert both.out.count(" as ") == 2


def test_tiktok_wants_to_be_told_who_sees_it(
    run: Run, add: Callable[..., int], sandbox: Running, tmp_path: Path
) -> None:
    video = write_video(tmp_path / "v.mp4", size=(360, 640), seconds=4, rate=24, options=_WEB)
    post = str(add("A hose.", "tiktok", media=[video.name]))
    told = sentence(run("posts", "publish", post))
    assert "TikTok wants its creator to choose who sees a post" in told
    assert "give `--option tiktok:privacy=AUDIENCE`" in told
    assert run("posts", "publish", post, "--option", "tiktok:privacy=SELF_ONLY").status == 0
    assert len(sandbox.posts()) == 1


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("colour=red", "colour=red"),
        ("privacy", "NAME=VALUE"),
        ("cover_at=soon", "--option cover_at takes a number, not 'soon'."),
        ("cover_at=nan", "--option cover_at takes a number, not 'nan'."),
        ("youtube:reply_settings=all", "or verified, not 'all'."),
        ("publish_at=soon", "takes a day and time as in 2026-12-01T09:30:00Z, not 'soon'."),
    ],
)
def test_an_option_that_is_none(
    run: Run, add: Callable[..., int], option: str, says: str, sandbox: Running
) -> None:
    post = str(add("Chosen."))
    assert says in sentence(run("posts", "publish", post, "--option", option))
    assert sandbox.posts() == []


# When something is in the way


def test_text_over_the_limit_is_refused_before_anything_is_sent(
    run: Run, add: Callable[..., int], sandbox: Running
) -> None:
    post = str(add("long " * 100))
    assert "cannot go out as it is" in sentence(run("posts", "publish", post))
    assert "It cannot go out as it is" in run("posts", "show", post).out
    assert sandbox.requests("twitter") == {}


@pytest.mark.parametrize("address", ["http://sandbox.invalid:8765", "http://127.0.0.1:99999"])
def test_a_sandbox_that_does_not_answer(run: Run, add: Callable[..., int], address: str) -> None:
    post = str(add("To nowhere."))
    done = run("posts", "publish", post, IGNY8_SANDBOX_URL=address)
    assert f"The sandbox at {address} does not answer" in sentence(done, status=1)
    assert run("posts", "list").status == 0


def test_a_sandbox_whose_port_is_another_s(run: Run, add: Callable[..., int]) -> None:
    post = str(add("To somebody else."))
    with socket.create_server(("127.0.0.1", 0)) as other:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    other.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"http://127.0.0.1:{other.getsockname()[1]}"
        done = run("posts", "publish", post, IGNY8_SANDBOX_URL=address)
        other.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert "choose another one with IGNY8_SANDBOX_URL" in sentence(done, status=1)


def test_without_a_sandbox_one_runs_for_as_long_as_it_takes(
    run: Run, add: Callable[..., int]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    post, later = str(add("One.")), str(add("Two."))
    done = run("posts", "publish", post, IGNY8_SANDBOX_URL=address)
    assert done.status == 0, done.err
    assert f"seen at {address} while `igny8-media sandbox` runs" in done.err
    # The next one remembers the account and its post.
    assert run("posts", "publish", later, IGNY8_SANDBOX_URL=address).status == 0
    assert len(json.loads(run("accounts", "list", "--json").out)["accounts"]) == 1


def test_a_sandbox_that_forgot_everybody_is_no_dead_end(
    run: Run, add: Callable[..., int], sandbox: Running
) -> None:
    assert run("posts", "publish", str(add("Before."))).status == 0
    sandbox.reset()
    assert run("posts", "publish", str(add("After."))).status == 0
    sandbox.revoke("twitter")
    waiting = run("posts", "publish", str(add("Refused.")))
    assert waiting.status == 1
    assert "again with: igny8-media accounts connect twitter --sandbox" in waiting.out
    assert run("posts", "publish", str(add("Healed."))).status == 0
    # The same account has new tokens: what waited for it goes out.
    assert run("publish-due").status == 0
    assert {post["text"] for post in sandbox.posts()} == {"After.", "Refused.", "Healed."}


def test_what_failed_is_tried_again(
    run: Run, add: Callable[..., int], sandbox: Running, changed: Callable[[str], None]
) -> None:
    post = str(add("It will fail."))
    assert run("posts", "schedule", post, "--at", f"{YEAR}-01-01T10:00").status == 0
    # As if X had changed a limit since it was planned.
    changed(
        f"outgoing = json_set(outgoing, '$.text', '{'long ' * 100}'), due_at = created_at, "
        "next_at = created_at"
    )
    done = run("publish-due", "--json")
    assert done.status == 1, done.out
    assert posts(done)[0]["status"] == "failed"
    assert "failed as Sandbox Person 1 (sandbox): " in run("posts", "list").out
    assert run("posts", "retry", post).status == 1
    changed("outgoing = json_set(outgoing, '$.text', 'Short.')")
    again = run("posts", "retry", post)
    assert again.status == 0, again.out
    assert [one["text"] for one in sandbox.posts()] == ["Short."]


@pytest.fixture
def doubtful(
    run: Run,
    add: Callable[..., int],
    sandbox: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A story that may be out, and no way to ask; its ID."""
    monkeypatch.setattr(Facebook, "settle", 0.1)
    write_picture(tmp_path / "hose.jpg", (1080, 1920))
    post = str(add("", "facebook", kind="story", media=["hose.jpg"]))
    sandbox.fault("facebook", "commit", "reset_after")
    done = run("posts", "publish", post, "--json")
    assert done.status == 1
    assert posts(done)[0]["status"] == "needs_review"
    return post


def test_what_a_person_saw_is_told(run: Run, doubtful: str, sandbox: Running) -> None:
    post = doubtful
    told = sentence(run("posts", "publish", post))
    assert f"posts settle {post} --published URL" in told
    assert "posts settle" in sentence(run("posts", "cancel", post))
    assert run("posts", "settle", post).status == 2
    assert "no web address" in sentence(run("posts", "settle", post, "--published", "yes"))
    address = "https://www.facebook.com/stories/123"
    done = run("posts", "settle", post, "--published", address, "--json")
    assert done.status == 0
    assert posts(done)[0]["status"] == "published"
    assert posts(done)[0]["publications"][0]["url"] == address
    assert len(sandbox.posts()) == 1


def test_what_a_person_did_not_see_is_sent(run: Run, doubtful: str, sandbox: Running) -> None:
    done = run("posts", "settle", doubtful, "--not-published")
    assert done.status == 0
    assert "published" in done.out
    assert len(sandbox.posts()) == 2
