"""`posts regenerate` and `video regenerate`: once more, as a person wants it."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.vault import TokenSet
from igny8_media.database.tables import Publication, SocialPost, VideoProject
from igny8_media.publishing.model import Options
from igny8_media.settings import load_settings
from igny8_media.stages.press import open_press
from igny8_media.stages.workshop import Workshop
from tests.ai.servers import ModelServer, model_server
from tests.command.conftest import Run
from tests.generation.models import shown_outline, told
from tests.generation.test_post_stage import writes

SHORTER = "At six in the morning 9 of 10 litres reach the roots."


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as state:
        state.write = writes
        yield state


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that needs the posts keeps a copy for the others."""
    return tmp_path_factory.mktemp("made") / "home"


@pytest.fixture
def made(run: Run, article: Path, own_home: Path, kept: Path) -> Workshop:
    """An article with its posts by the extractive writer; all but the first have a copy."""
    if kept.exists():
        shutil.copytree(kept, own_home)
    else:
        done = run("run", article, "--platforms", "linkedin,twitter", "--videos", "none")
        assert done.status == 0, done.err
        shutil.copytree(own_home, kept)
    return Workshop(load_settings())


def rows(shop: Workshop, platform: str) -> list[SocialPost]:
    with Session(shop.engine, expire_on_commit=False) as session:
        query = select(SocialPost).where(SocialPost.platform == platform)
        return list(session.scalars(query.order_by(SocialPost.revision)))


def rejected(shop: Workshop, post_id: int, note: str) -> None:
    with Session(shop.engine) as session, session.begin():
        row = session.get_one(SocialPost, post_id)
        row.status, row.note = "rejected", note


def account(shop: Workshop) -> Account:
    grant = Grant(tokens=TokenSet(access_token=SecretStr("a")), issued_at=datetime.now(UTC))
    return shop.accounts.add(
        Connection(
            service=Service.LINKEDIN,
            platform_user_id="1",
            name="Me",
            kind="person",
            grant=grant,
        )
    )


def answers(text: str) -> Any:
    return lambda _body: json.dumps({"text": text, "call_to_action": ""})


def test_a_new_draft_beside_the_old_one(run: Run, made: Workshop, server: ModelServer) -> None:
    (old,) = rows(made, "linkedin")
    server.write = answers(SHORTER)
    done = run(
        "posts", "regenerate", str(old.id), "--instruction", "shorter", GPU_SERVER_URL=server.url
    )
    assert done.status == 0, done.err
    before, new = rows(made, "linkedin")
    assert before.post == old.post
    assert new.revision == 2
    assert new.status == "draft"
    assert new.edited_at is not None
    assert new.post["post_text"].startswith(SHORTER)
    assert new.post["writer"] == "gpu_server served-1"
    assert new.post["hashtags"] == old.post["hashtags"]
    assert f"This is draft {new.id}" in done.out
    assert SHORTER in done.out
    prompt = server.asked[-1]["messages"][-1]["content"]
    assert '"shorter"' in prompt
    assert json.dumps(old.post["post_text"], ensure_ascii=False)[:60] in prompt


def test_the_note_of_who_rejected_it_is_the_instruction(
    run: Run, made: Workshop, server: ModelServer
) -> None:
    (old,) = rows(made, "linkedin")
    rejected(made, old.id, "say it in one sentence")
    server.write = answers(SHORTER)
    done = run("posts", "regenerate", str(old.id), "--json", GPU_SERVER_URL=server.url)
    assert done.status == 0, done.err
    assert "say it in one sentence" in server.asked[-1]["messages"][-1]["content"]
    assert json.loads(done.out)["post_id"] == rows(made, "linkedin")[1].id


def test_what_the_old_one_was_planned_for_is_taken_back(
    run: Run, made: Workshop, server: ModelServer
) -> None:
    (old,) = rows(made, "linkedin")
    mine = account(made)
    with open_press(made) as press:
        press.approve([old.id])
        due = datetime.now(UTC) + timedelta(days=1)
        press.plan(old.id, str(mine.id), due, lambda _: Options())
    server.write = answers(SHORTER)
    done = run("posts", "regenerate", str(old.id), "--instruction", "x", GPU_SERVER_URL=server.url)
    assert done.status == 0, done.err
    assert "was planned and will not go out" in done.out
    with Session(made.engine) as session:
        assert session.scalars(select(Publication.status)).all() == ["cancelled"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Margaret Hamilton waters 9,731 gardens.", "'9,731' is not in the article"),
        ("water " * 500, "shorten it"),
        ("More at https://evil.example.", "a link"),
    ],
)
def test_an_instruction_loosens_nothing(
    text: str, reason: str, run: Run, made: Workshop, server: ModelServer
) -> None:
    (old,) = rows(made, "linkedin")
    server.write = answers(text)
    done = run(
        "posts", "regenerate", str(old.id), "--instruction", "lie", GPU_SERVER_URL=server.url
    )
    assert done.status == 1
    assert "The post stays as it is." in done.err
    assert reason in done.err
    assert len(rows(made, "linkedin")) == 1


def test_what_is_in_the_way_is_one_sentence(run: Run, made: Workshop, server: ModelServer) -> None:
    (old,) = rows(made, "linkedin")
    one = ("posts", "regenerate", str(old.id))
    assert run(*one, "--instruction", "shorter").status == 2
    assert "set GPU_SERVER_URL" in run(*one, "--instruction", "shorter").err
    told_now = run(*one, GPU_SERVER_URL=server.url)
    assert told_now.status == 2
    assert "--instruction" in told_now.err
    assert "500" in run(*one, "--instruction", "x" * 501, GPU_SERVER_URL=server.url).err
    nobody = run("posts", "regenerate", "999", "--instruction", "x", GPU_SERVER_URL=server.url)
    assert "There is no post 999" in nobody.err
    assert server.asked == []


def test_a_section_of_a_script(run: Run, made: Workshop, server: ModelServer) -> None:
    content = rows(made, "linkedin")[0].content_id
    section = ("video", "regenerate", content, "short", "--instruction", "shorter", "--section")
    none = run(*section, "1", GPU_SERVER_URL=server.url)
    assert none.status == 2
    assert "There is no script" in none.err
    said = (
        "At six in the morning 9 of 10 litres reach the roots, and at noon the sun takes half.",
        "A hose costs 20 euros and lasts for ten years.",
    )
    sections = [
        {
            "section_id": f"s{n}",
            "type": "point",
            "narration": text,
            "visual_cue": "animated_text",
            "text_overlay": text[:20],
            "duration_estimate": 6.0,
        }
        for n, text in enumerate(said)
    ]
    script = {
        "title": "Water",
        "description": "",
        "tags": [],
        "sections": sections,
        "total_duration_estimate": 12.0,
        "language": "en",
        "writer": "extractive",
    }
    made.films.propose_script(content, "short", "f", script)

    def write(body: dict[str, Any]) -> str:
        class Request:
            prompt = body["messages"][-1]["content"]

        (piece,) = shown_outline(Request())  # type: ignore[arg-type]
        answer = "A hose lasts for ten years."
        return json.dumps({"title": "", "sections": [told(piece, answer)]})

    server.write = write
    done = run(*section, "2", GPU_SERVER_URL=server.url)
    assert done.status == 0, done.err
    assert "A hose lasts for ten years." in done.out
    with Session(made.engine) as session:
        old, new = session.scalars(select(VideoProject).order_by(VideoProject.revision)).all()
        assert old.script == script
        assert old.edited_at is None
        assert new.edited_at is not None
        assert [s["narration"] for s in new.script["sections"]] == [
            said[0],
            "A hose lasts for ten years.",
        ]
    assert made.films.edited_script(content, "short") is not None
    far = run(*section, "3", GPU_SERVER_URL=server.url)
    assert far.status == 2
    assert "has 2 sections" in far.err
