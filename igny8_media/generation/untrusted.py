"""An article as data for a model: without what speaks to the model instead of to readers.

This is the second wall. The first is that an answer can hold nothing but text, of which
`checks` lets nothing through that the article, as it is left here, does not say.
"""

import json
import re
import unicodedata
from itertools import takewhile
from typing import Any, Final

from igny8_media.articles.model import Article, Code, Heading, Image, ListBlock, Quote, Table

_MOST_CHARACTERS: Final = 24_000
"""About 8,000 tokens: the length at which an article is a book, and its end no news."""

# Characters that readers do not see and models read: zero-width and soft hyphens, the controls of
# writing direction, tags. Joiners stay: emoji and several scripts are written with them.
UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ufff9-\ufffb\ufe00-\ufe0d\U000e0000-\U000e01ef]"
)
_BLOB: Final = re.compile(r"[A-Za-z0-9+/=_-]{60,}")

_ORDERS: Final = (
    # To forget the task, in the languages that attacks are seen in.
    r"\b(?:ignor|disregard|forget|overrid|bypass|vergiss|olvida|oublie|dimentica|esque[cç]a)\w*"
    r"\b.{0,60}\b(?:instruct|instru[cç]|prompt|rule|guideline|direction|context|above|previous|prior"
    r"|anweisung|regel|istruzion|consigne|règle|regla|regra)\w*",
    r"\bignorier\w*\b.{0,60}\b(?:anweisung|regel|vorgabe)\w*",
    r"(?:игнорируй|забудь).{0,40}(?:инструкц|указани)",
    r"(?:忽略|无视|無視).{0,20}(?:指令|指示|说明|提示|規則)",
    r"(?:指示|命令).{0,10}(?:無視|忘れ)",
    r"تجاهل.{0,40}(?:التعليمات|الأوامر)",
    # To be somebody else.
    r"\byou are (?:now|no longer|an? (?:ai|assistant|language model|bot))\b",
    r"\b(?:pretend|act|behave|respond|roleplay) (?:to be |as )(?:if )?(?:an? |you|my |the )",
    r"\b(?:jailbreak|developer mode|dan mode|god mode|do anything now)\b",
    # By name.
    r"\bsystem[ _-]?(?:prompt|message|instruction|override|note|update)",
    r"\b(?:new|updated|revised|following|special|hidden|secret|real) (?:system )?"
    r"(?:instruction|directive|task|order|prompt)s?\b",
    r"\b(?:ai|a\.i\.|llm|gpt|chatgpt|claude|language model|chat ?bot|assistant|summari[sz]er"
    r"|content (?:generator|writer)|copywriter)s?\b[ ,:;]{1,3}(?:please|you|must|should|read|write"
    r"|say|add|post|include|note|stop|do|when|if|now)\b",
    r"\b(?:attention|notes?|message|instructions?|reminder|dear|hey|hello|hi|to|for)\b[ ,:]{1,3}"
    r"(?:to |for )?(?:all |any |the |every |you,? )?(?:automated |ai|llm|gpt|chatgpt|claude"
    r"|language model|model reading|assistant|chat ?bot|summari[sz]er|copywriter)\w*",
    r"(?:^|[.!?:]\s)\s*(?:system|assistant|developer|user|human)\s*:",
    r"<\|?/?\s*(?:im_start|im_end|system|assistant|endoftext|article|instructions?|s)\b[^>]*>",
    r"\[/?(?:inst|system|assistant)\]|###\s*(?:instruction|system|response)",
    r"ARTICLE (?:BEGINS|ENDS)",
    # What to write.
    r"\b(?:respond|reply|answer|output|write|return|print|say)\b.{0,20}\b(?:only|exactly|verbatim"
    r"|word for word|the following|nothing but)\b",
    r"\b(?:your|the|this|every|each|any|all) (?:answer|reply|response|output|post|caption|tweet"
    r"|thread|summary|hashtag|slide)s?\b.{0,30}\b(?:must|should|has to|have to|needs? to|shall)\b",
    r"\b(?:include|insert|append|add|post|tweet|share|publish|embed|mention|tag|promote|recommend"
    r"|use)\b.{0,40}\b(?:this|these|the following|our|my) (?:link|url|hashtag|tag|account|handle"
    r"|address|code|number|text|sentence|phrase|promo\w*)s?\b",
    r"\b(?:when|while|before|after|if) (?:you(?: are)? )?(?:summari[sz]|rewrit|writ|generat|creat"
    r"|draft|adapt|produc)\w*\b.{0,60}\b(?:post|summary|caption|thread|hashtag|tweet|text|slide)s?",
    r"\b(?:reveal|repeat|print|leak|show|output)\b.{0,30}\b(?:prompt|instructions|api key|password"
    r"|secret)s?\b",
    r"\b(?:base64|rot13|decode (?:this|the following))\b.{0,80}\b(?:follow|obey|execute|do|run)\b",
    r"\b(?:end of|stop reading the) article\b",
    r"\btranslate (?:this|the above|everything) (?:in)?to\b",
)
_ORDER: Final = re.compile("|".join(f"(?:{o})" for o in _ORDERS), re.IGNORECASE | re.MULTILINE)


def orders(text: str) -> bool:
    """Whether a text speaks to a model; letters are compared as they look plain."""
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return bool(_ORDER.search(" ".join(plain.split())) or _ORDER.search(plain))


def defused(article: Article) -> tuple[Article, tuple[str, ...]]:
    """The article without each paragraph, item, cell or field that speaks to a model, and a note
    for its reviewer about what is missing."""
    found: list[str] = []

    def kept(text: str) -> str:
        plain = _BLOB.sub("", UNSEEN.sub("", text))
        if not orders(plain):
            return plain
        found.append(" ".join(plain.split())[:80])
        return ""

    def title() -> str:
        """What stands before the order; without it, the first heading says what it is about."""
        parts = re.split(r"(?<=[.!?:|–—。！？])\s+|\n", UNSEEN.sub("", article.title))
        before = list(takewhile(lambda part: not orders(part), parts))
        if len(before) == len(parts) and kept(article.title):
            return " ".join(before)
        if len(before) < len(parts):
            kept(article.title)
        headings = (b.text for b in article.blocks if isinstance(b, Heading))
        return " ".join(before).rstrip(" .:|–—") or next(
            (text for text in headings if not orders(text)), ""
        )

    def listed(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(left for text in texts if (left := kept(text)) or not text)

    blocks = []
    for block in article.blocks:
        changes: dict[str, Any]
        if isinstance(block, ListBlock):
            changes = {"items": listed(block.items)}
        elif isinstance(block, Table):
            # Cells stay in their places.
            rows = tuple(tuple(kept(cell) for cell in row) for row in block.rows)
            changes = {"header": tuple(kept(cell) for cell in block.header), "rows": rows}
        elif isinstance(block, Image):
            changes = {"alt": kept(block.alt), "caption": kept(block.caption or "") or None}
        elif isinstance(block, Quote):
            attribution = kept(block.attribution or "") or None
            changes = {"text": kept(block.text), "attribution": attribution}
        else:
            changes = {"text": kept(block.text)}
        left = block.model_copy(update=changes)
        if not isinstance(left, ListBlock | Table | Image) and not left.text.strip():
            continue
        if isinstance(left, ListBlock) and not left.items:
            continue
        blocks.append(left)
    safe = article.model_copy(
        update={
            "blocks": tuple(blocks),
            "title": title(),
            "meta_description": kept(article.meta_description),
            "target_keywords": listed(article.target_keywords),
            "author": kept(article.author or "") or None,
        }
    )
    if safe != article:
        # Readings of articles are remembered by version, and this is another text.
        safe = safe.model_copy(update={"version": f"{article.version}-defused"})
    if not found:
        return safe, ()
    shown = "; ".join(f"'{text}'" for text in found[:3])
    return safe, (
        f"The article has {len(found)} passage{'s' * (len(found) > 1)} that speak to a language "
        f"model, which was not shown them: {shown}. Look at the article.",
    )


def as_data(article: Article) -> str:
    """One JSON document, in which nothing of the article can end the document or look like markup.

    A long article is shown as far as whole blocks fit.
    """
    texts: list[str] = []
    size = 0
    for text in filter(None, map(_shown, article.blocks)):
        size += len(text)
        if size > _MOST_CHARACTERS:
            break
        texts.append(text)
    data = {
        "title": article.title,
        "description": article.meta_description,
        "keywords": list(article.target_keywords),
        "author": article.author or "",
        "text": texts,
    }
    return data_json(data)


def data_json(data: Any) -> str:
    """JSON in which nothing looks like markup."""
    written = json.dumps(data, ensure_ascii=False)
    return written.translate({ord("<"): "\\u003c", ord(">"): "\\u003e"})


def _shown(block: object) -> str:
    if isinstance(block, ListBlock):
        return "\n".join(f"- {item}" for item in block.items)
    if isinstance(block, Table):
        return "\n".join(" | ".join(row) for row in (block.header, *block.rows))
    if isinstance(block, Image):
        return block.caption or block.alt
    if isinstance(block, Heading):
        return f"# {block.text}"
    if isinstance(block, Code):
        return ""  # nobody posts code, and comments in it are not the author's voice
    text = getattr(block, "text", "")
    return text if isinstance(text, str) else ""
