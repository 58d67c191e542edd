"""`igny8-media run`, from what is typed to files on disk."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from tests.command.conftest import ARTICLE, Run


def test_a_run_makes_posts_then_knows_that_nothing_changed_then_obeys_force(
    run: Run, article: Path, tmp_path: Path
) -> None:
    options = ("--platforms", "twitter,linkedin", "--videos", "none", "--json")
    first = run("run", article, *options)
    assert first.status == 0, first.err
    (content,) = first.contents
    assert (content["content_id"], content["title"], content["status"]) == (
        "garden",
        "How we water the garden",
        "made",
    )
    assets = {a["asset"] for a in content["artifacts"]}
    assert assets == {
        "article",
        "social/twitter/post",
        "social/twitter/images",
        "social/linkedin/post",
        "social/linkedin/images",
    }
    for artifact in content["artifacts"]:
        data = Path(artifact["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == artifact["sha256"]
        assert artifact["made"] is True
    (post,) = (
        json.loads(Path(a["path"]).read_bytes())
        for a in content["artifacts"]
        if a["asset"] == "social/twitter/post"
    )
    assert post["link_url"] == "https://example.com/garden"
    assert (tmp_path / "out" / "report.html").is_file()

    second = run("run", article, *options)
    assert second.status == 0
    assert second.contents[0]["status"] == "unchanged"
    assert not any(a["made"] for a in second.contents[0]["artifacts"])

    forced = run("run", article, *options, "--force")
    assert forced.contents[0]["status"] == "made"
    assert all(a["made"] for a in forced.contents[0]["artifacts"])


def test_a_changed_article_is_made_again(run: Run, article: Path) -> None:
    options = ("--platforms", "twitter", "--videos", "none", "--json")
    run("run", article, *options)
    article.write_text(ARTICLE.replace("20 euros", "25 euros"), encoding="utf-8")
    answer = run("run", article, *options)
    assert answer.contents[0]["status"] == "made"
    made = {a["asset"]: a["made"] for a in answer.contents[0]["artifacts"]}
    assert made["article"] is True


def test_one_bad_article_among_good_ones_costs_only_itself(
    run: Run, article: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.md").write_text("")
    answer = run("run", tmp_path, "--platforms", "twitter", "--videos", "none", "--json")
    assert answer.status == 1
    by_id = {c["content_id"]: c for c in answer.contents}
    assert by_id["garden"]["status"] == "made"
    assert by_id["empty"]["status"] == "failed"
    assert "empty" in by_id["empty"]["errors"][0]["message"]


def test_two_articles_with_one_id_keep_the_first(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "garden.md").write_text(ARTICLE, encoding="utf-8")
    answer = run(
        "run", "a/garden.md", "b/garden.md", "--platforms", "twitter", "--videos", "none", "--json"
    )
    assert answer.status == 1
    assert [c["status"] for c in answer.contents] == ["made", "failed"]
    message = answer.contents[1]["errors"][0]["message"]
    assert "a//garden.md" in message
    assert "b//garden.md" in message


def test_the_same_file_given_twice_is_one_article(run: Run, article: Path) -> None:
    answer = run("run", article, article, "--platforms", "twitter", "--videos", "none", "--json")
    assert answer.status == 0
    assert len(answer.contents) == 1


def test_stdout_carries_one_document_and_nothing_else(article: Path, tmp_path: Path) -> None:
    """As a process: what other libraries print would end up in the same stream."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "igny8_media", "run", str(article)),
            *("--platforms", "twitter", "--videos", "none", "--json"),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
        timeout=200,
    )
    assert json.loads(done.stdout)["contents"][0]["status"] == "made"
    assert "report.html" in done.stderr
    assert "Warning" not in done.stderr
