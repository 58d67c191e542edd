"""Figures worth showing: a number with its unit, and the sentence it stands in."""

import re
from dataclasses import dataclass

_NUMBER = r"\d{1,3}(?:[.,\u202f\u00a0 ’']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_UNIT = (
    r"%|percent\b|per cent\b|por ciento\b|Prozent\b|pour cent\b|per cento\b|por cento\b|procent\b|"
    r"x\b|×|times\b|"
    r"(?:million|billion|thousand|millones|mil|Millionen|Milliarden|millions|milliards|milioni|"
    r"miliardi|milhões|bilhões|miljoen|miljard)\b|"
    r"(?:milli)?seconds?\b|minutes?\b|hours?\b|days?\b|weeks?\b|months?\b|years?\b|"
    r"segundos?\b|minutos?\b|horas?\b|días?\b|semanas?\b|meses\b|años?\b|"
    r"Sekunden?\b|Minuten?\b|Stunden?\b|Tagen?\b|Wochen?\b|Monaten?\b|Jahren?\b|"
    r"secondes?\b|heures?\b|jours?\b|semaines?\b|mois\b|ans?\b|"
    r"(?:ms|s|min|h|km|m|cm|kg|g|KB|MB|GB|TB|kB|MiB|GiB|kWh|°C|°F)\b|"
    r"people\b|users\b|customers\b|words\b|characters\b|pages\b|euros?\b|dollars?\b|[€$£¥]"
)
_FIGURE = re.compile(
    rf"(?<![\w./:\-#v])(?P<currency>[$€£¥]\s?)?(?P<number>{_NUMBER})(?P<gap>[\s\u00a0\u202f-]?)"
    rf"(?P<unit>{_UNIT})?(?![\w/:]|[.\-]\d)"
)
# What stands over a column of bare figures.
_COUNTED = re.compile(
    rf"(?:{_UNIT}|mm|ml|l|ha|m²|m³|lit(?:er|re|ro)s?|liter|litri|Tage|Wochen|Monate|Jahre|"
    r"giorni|ore|minuti|secondi|mesi|settimane|anni|dias|horas|meses|anos|dagen|uren|weken|"
    r"maanden|jaren?|visitors|Besucher|Nutzer|usuarios|visitas)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statistic:
    """`number` is the figure as written, with sign and unit; `strong` if it has one of those."""

    number: str
    strong: bool


def statistic(sentence: str) -> Statistic | None:
    """The figure a sentence turns on, or None: years, versions, dates and addresses are none."""
    best: Statistic | None = None
    for match in _FIGURE.finditer(sentence):
        unit, currency = match["unit"], match["currency"]
        if unit or currency:
            return Statistic(sentence[match.start() : match.end()].strip(), strong=True)
        value = match["number"]
        year = len(value) == 4 and value.isdigit() and 1500 <= int(value) <= 2100
        named = re.search(r"[A-Z]\w*\s$", sentence[: match.start()]) and match.start() > 0
        if best is None and len(value) >= 2 and not year and not named and value[0] != "0":
            best = Statistic(value, strong=False)
    return best


def is_unit(text: str) -> bool:
    """Whether figures are counted in it, so that it is said after them: "mm", "Liter", "%"."""
    return bool(_COUNTED.fullmatch(text))
