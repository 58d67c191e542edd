"""What short forms are called aloud: abbreviations, units, currencies, symbols, by language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

ABBREVIATIONS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus",
        "vs": "versus", "dr.": "Doctor", "mr.": "Mister", "mrs.": "Missus", "ms.": "Miz",
        "prof.": "Professor", "st.": "Saint", "jr.": "Junior", "sr.": "Senior",
        "approx.": "approximately", "est.": "established", "dept.": "department",
        "inc.": "Incorporated", "ltd.": "Limited", "corp.": "Corporation", "co.": "Company",
        "fig.": "figure", "vol.": "volume", "pp.": "pages", "ed.": "edition", "cf.": "compare",
        "al.": "al", "w/": "with", "w/o": "without", "aka": "also known as", "a.k.a.":
        "also known as", "asap": "as soon as possible", "jan.": "January", "feb.": "February",
        "mar.": "March", "apr.": "April", "jun.": "June", "jul.": "July", "aug.": "August",
        "sept.": "September", "sep.": "September", "oct.": "October", "nov.": "November",
        "dec.": "December", "mon.": "Monday", "tue.": "Tuesday", "wed.": "Wednesday",
        "thu.": "Thursday", "fri.": "Friday", "sat.": "Saturday", "sun.": "Sunday",
        "a.m.": "A M", "p.m.": "P M", "p.a.": "per year", "p.": "page", "ch.": "chapter",
        "mt.": "Mount", "ave.": "Avenue", "blvd.": "Boulevard", "gov.": "Governor",
        "sen.": "Senator", "max.": "maximum", "min.": "minimum", "incl.": "including",
    },
    "de": {
        "z.b.": "zum Beispiel", "d.h.": "das heißt", "u.a.": "unter anderem", "usw.":
        "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "dr.": "Doktor",
        "prof.": "Professor", "vgl.": "vergleiche", "inkl.": "inklusive", "evtl.": "eventuell",
        "ggf.": "gegebenenfalls", "mind.": "mindestens", "nr.": "Nummer", "str.": "Straße",
        "etc.": "et cetera", "mio.": "Millionen", "mrd.": "Milliarden", "i.d.r.": "in der Regel",
        "o.ä.": "oder Ähnliches", "u.u.": "unter Umständen", "s.o.": "siehe oben",
        "v.a.": "vor allem", "u.v.m.": "und vieles mehr", "bspw.": "beispielsweise",
        "s.": "Seite", "abb.": "Abbildung", "abs.": "Absatz", "art.": "Artikel",
        "kap.": "Kapitel", "max.": "maximal", "min.": "mindestens", "zzgl.": "zuzüglich",
        "exkl.": "exklusive", "sog.": "sogenannte", "std.": "Stunden", "jh.": "Jahrhundert",
        "tel.": "Telefon", "vs.": "gegen", "p.a.": "pro Jahr",
    },
    "fr": {
        "p.ex.": "par exemple", "etc.": "et cetera", "m.": "Monsieur", "mme": "Madame",
        "dr": "Docteur", "env.": "environ", "n°": "numéro",
    },
    "es": {
        "p.ej.": "por ejemplo", "etc.": "etcétera", "sr.": "señor", "sra.": "señora",
        "dr.": "doctor", "dra.": "doctora", "aprox.": "aproximadamente", "núm.": "número",
    },
    "it": {"ecc.": "eccetera", "p.es.": "per esempio", "sig.": "signor", "dott.": "dottor"},
    "pt": {"etc.": "et cetera", "p.ex.": "por exemplo", "sr.": "senhor", "dr.": "doutor"},
    "nl": {"bijv.": "bijvoorbeeld", "enz.": "enzovoort", "d.w.z.": "dat wil zeggen"},
    "pl": {"np.": "na przykład", "itd.": "i tak dalej", "tzn.": "to znaczy", "ok.": "około"},
    "ru": {"т.е.": "то есть", "и т.д.": "и так далее", "др.": "другие"},
}  # fmt: skip

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

# English units after a number: singular and plural. Lower-cased keys are not enough: Mb is not MB.
UNITS: Final[dict[str, tuple[str, str]]] = {
    "km": ("kilometre", "kilometres"), "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"), "mm": ("millimetre", "millimetres"),
    "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"), "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
    "l": ("litre", "litres"), "L": ("litre", "litres"), "ml": ("millilitre", "millilitres"),
    "mL": ("millilitre", "millilitres"), "ft": ("foot", "feet"), "mi": ("mile", "miles"),
    "mph": ("mile per hour", "miles per hour"),
    "km/h": ("kilometre per hour", "kilometres per hour"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"), "°": ("degree", "degrees"),
    "ms": ("millisecond", "milliseconds"), "µs": ("microsecond", "microseconds"),
    "s": ("second", "seconds"), "sec": ("second", "seconds"), "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"), "h": ("hour", "hours"), "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
    "KB": ("kilobyte", "kilobytes"), "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"), "PB": ("petabyte", "petabytes"),
    "KiB": ("kibibyte", "kibibytes"), "MiB": ("mebibyte", "mebibytes"),
    "GiB": ("gibibyte", "gibibytes"), "kb": ("kilobit", "kilobits"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "Mbit/s": ("megabit per second", "megabits per second"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "Gbit/s": ("gigabit per second", "gigabits per second"),
    "kbit/s": ("kilobit per second", "kilobits per second"),
    "kB/s": ("kilobyte per second", "kilobytes per second"),
    "MB/s": ("megabyte per second", "megabytes per second"),
    "GB/s": ("gigabyte per second", "gigabytes per second"),
    "TB/s": ("terabyte per second", "terabytes per second"),
    "m/s": ("metre per second", "metres per second"), "MP": ("megapixel", "megapixels"),
    "mAh": ("milliampere hour", "milliampere hours"), "Wh": ("watt hour", "watt hours"),
    "MWh": ("megawatt hour", "megawatt hours"), "GWh": ("gigawatt hour", "gigawatt hours"),
    "GW": ("gigawatt", "gigawatts"), "nm": ("nanometre", "nanometres"),
    "µm": ("micrometre", "micrometres"), "ha": ("hectare", "hectares"),
    "tbsp": ("tablespoon", "tablespoons"), "tsp": ("teaspoon", "teaspoons"),
    "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"), "MW": ("megawatt", "megawatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"), "V": ("volt", "volts"),
    "px": ("pixel", "pixels"), "pt": ("point", "points"), "fps": ("frame per second",
    "frames per second"), "dpi": ("dot per inch", "dots per inch"), "dB": ("decibel", "decibels"),
    "rpm": ("revolution per minute", "revolutions per minute"), "m²": ("square metre",
    "square metres"), "km²": ("square kilometre", "square kilometres"),
    "m³": ("cubic metre", "cubic metres"), "x": ("times", "times"), "×": ("times", "times"),
    "K": ("thousand", "thousand"), "k": ("thousand", "thousand"), "M": ("million", "million"),
    "B": ("billion", "billion"), "bn": ("billion", "billion"), "p": ("p", "p"),
    "am": ("A M", "A M"), "pm": ("P M", "P M"), "AM": ("A M", "A M"), "PM": ("P M", "P M"),
}  # fmt: skip
# Units that stand for something else unless they are glued to the number ("3x", "10K").
GLUED_ONLY: Final = frozenset({"x", "×", "K", "k", "M", "B", "p", "am", "l", "L", "mi", "°"})
SCALES: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion"})

CURRENCIES: Final[dict[str, tuple[str, str]]] = {
    "$": ("dollar", "dollars"), "US$": ("US dollar", "US dollars"), "€": ("euro", "euros"),
    "£": ("pound", "pounds"), "¥": ("yen", "yen"), "₹": ("rupee", "rupees"),
    "₽": ("rouble", "roubles"), "₩": ("won", "won"), "₿": ("bitcoin", "bitcoins"),
    "¢": ("cent", "cents"),
    "A$": ("Australian dollar", "Australian dollars"),
    "C$": ("Canadian dollar", "Canadian dollars"),
}  # fmt: skip
CURRENCY_CODES: Final[dict[str, tuple[str, str]]] = {
    "USD": ("US dollar", "US dollars"), "EUR": CURRENCIES["€"], "GBP": CURRENCIES["£"],
}  # fmt: skip

CENTS: Final[dict[str, str]] = {"dollar": "cents", "euro": "cents", "pound": "pence"}

SYMBOLS: Final[dict[str, str]] = {
    "&": "and", "&&": "and", "||": "or", "+": "plus", "=": "equals", "→": "to", "⇒": "to",
    "->": "to", "=>": "to",
    "←": "from", "×": "times", "÷": "divided by", "%": "percent", "@": "at", "<": "less than",
    ">": "greater than", "≤": "at most", "≥": "at least", "<=": "at most", ">=": "at least",
    "≠": "is not", "!=": "is not", "==": "equals", "≈": "about", "~": "about", "±": "plus or minus",
    "#": "number", "/": "or", "°C": "degrees Celsius", "°F": "degrees Fahrenheit", "§": "section",
    "©": "copyright", "®": "registered", "™": "trademark", "€": "euros", "$": "dollars",
    "£": "pounds", "|": ",", "*": "star", "-": "minus", "−": "minus",
}  # fmt: skip

# What espeak-ng (which also gives Piper its phonemes) reads wrongly, said as written here.
SAID_AS: Final[dict[str, str]] = {
    "c#": "C sharp", "f#": "F sharp", "c++": "C plus plus",
    "seo": "S E O", "aws": "A W S", "faq": "F A Q", "cli": "C L I", "uae": "U A E",
    "iot": "I O T", "ux": "U X", "saas": "sass", "paas": "pass", "roi": "R O I", "okr": "O K R",
    "ide": "I D E", "regex": "rejex", "kubectl": "cube control", "postgresql": "postgress Q L",
    "postgres": "postgress", "ffmpeg": "F F M peg", "ci": "C I", "cd": "C D", "igny8": "ignite",
    "nginx": "engine X", "sqlite": "S Q light", "wifi": "why fie", "wi-fi": "why fie",
    "async": "A sink", "diy": "D I Y", "eta": "E T A", "cta": "C T A", "ceo": "C E O",
    "cto": "C T O", "llm": "L L M", "kpi": "K P I", "api": "A P I", "url": "U R L",
    "gpu": "G P U", "cpu": "C P U", "pdf": "P D F", "pr": "P R", "sdk": "S D K",
}  # fmt: skip
# Of these, only the capitals are short forms ("IDE", not "ide").
CAPITALS_ONLY: Final = frozenset({"ide", "eta", "pr", "ci", "cd", "roi", "ux", "cli"})
EXTENSIONS: Final[dict[str, str]] = {
    "py": "pie", "js": "J S", "ts": "T S", "md": "M D", "yml": "yammel", "yaml": "yammel",
    "json": "jason", "sh": "S H", "rs": "R S", "cpp": "C P P", "html": "H T M L", "css": "C S S",
    "txt": "text", "toml": "tommel", "env": "env", "sql": "sequel", "csv": "C S V", "xml": "X M L",
    "pdf": "P D F", "jpg": "jay peg", "png": "P N G", "svg": "S V G", "mp4": "M P four",
    "ini": "ini", "cfg": "config", "lock": "lock", "log": "log", "io": "I O", "go": "go",
    "tsx": "T S X", "jsx": "J S X", "php": "P H P", "rb": "R B", "exe": "E X E", "zip": "zip",
    "net": "net", "wav": "wave", "mp3": "M P three", "srt": "S R T",
}  # fmt: skip


FRACTIONS: Final[dict[str, str]] = {
    "½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third",
    "⅔": "two thirds", "⅛": "one eighth",
}  # fmt: skip
ROMAN: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
                "XIII", "XIV", "XV")  # fmt: skip
NUMBERED: Final = frozenset({"war", "chapter", "part", "volume", "phase", "act", "book", "type"})
"""What is counted in Roman figures."""
KEYS: Final[dict[str, str]] = {
    "Ctrl": "Control", "Control": "Control", "Cmd": "Command", "Command": "Command", "Alt": "Alt",
    "Shift": "Shift", "Option": "Option", "Win": "Windows", "Esc": "Escape", "Del": "Delete",
}  # fmt: skip


class Locale(NamedTuple):
    """How a language other than English says what it writes with digits and signs.

    `code` is num2words' name for the language; `decimal` the decimal separator in writing. Empty
    `ratio` ("16:9") and `times` ("3x") leave those to the voice.
    """

    code: str
    decimal: str
    percent: str
    currencies: dict[str, str]
    degrees: str
    to: str
    dot: str
    at: str
    symbols: dict[str, str]
    units: Mapping[str, str] = MappingProxyType({})
    ratio: str = ""
    times: str = ""


_GERMAN_UNITS: Final[dict[str, str]] = {
    "km": "Kilometer", "m": "Meter", "cm": "Zentimeter", "mm": "Millimeter", "kg": "Kilogramm",
    "g": "Gramm", "mg": "Milligramm", "t": "Tonnen", "l": "Liter", "ml": "Milliliter",
    "km/h": "Kilometer pro Stunde", "m/s": "Meter pro Sekunde", "m²": "Quadratmeter",
    "km²": "Quadratkilometer", "m³": "Kubikmeter", "ha": "Hektar", "s": "Sekunden",
    "ms": "Millisekunden", "min": "Minuten", "h": "Stunden", "KB": "Kilobyte", "MB": "Megabyte",
    "GB": "Gigabyte", "TB": "Terabyte", "Mbit/s": "Megabit pro Sekunde",
    "Gbit/s": "Gigabit pro Sekunde", "Hz": "Hertz", "kHz": "Kilohertz", "MHz": "Megahertz",
    "GHz": "Gigahertz", "W": "Watt", "kW": "Kilowatt", "kWh": "Kilowattstunden", "V": "Volt",
    "px": "Pixel", "fps": "Bilder pro Sekunde", "ct": "Cent", "dB": "Dezibel",
    "°C": "Grad Celsius", "°F": "Grad Fahrenheit", "MP": "Megapixel",
}  # fmt: skip

LOCALES: Final[dict[str, Locale]] = {
    "de": Locale("de", ",", "Prozent", {"€": "Euro", "$": "Dollar", "£": "Pfund"}, "Grad", "bis",
                 "Punkt", "ät", {"&": "und", "+": "plus", "=": "gleich", "→": "zu", "≈": "etwa",
                 "§": "Paragraf"}, _GERMAN_UNITS, "zu", "mal"),
    "fr": Locale("fr", ",", "pour cent", {"€": "euros", "$": "dollars", "£": "livres"}, "degrés",
                 "à", "point", "arobase", {"&": "et", "+": "plus", "=": "égale", "→": "vers"}),
    "es": Locale("es", ",", "por ciento", {"€": "euros", "$": "dólares", "£": "libras"}, "grados",
                 "a", "punto", "arroba", {"&": "y", "+": "más", "=": "igual a", "→": "a"}),
    "it": Locale("it", ",", "per cento", {"€": "euro", "$": "dollari", "£": "sterline"}, "gradi",
                 "a", "punto", "chiocciola", {"&": "e", "+": "più", "=": "uguale a", "→": "a"}),
    "pt": Locale("pt", ",", "por cento", {"€": "euros", "$": "dólares", "£": "libras"}, "graus",
                 "a", "ponto", "arroba", {"&": "e", "+": "mais", "=": "igual a", "→": "para"}),
    "nl": Locale("nl", ",", "procent", {"€": "euro", "$": "dollar", "£": "pond"}, "graden", "tot",
                 "punt", "apenstaartje", {"&": "en", "+": "plus", "=": "is", "→": "naar"}),
    "pl": Locale("pl", ",", "procent", {"€": "euro", "$": "dolarów", "£": "funtów"}, "stopni",
                 "do", "kropka", "małpa", {"&": "i", "+": "plus", "=": "równa się", "→": "do"}),
    "ru": Locale("ru", ",", "процентов", {"€": "евро", "$": "долларов", "₽": "рублей"},
                 "градусов", "до", "точка", "собака", {"&": "и", "+": "плюс", "→": "к"}),
    "sv": Locale("sv", ",", "procent", {"€": "euro", "$": "dollar", "£": "pund"}, "grader",
                 "till", "punkt", "snabel-a", {"&": "och", "+": "plus", "→": "till"}),
    "tr": Locale("tr", ",", "yüzde", {"€": "euro", "$": "dolar", "₺": "lira"}, "derece", "ile",
                 "nokta", "et", {"&": "ve", "+": "artı", "→": "ve"}),
}  # fmt: skip
