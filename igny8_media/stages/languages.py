"""The language that a brand wants, where nobody is there to write in it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igny8_media.articles.model import Article
    from igny8_media.settings import Settings


def unkept_language(settings: "Settings", article: "Article") -> tuple[str, ...]:
    """A note that IGNY8_BRAND__LANGUAGE is not kept, or none."""
    wanted = settings.brand.language
    if settings.text_sources or wanted in ("", article.language):
        return ()
    return (
        f"It is in {article.language}, as the article is: IGNY8_BRAND__LANGUAGE asks for {wanted}, "
        "and only a model can write in another language. Set GPU_SERVER_URL, IGNY8_OPENAI_KEY or "
        "IGNY8_ANTHROPIC_KEY.",
    )
