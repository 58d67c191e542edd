"""`posts regenerate` and `video regenerate`: once more, with an instruction."""

import json
import sys

from igny8_media.command.posts import open_desk
from igny8_media.settings import load_settings
from igny8_media.stages.rewriting import rewrite_post, rewrite_section
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
    print("Make the video again: this section alone is spoken and drawn anew.")
    return 0
