"""`igny8-media doctor` on the machine that runs the tests."""

import json

from tests.command.conftest import Run


def test_it_finds_what_the_requirements_bring(run: Run) -> None:
    answer = run("doctor", "--json")
    assert answer.status == 0, answer.out
    findings = {f["name"]: f for f in json.loads(answer.out)["findings"]}
    for name in ("FFmpeg", "Encoders", "Database", "Media store", "Disk space", "Voice: piper"):
        assert findings[name]["state"] == "good", findings[name]
    assert "libx264" in findings["Encoders"]["detail"]
    assert findings["Font: Arabic"]["state"] == "good"
    for finding in findings.values():
        assert finding["state"] == "good" or finding["remedy"], finding


def test_what_is_missing_is_bad_and_says_what_to_do(run: Run) -> None:
    answer = run("doctor", "--json", IMAGEIO_FFMPEG_EXE="/nowhere/ffmpeg")
    assert answer.status == 1
    bad = [f for f in json.loads(answer.out)["findings"] if f["state"] == "bad"]
    assert bad
    assert all(f["remedy"] for f in bad)


def test_a_dead_database_does_not_hide_the_rest(run: Run) -> None:
    answer = run(
        "doctor", "--json", IGNY8_DATABASE_URL="postgresql+psycopg2://me:sesame@127.0.0.1:1/none"
    )
    assert answer.status == 1
    findings = {f["name"]: f for f in json.loads(answer.out)["findings"]}
    assert findings["Database"]["state"] == "bad"
    assert findings["Disk space"]["state"] == "good"
    assert "sesame" not in answer.out
