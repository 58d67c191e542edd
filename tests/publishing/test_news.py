"""What became of a post is told to its people, once for each time, with the verdict itself."""

from pathlib import Path

from igny8_media.database.engine import open_database
from igny8_media.database.notifications import Notices
from igny8_media.publishing.outcomes import Ambiguous, Permanent
from tests.publishing.toy import World


def test_every_end_leaves_word(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'igny8.db'}")
    world = World(engine)
    notices = Notices(engine)
    world.plan("it goes well")
    world.work()
    world.work()
    (out,) = notices.latest(9)
    assert out.kind == "published"
    assert out.text.startswith("Post 1 is out on ")
    assert out.text.endswith(": https://x.example/it goes well")

    world.plan("it is refused")
    world.platform.faults = [("commit", Permanent("The text is too long."))]
    world.work()
    failed = notices.latest(1)[0]
    assert failed.kind == "failed"
    assert "The text is too long. Once more: igny8-media posts retry 2" in failed.text
    world.planning.retry(2)
    world.platform.faults = [("commit", Permanent("It is still too long."))]
    world.work()
    assert [one.kind for one in notices.latest(9)] == ["failed", "failed", "published"]

    world.plan("nobody knows")
    world.platform.blind = True
    world.platform.faults = [("commit", Ambiguous("The connection broke."))]
    world.work()
    world.recover()
    doubtful = notices.latest(1)[0]
    assert doubtful.kind == "needs_review"
    settle = "igny8-media posts settle 3 --published URL, or --not-published."
    assert doubtful.text.count(settle) == 1
    engine.dispose()
