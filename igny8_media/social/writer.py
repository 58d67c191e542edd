"""The extractive writer: real sentences of the article, arranged as each platform likes them."""

from collections.abc import Callable, Sequence

from igny8_media.articles.model import Article
from igny8_media.errors import InputError
from igny8_media.social import facebook, instagram, linkedin, tiktok, twitter
from igny8_media.social.model import Platform, PostType, SocialPost
from igny8_media.social.rules import RULES
from igny8_media.social.slides import slides
from igny8_media.social.validate import problems
from igny8_media.writing.hashtags import hashtags
from igny8_media.writing.headline import alt_text, headline
from igny8_media.writing.material import Material

_WRITERS: dict[Platform, Callable[[Material, tuple[str, ...]], tuple[str, str]]] = {
    Platform.LINKEDIN: linkedin.write,
    Platform.TWITTER: twitter.write_single,
    Platform.FACEBOOK: facebook.write,
    Platform.INSTAGRAM: instagram.write,
    Platform.TIKTOK: tiktok.write,
}


class ExtractiveWriter:
    """Writes posts with no model and no key: it picks, shortens and arranges what is there."""

    name = "extractive"

    def write(self, article: Article, platform: Platform, said: Sequence[str] = ()) -> SocialPost:
        """A post for one platform, in the article's language; of sentences that are in none of the
        texts that were `said`.

        Raises InputError for an article with neither title nor text, or one whose post cannot be
        brought under the platform's limits.
        """
        material = Material(article, said)
        rules = RULES[platform]
        line = headline(article)
        if not line and not material.digest.sentences:
            raise InputError(
                f"Article '{article.original_id}' has neither a title nor a sentence; "
                "give it a title or some text."
            )
        tags = hashtags(article, material.digest, rules.hashtags[1])
        thread: tuple[str, ...] = ()
        if platform is Platform.TWITTER:
            thread, call = twitter.write_thread(material, tags)
        if thread:
            text = thread[0]
        else:
            text, call = _WRITERS[platform](material, tags)
        shown = slides(material, line) if rules.slides else ()
        post = SocialPost(
            platform=platform,
            post_type=_post_type(platform, bool(thread), bool(shown)),
            post_text=text,
            hashtags=tuple(tag for tag in tags if tag in "\n".join(thread or (text,))),
            call_to_action=call,
            link_url=material.link,
            thread=thread,
            slides=shown,
            alt_text=alt_text(article, material.digest, line, rules.alt_text_limit),
            headline=line or text,
            language=article.language,
            writer=self.name,
            notes=material.digest.notes,
        )
        wrong = problems(post)
        if wrong:
            raise InputError(
                f"No post for {platform.label} can be made of '{article.original_id}': "
                + " ".join(wrong)
            )
        return post


def _post_type(platform: Platform, thread: bool, shown: bool) -> PostType:
    if thread:
        return "thread"
    if shown:
        return "carousel" if platform is Platform.INSTAGRAM else "document"
    return "image"
