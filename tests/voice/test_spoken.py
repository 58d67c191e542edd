import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.narration.segments import join_words, split_sentences, split_words, width
from igny8_media.narration.spoken import spoken_form

ENGLISH = {
    "In 2026, 45% agreed.": "In twenty twenty-six, forty-five percent agreed.",
    "1,234 of 5 million": "one thousand two hundred thirty-four of five million",
    "It costs $3 million.": "It costs three million dollars.",
    "$19.99 or €1.5M": "nineteen dollars ninety-nine or one point five million euros",
    "$10k-20k/month": "ten to twenty thousand dollars per month",
    "10–20% in 2019-2023": "ten to twenty percent in twenty nineteen to twenty twenty-three",
    "5 km/h, 16GB": "five kilometres per hour, sixteen gigabytes",
    "at 30 fps": "at thirty frames per second",
    "1 km or 30 ms.": "one kilometre or thirty milliseconds.",
    "-5°C, ~300 or 100+": "minus five degrees Celsius, about three hundred or one hundred plus",
    "Python 3.11 and v1.2.3": "Python three point one one and version one point two point three",
    "the 1st, the 22nd": "the first, the twenty-second",
    "on Nov. 5, 2026": "on November fifth, twenty twenty-six",
    "on 5 November": "on the fifth of November",
    "2026-11-22 at 10:30am": "November twenty-second, twenty twenty-six at ten thirty A M",
    "the 1990s": "the nineteen nineties",
    "3/4 of us, 24/7": "three quarters of us, twenty-four seven",
    "3x faster": "three times faster",
    "a 1920×1080 frame": "a nineteen twenty by ten eighty frame",
    "Dr. Smith vs. Ms. Lee, e.g. here": "Doctor Smith versus Miz Lee, for example here",
    "No. 1 is #1": "Number one is number one",
    "see https://www.example.com/docs.": "see example dot com slash docs.",
    "mail me@site.io": "mail me at site dot I O",
    "call parse_article() in main.py": "call parse article in main dot pie",
    "set maxRetries and --force": "set max Retries and force",
    "R&D → APIs & SEO": "R&D to A P I's and S E O",
    "C++ or C#": "C plus plus or C sharp",
    "agent 007": "agent zero zero seven",
    "Nice 🎉 work!": "Nice work!",
    "at 1.3 Gbit/s or 1h 30m": "at one point three gigabits per second or one hour thirty minutes",
    "for 90 min. at max. speed": "for ninety minutes at maximum speed",
    "add 2½ tbsp. or ¼ cup": "add two and a half tablespoons or one quarter cup",
    "in 16:9 at 9:05": "in sixteen to nine at nine oh five",
    "a && b || !c": "a and b or not c",
    "at http://localhost:3000": "at localhost port 3000",
    "call +1 (555) 123-4567": "call plus one five five five one two three four five six seven",
    "$0.99 or 20¢": "ninety-nine cents or twenty cents",
    "see p. 42, Ch. 4": "see page forty-two, chapter four",
    "Main St. and St. Louis": "Main Street and Saint Louis",
    "range(10) and f(x) of key(s)": "range ten and f of x of keys",
    "press Ctrl+C": "press Control C",
    "the U.S. and NASA": "the U S and NASA",
    "10^6 or x²": "ten to the power of six or x squared",
    "8am-5pm, Mon-Fri": "eight A M to five P M, Monday to Friday",
    "on 05/11/2024": "on May eleventh, twenty twenty-four",
    "on 24.12.2025": "on December twenty-fourth, twenty twenty-five",
    'a 27" screen': "a twenty-seven inch screen",
    'about "7 or 27" of them': "about seven or twenty-seven of them",
    "a 24-hour, 50-50 bet": "a twenty-four hour, fifty fifty bet",
    "World War II, .5 and .gitignore": "World War two, point five and dot gitignore",
}


@pytest.mark.parametrize(("shown", "said"), ENGLISH.items())
def test_english_is_read_as_people_read_it(shown: str, said: str) -> None:
    assert " ".join(word.spoken for word in spoken_form(shown, "en")) == said


OTHERS = [
    ("de", "3,5 % von 1.234", "drei Komma fünf Prozent von eintausendzweihundertvierunddreißig"),
    ("de", "z.B. 19,99 €", "zum Beispiel neunzehn Euro neunundneunzig"),
    ("de", "d. h. 4 %, z. B. 5 kg", "das heißt vier Prozent, zum Beispiel fünf Kilogramm"),
    ("de", "um 18:30 Uhr, um 9.00 Uhr", "um achtzehn Uhr dreißig, um neun Uhr"),
    ("de", "am 24.12.2025", "am 24. Dezember zweitausendfünfundzwanzig"),
    ("de", "16:9, 3x, 100+", "sechzehn zu neun, dreimal, einhundert plus"),
    ("de", "in den 90er Jahren", "in den neunziger Jahren"),
    ("de", "S. 12, Abb. 3, § 5", "Seite zwölf, Abbildung drei, Paragraf fünf"),
    ("de", "120 km/h, 16GB", "einhundertzwanzig Kilometer pro Stunde, sechzehn Gigabyte"),
    ("de", "Version 2.0.1", "Version zwei Punkt null Punkt eins"),
    ("de", "user_id setzen", "user id setzen"),
    ("de", "am 3. Mai 1984", "am 3. Mai neunzehnhundertvierundachtzig"),
    ("fr", "les 1 234 clients", "les mille deux cent trente-quatre clients"),
    ("fr", "45 % en 2026", "quarante-cinq pour cent en deux mille vingt-six"),
    ("es", "3,5 € & 25°C", "tres punto cinco euros y veinticinco grados Celsius"),
    ("tr", "%45", "yüzde kırkbeş"),
    ("ru", "45% в 2026", "сорок пять процентов в две тысячи двадцать шесть"),
    ("xx", "45% stays", "45% stays"),
]


@pytest.mark.parametrize(("language", "shown", "said"), OTHERS)
def test_other_languages_have_tables_or_are_left_to_the_voice(
    language: str, shown: str, said: str
) -> None:
    assert " ".join(word.spoken for word in spoken_form(shown, language)) == said


def test_captions_show_what_was_written() -> None:
    words = spoken_form("In 2026 — yes, 2026! — $3 million 🎉", "en")
    assert [word.display for word in words] == ["In", "2026 —", "yes,", "2026! —", "$3", "million"]


def test_nothing_to_say_is_empty() -> None:
    for text in ("", "…", "— !?", "🎉🎉", "\x00\x07 \ud800"):
        assert spoken_form(text, "en") == []


_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("abcXYZ019 .,:;-–—/%$€°#@&+()'\"“”_=<>🎉中の")), st.characters()
    ),
    max_size=60,
)


@given(text=_TEXT, language=st.sampled_from(["en", "de", "fr", "zh", "ar", "xx"]))
def test_any_text_gives_words_that_can_be_shown_and_said(text: str, language: str) -> None:
    for word in spoken_form(text, language):
        assert word.display.strip()
        assert regex.search(r"[\p{L}\p{N}]", word.spoken)
        assert not regex.search(r"[\p{Cc}\p{Cs}]", word.display + word.spoken)


@given(number=st.integers(0, 10**12 - 1))
def test_no_figure_is_left_in_english(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f"{number}%", f"${number:,}"):
        (word,) = spoken_form(text, "en")
        assert not any(character.isdigit() for character in word.spoken)
        assert word.display == text


@given(text=_TEXT)
def test_words_joined_again_are_the_text(text: str) -> None:
    words = split_words(text, "zh")
    squeezed = "".join(text.split())
    assert "".join(join_words(words).split()) == squeezed


def test_scripts_without_spaces_are_cut_into_phrases() -> None:
    text = "我们今天学习Python，然后发布到五个平台。"
    words = split_words(text, "zh")
    assert len(words) > 5
    assert max(map(len, words)) <= 7
    assert join_words(words).replace(" ", "") == text
    assert not any(word[0] in "，。" for word in words)
    assert width("中文a") == 5
    assert width("e\u0301") == 1


@given(text=st.text(alphabet="abc ,.", max_size=3000))
def test_no_sentence_is_too_long_and_none_is_lost(text: str) -> None:
    parts = split_sentences(text, "en")
    assert all(0 < len(part) <= 350 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
