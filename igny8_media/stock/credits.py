"""Who made what a video shows, in the words that the libraries ask for."""

from collections.abc import Callable, Sequence

from igny8_media.stock.model import Credit, Provider

# "Photo by John Doe on Pexels" with a link is what Pexels asks for (Pexels API documentation,
# "Guidelines", 2026-11); Pixabay asks to be named and linked.
_LINES = {
    "de": ("Foto von {author} auf {provider}", "Video von {author} auf {provider}"),
    "en": ("Photo by {author} on {provider}", "Video by {author} on {provider}"),
    "es": ("Foto de {author} en {provider}", "Vídeo de {author} en {provider}"),
    "fr": ("Photo de {author} sur {provider}", "Vidéo de {author} sur {provider}"),
    "it": ("Foto di {author} su {provider}", "Video di {author} su {provider}"),
    "nl": ("Foto van {author} op {provider}", "Video van {author} op {provider}"),
    "pt": ("Foto de {author} no {provider}", "Vídeo de {author} no {provider}"),
}
_HOMES: dict[Provider, str] = {
    "Pexels": "https://www.pexels.com",
    "Pixabay": "https://pixabay.com",
}


def credit_line(credit: Credit, language: str) -> str:
    """One picture's credit; in a language we have no words for, in English."""
    photo, video = _LINES.get(language[:2].lower(), _LINES["en"])
    words = photo if credit.kind == "photo" else video
    said = words.format(author=_plain(credit.author) or "?", provider=credit.provider)
    return f"{said}: {credit.page_url}"


def credits_text(
    credits: Sequence[Credit], language: str, room: int, measure: Callable[[str], int]
) -> str:
    """The credits in at most `room` as `measure` counts, nobody left out while that is possible.

    A line with its link for each; where that is too long, the authors of each library in one
    line with the library's address; at last only the libraries.
    """
    unique = list(dict.fromkeys(credits))
    authors: dict[Provider, dict[str, None]] = {}
    for credit in unique:
        authors.setdefault(credit.provider, {})[_plain(credit.author) or "?"] = None
    short = [f"{name}: {', '.join(by)} ({_HOMES[name]})" for name, by in authors.items()]
    least = [f"{name}: {_HOMES[name]}" for name in authors]
    for lines in ([credit_line(credit, language) for credit in unique], short, least):
        text = "\n".join(lines)
        if measure(text) <= room:
            return text
    return ""


def _plain(name: str) -> str:
    """A name that starts no hashtag, mentions nobody and stays on its line."""
    return " ".join(name.replace("#", " ").replace("@", " ").split())
