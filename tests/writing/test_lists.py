"""Lists of steps: their lead, their heads, and what is made of them."""

from igny8_media.articles.model import Article, Code, Heading, ListBlock, Paragraph
from igny8_media.scripts.writer import write_script
from igny8_media.social.model import Platform
from igny8_media.social.validate import ungrounded
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.video.model import VideoForm, VideoScript
from igny8_media.writing.digest import digest
from igny8_media.writing.facts import figures
from tests.words_corpus import make

_STEPS = (
    "Install restic. The packaged version is old but fine: sudo apt install restic.",
    "Create a bucket with a key that cannot delete. Old snapshots then survive an attacker.",
    "Run restic init once.",
    "Write the backup script. It ends with restic check --read-data-subset=2%.",
)

_MORE = (
    "Restoring the whole shop takes us six minutes and costs about nine cents in traffic.",
    "Ransomware is often found weeks after it arrives, so keep more snapshots than you need.",
    "A full disk stops a nightly job without a sound, and nobody reads the mail about it.",
    "Passwords belong on paper too, because a burned server takes its own keys with it.",
    "Volumes that were mounted last month are missing from a list that was written last year.",
)


def _how_to(heading: str = "Set it up in four steps") -> Article:
    return make(
        Paragraph(text="Almost everybody has backups. Far fewer people have restores."),
        Heading(level=2, text=heading),
        ListBlock(ordered=True, items=_STEPS),
        Paragraph(text="The script is short and belongs into one file of your own server."),
        Code(text="restic backup /srv"),
        Heading(level=2, text="Prove it every week"),
        Paragraph(text="A backup that has never been restored is a hope and nothing more."),
        *(Paragraph(text=text) for text in _MORE),
        title="How to set up backups with restic",
    )


def test_a_list_without_a_lead_line_takes_its_heading_or_the_title() -> None:
    assert digest(_how_to()).lists[0].lead == "Set it up in four steps:"
    assert digest(_how_to("Method")).lists[0].lead == "How to set up backups with restic:"


def test_posts_and_slides_of_a_how_to_number_its_steps() -> None:
    for platform in (Platform.LINKEDIN, Platform.INSTAGRAM):
        post = ExtractiveWriter().write(_how_to(), platform)
        assert "Set it up in four steps:\n\n1. Install restic\n2. Create a bucket" in post.post_text
        assert "3. Run restic init once" in post.post_text
        points = [slide for slide in post.slides if slide.kind == "point"]
        assert [slide.heading for slide in points][::3] == [
            "1. Install restic",
            "4. Write the backup script",
        ]
        assert "sudo apt install" in points[0].body, "a command is read as its words"
        assert "=" not in points[3].body
        assert ungrounded(post, _how_to()) == []


def test_a_short_tells_the_steps_by_their_heads() -> None:
    script = write_script(_how_to(), VideoForm.SHORT, 150)
    assert isinstance(script, VideoScript)
    steps = next(section for section in script.sections if section.visual_cue == "list")
    assert steps.items[:2] == ("Install restic", "Create a bucket with a key that cannot delete")
    assert steps.narration.startswith("Set it up in four steps. Install restic. Create")


def test_the_numbers_of_steps_are_no_figures() -> None:
    assert figures("Lead:\n\n1. Bake\n2. Eat 3 loaves") == {"3"}
    assert figures("It has\n3. Bake\nno first step") == {"3"}
