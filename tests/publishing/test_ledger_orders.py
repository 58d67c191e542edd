"""Orders of events that nobody thought of: a state machine plays people, workers and faults."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from igny8_media.database.engine import open_database
from igny8_media.errors import InputError
from igny8_media.publishing.claims import Claim
from igny8_media.publishing.outcomes import (
    Ambiguous,
    NeedsAuth,
    Permanent,
    Quota,
    Retryable,
)
from igny8_media.publishing.publisher import Publisher
from tests.publishing.toy import START, Killed, World

WHERE = st.sampled_from(["prepare", "commit", "commit", "probe", "status"])
WHAT = st.sampled_from(
    [
        "after",
        "killed before",
        "killed after",
        Ambiguous("no answer"),
        Retryable("503"),
        Retryable("429", after=60, counted=False),
        Retryable("gone", afresh=True),
        Quota(START + timedelta(days=2), "quota"),
        NeedsAuth("expired"),
        Permanent("refused"),
    ]
)
STEP = st.sampled_from(["claimed", "prepared", "committing", "committing answered"])


class Orders(RuleBasedStateMachine):
    @initialize(slow=st.booleans())
    def begin(self, slow: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_database(f"sqlite:///{Path(self.folder.name) / 'igny8.db'}")
        self.world = World(self.engine)
        self.world.platform.slow = slow
        self.posts: dict[int, tuple[str, tuple[str, ...], bool]] = {}
        self.cancelled: set[int] = set()
        self.held: list[tuple[Publisher, Claim]] = []

    @rule(
        parts=st.integers(1, 3), picture=st.booleans(), minutes=st.sampled_from([0, 0, 4, 14, 60])
    )
    def plan(self, parts: int, picture: bool, minutes: float) -> None:
        name = f"post{len(self.posts)}"
        thread = tuple(f"{name}.{n}" for n in range(parts)) if parts > 1 else ()
        text = thread[0] if thread else name
        post = self.world.plan(text, thread, picture=picture, minutes=minutes)
        self.posts[post] = (text, thread, picture)

    @rule(where=WHERE, what=WHAT)
    def break_something(self, where: str, what: object) -> None:
        self.world.platform.faults.append((where, what))

    @rule(fate=st.sampled_from(["after", "killed before", "killed after"]))
    def lose_the_answer_to_a_commit(self, fate: str) -> None:
        self.world.platform.faults.insert(0, ("commit", fate))

    @rule(minutes=st.sampled_from([0.1, 1, 6, 90]))
    def wait(self, minutes: float) -> None:
        self.world.clock.pass_by(minutes=minutes)

    @rule()
    def work(self) -> None:
        self.world.work()

    @rule(step=STEP)
    def work_and_die(self, step: str) -> None:
        def trace(name: str) -> None:
            if name == step:
                raise Killed

        self.world.work(self.world.publisher(trace))

    @rule()
    def claim_and_fall_asleep(self) -> None:
        worker = self.world.publisher()
        self.held += [(worker, claim) for claim in worker.claim("sleeper", 2)]

    @rule()
    def wake_up(self) -> None:
        while self.held:
            worker, claim = self.held.pop()
            try:
                worker.publish(claim)
            except Killed:
                return

    @rule()
    def platform_finishes(self) -> None:
        self.world.platform.processing.clear()

    @rule()
    def reconnect(self) -> None:
        self.world.desk.reconnect()

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if self.posts:
            post = data.draw(st.sampled_from(sorted(self.posts)))
            try:
                if self.world.planning.cancel(post):
                    self.cancelled.add(post)
            except InputError:
                pass

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        if self.posts:
            post = data.draw(st.sampled_from(sorted(self.posts)))
            try:
                text, thread, picture = self.posts[post]
                self.world.schedule(post, text, thread, picture=picture, minutes=5)
                self.cancelled.discard(post)
            except InputError:
                pass

    @rule()
    def retry(self) -> None:
        for post in self.posts:
            self.world.planning.retry(post)

    @invariant()
    def nothing_is_out_twice(self) -> None:
        if hasattr(self, "world"):
            out = self.world.platform.posts
            assert len(out) == len(set(out)), f"published twice: {out}"

    @invariant()
    def nothing_is_out_before_its_time(self) -> None:
        if hasattr(self, "world"):
            sent = [one for one in self.world.planning.planned() if one.commits]
            assert all(one.due_at <= self.world.clock.at for one in sent)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        self.wake_up()
        for _ in range(4):
            world.desk.reconnect()
            world.clock.pass_by(days=3)
            world.recover()
            for post in self.posts:
                world.planning.retry(post)
        self.nothing_is_out_twice()
        by_post = {one.post_id: one for one in world.planning.planned()}
        for post, (text, thread, _) in self.posts.items():
            status, marks = by_post[post].status, thread or (text,)
            out = [mark for mark in marks if mark in world.platform.posts]
            assert status in ("published", "cancelled", "needs_review"), (status, by_post[post])
            if status == "published":
                assert out == list(marks)
            elif status == "cancelled":
                assert post in self.cancelled
            else:  # only what could never be asked
                assert "could not be asked" in by_post[post].reason
        self.engine.dispose()
        self.folder.cleanup()


Orders.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_any_order_of_events = Orders.TestCase
