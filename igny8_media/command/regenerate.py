"""`posts regenerate` and `video regenerate`: once more, with an instruction."""

import json
import sys

from igny8_media.command.posts import open_desk
from igny8_media.command.scripts import show_script
from igny8_media.settings import load_settings
from igny8_media.stages.rewriting import rewrite_post, rewrite_script, rewrite_section
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm


def regenerate_post(post_id: int, instruction: str, *, as_json: bool) -> int:
    """A new draft of a post as an instruction wants it."""
    with open_desk() as press:
        made = rewrite_post(press, post_id, instruction)
        new = press.post(made.post_id)
        notes = press.all_posts.get(new.id).post.get("notes", ())
    if as_json:
        found = {**made.model_dump(), "post": new.model_dump(mode="json"), "notes": notes}
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print("\n\n".join(new.parts or (new.text,)), end="\n\n")
    for note in notes:
        print(note, file=sys.stderr)
    if made.taken_back:
        print(f"Post {post_id} was planned and will not go out; plan the new one instead.")
    for where in made.out:
        print(f"Post {post_id} is out already, at {where}: the new one would be a second post.")
    print(f"This is draft {new.id}; approve it with `igny8-media posts approve {new.id}`.")
    return 0


def regenerate_section(
    content_id: str, form: str, number: int, instruction: str, *, as_json: bool
) -> int:
    """A section of a script as an instruction wants it, in a new revision of the script."""
    shop = Workshop(load_settings())
    script = rewrite_section(shop, content_id, VideoForm(form), number, instruction)
    section = script.sections[number - 1]
    if as_json:
        found = {"section": section.model_dump(mode="json"), "notes": script.notes}
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print(section.narration)
    shown = " · ".join(filter(None, (section.text_overlay, *section.items)))
    print(f"On screen: {': '.join(filter(None, (section.visual_cue.replace('_', ' '), shown)))}")
    for note in script.notes:
        print(note, file=sys.stderr)
    newest = shop.scripts.newest(content_id, form)
    if newest is not None and newest.status == "draft":
        print(
            f"This is script {newest.id}; approve it with `igny8-media video approve {newest.id}`."
        )
    else:
        print("Make the video again: this section alone is spoken and drawn anew.")
    return 0


def regenerate_script(content_id: str, form: str, instruction: str, *, as_json: bool) -> int:
    """A whole script as an instruction wants it, by default the note of who rejected it."""
    shop = Workshop(load_settings())
    return show_script(
        rewrite_script(shop, content_id, VideoForm(form), instruction), as_json=as_json
    )
