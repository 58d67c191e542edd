"""Everything that is wrong with a post, at once, each as a sentence a person can act on."""

import re

from igny8_media.articles.model import Article
from igny8_media.social.length import is_valid_on_x, length
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.rules import RULES
from igny8_media.writing.facts import unsupported
from igny8_media.writing.lexicon import lexicon

_HASHTAG = re.compile(r"(?<![\w&#])#(\w+)")
_NUMBERING = re.compile(r"\n+\d+/\d+$")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def problems(post: SocialPost) -> list[str]:
    """What keeps a post from being published as it is; empty when nothing does."""
    return [*_length(post), *_hashtags(post), *_thread(post), *_slides(post), *_parts(post)]


def ungrounded(post: SocialPost, article: Article) -> list[str]:
    """Each figure and name in a post that its article does not have, as a sentence to act on.

    Links, hashtags, a thread's numbering and the ready phrases of the post's language are ours and
    not judged. In German every noun counts as a name, so that a freely worded post may be doubted
    without cause; one made of the article's own sentences never is.
    """
    own = "\n".join(p for variants in lexicon(post.language).phrases.values() for p in variants)
    texts = [_NUMBERING.sub("", text) for text in post.thread or (post.post_text,)]
    texts += [post.headline, post.alt_text]
    texts += [text for slide in post.slides for text in (slide.heading, slide.body)]
    missing = unsupported("\n".join(texts), article, own)
    return [
        f"The post says '{item}', which is not in the article; correct it or take it out."
        for item in missing
    ]


def _length(post: SocialPost) -> list[str]:
    rules, name = RULES[post.platform], post.platform.label
    found = []
    for number, text in enumerate(post.thread or (post.post_text,), 1):
        where = f"Part {number} of the thread" if post.thread else "The text"
        size = length(text, post.platform)
        if not text.strip():
            found.append(f"{where} is empty.")
        elif size > rules.limit:
            found.append(
                f"{where} is {size} long as {name} counts, {size - rules.limit} over the limit "
                f"of {rules.limit}; shorten it."
            )
        elif post.platform is Platform.TWITTER and not is_valid_on_x(text):
            found.append(f"{where} has characters that X refuses; remove them.")
        if _UNSEEN.search(text):
            found.append(f"{where} has control characters; remove them.")
    return found


def _hashtags(post: SocialPost) -> list[str]:
    rules, name = RULES[post.platform], post.platform.label
    found = []
    bare = [tag.lstrip("#").casefold() for tag in post.hashtags]
    everywhere = _HASHTAG.findall("\n".join(post.thread or (post.post_text,)))
    if len(everywhere) > rules.hashtag_limit:
        found.append(
            f"The text has {len(everywhere)} hashtags and {name} takes {rules.hashtag_limit}; "
            "remove some."
        )
    if len(set(bare)) < len(bare):
        found.append("A hashtag is there twice; keep one of each.")
    for tag in post.hashtags:
        word = tag.lstrip("#")
        if not word.replace("_", "").isalnum() or word.isdigit():
            found.append(f"'{tag}' is no hashtag: use letters and digits only, with a letter.")
    return found


def _thread(post: SocialPost) -> list[str]:
    found = []
    if post.thread and post.platform is not Platform.TWITTER:
        found.append(f"{post.platform.label} has no threads; put the text into one post.")
    if post.thread and post.post_text != post.thread[0]:
        found.append("The text of a thread must be its first part.")
    if post.post_type == "thread" and len(post.thread) < 2:
        found.append("A thread needs at least two parts.")
    return found


def _slides(post: SocialPost) -> list[str]:
    rules, name = RULES[post.platform], post.platform.label
    if not post.slides:
        wants = post.post_type in ("carousel", "document")
        return [f"A {post.post_type} post needs slides."] if wants else []
    if rules.slides is None:
        return [f"{name} takes no slides here; remove them."]
    fewest, most = rules.slides
    found = []
    if not fewest <= len(post.slides) <= most:
        found.append(f"There are {len(post.slides)} slides; {name} wants {fewest} to {most}.")
    found += [
        f"Slide {number} has no heading."
        for number, slide in enumerate(post.slides, 1)
        if not slide.heading.strip()
    ]
    return found


def _parts(post: SocialPost) -> list[str]:
    rules, name = RULES[post.platform], post.platform.label
    found = []
    if post.post_type not in rules.post_types:
        found.append(f"{name} has no posts of type '{post.post_type}' here.")
    if not post.headline.strip():
        found.append("The headline for the picture is empty.")
    if len(post.alt_text) > rules.alt_text_limit:
        found.append(
            f"The alternative text has {len(post.alt_text)} characters; {name} takes "
            f"{rules.alt_text_limit}."
        )
    if post.link_url and not re.match(r"https?://\S+$", post.link_url):
        found.append(f"'{post.link_url}' is no web address; give one that starts with https://.")
    return found
