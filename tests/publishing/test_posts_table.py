"""What people decide about posts."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from igny8_media.accounts.model import Service
from igny8_media.cli import main
from igny8_media.database.engine import open_database
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.posts import Posts
from igny8_media.publishing.statuses import STATUSES

POST = Outgoing(service=Service.TWITTER, kind="text", text="Words")


def test_who_turned_a_post_down_may_think_again(tmp_path: Path) -> None:
    posts = Posts(open_database(f"sqlite:///{tmp_path / 'igny8.db'}"))
    post_id, new = posts.add(POST)
    assert new
    assert posts.add(POST) == (post_id, False)
    assert posts.approve(post_id)
    assert not posts.approve(post_id)
    assert posts.turn_down(post_id)
    assert posts.get(post_id).status == "cancelled"
    assert posts.approve(post_id)
    assert (posts.get(post_id).status, posts.get(post_id).approved_by) == ("approved", "person")


def test_nobody_but_a_person_overrules_a_person(tmp_path: Path) -> None:
    posts = Posts(open_database(f"sqlite:///{tmp_path / 'igny8.db'}"))
    post_id, _ = posts.add(POST)
    assert posts.approve_unseen(post_id)
    assert posts.approve_unseen(post_id), "one that was approved so and not planned yet"
    posts.reject(post_id, "Shorter.")
    assert not posts.approve_unseen(post_id)
    assert posts.get(post_id).status == "rejected"
    assert posts.approve(post_id)
    assert not posts.approve_unseen(post_id)
    assert posts.get(post_id).approved_by == "person"


def test_every_status_can_be_listed_and_stands_in_the_table_of_the_guide() -> None:
    done = CliRunner().invoke(main, ["posts", "list", "--status", "rejected", "--json"])
    assert (done.exit_code, json.loads(done.output)) == (0, {"posts": []})
    guide = (Path(__file__).parents[2] / "docs" / "publishing.md").read_text()
    table = guide.partition("| status |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(told) == sorted(STATUSES)
