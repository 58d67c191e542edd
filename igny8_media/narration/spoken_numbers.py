"""English figures in words: cardinals, ordinals and years."""

from typing import Final

from num2words import num2words

_LONG_DIGITS: Final = 12  # digits; longer figures are identifiers


def digits_alone(written: str) -> str:
    """Digit by digit, as telephone numbers are said."""
    return " ".join(str(num2words(int(digit))) for digit in written if digit.isdigit())


def number(digits: str) -> str:
    """A figure as a cardinal: "1,234.5" is one thousand, two hundred and thirty-four point five."""
    plain = digits.replace(",", "")
    if len(plain) > _LONG_DIGITS or (len(plain) > 1 and plain[0] == "0" and "." not in plain):
        return " ".join(num2words(int(digit)) for digit in plain if digit.isdigit())
    whole, _, fraction = plain.partition(".")
    # Commas and "and" would make the voice pause inside the figure.
    said = num2words(int(whole)).replace(",", "").replace(" and ", " ")
    if fraction:
        said += " point " + " ".join(num2words(int(digit)) for digit in fraction)
    return str(said)


def year(digits: str) -> str:
    return str(num2words(int(digits), to="year"))


def ordinal(digits: str) -> str:
    return str(num2words(int(digits.replace(",", "")), to="ordinal")).replace(" and ", " ")


def is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdigit() and 1100 <= int(digits) <= 2099


def figure(digits: str) -> str:
    return year(digits) if is_year(digits) else number(digits)
