"""What people decide about posts."""

from pathlib import Path

from igny8_media.accounts.model import Service
from igny8_media.database.engine import open_database
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.posts import Posts

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
