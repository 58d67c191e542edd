"""Which sentences can be taken out of their article."""

import pytest

from igny8_media.writing.judge import (
    is_code,
    is_foreign,
    is_prose,
    points_elsewhere,
    stands_alone,
)
from igny8_media.writing.lexicon import lexicon

LEANING = [
    ("en", "They bought the barrels in spring."),
    ("en", "Each one holds two hundred litres."),
    ("en", "One example would be a pump with a switch."),
    ("en", "Effectively, this doubles the price of water."),
    ("en", "Older releases were the pet project and pride of this new team."),
    ("en", "In 2020, they sold the whole collection."),
    ("de", "Den haben wir jetzt."),
    ("de", "Sie hatte recht."),
    ("de", "Der läuft seit drei Jahren ohne Pause."),
    ("de", "Das kostet nicht viel Geld im Jahr."),
    ("de", "Er kam im Frühling mit dem Wagen."),
    ("en", "This makes the page slow."),
    ("en", "It was approved before lunch."),
    ("en", "As shown above, the page is slow."),
    ("en", "For example, the page is slow."),
    ("en", "The second version had one page."),
    ("en", "Table 3.1 lists every architecture."),
    ("en", "Click here and read on."),
    ("en", "The build measures both and fails when either is exceeded."),
    ("en", "For two of them, nobody could say."),
    ("en", "A hedge lets about half of it through."),
    ("en", "The proposal began with that clause."),
    ("en", "The aim is that none of them is idle."),
    ("en", "We would never spend money like that."),
    ("es", "Si falta una de las tres cosas, el proceso se detiene."),
    ("es", "La última columna importa."),
    ("es", "Para usarlo, mezcla una parte de abono con tres de tierra."),
    ("es", "Hay que lavar ambas con agua."),
    ("de", "Der Bau misst beides und bricht ab."),
    ("de", "Der dritte Schritt ist der wichtigste."),
    ("fr", "La troisième étape compte le plus."),
    ("fr", "On les mesure tous les deux."),
    ("it", "Il terzo passo conta più degli altri."),
    ("it", "Bisogna misurare entrambi prima di cambiare."),
    ("pt", "O terceiro passo importa mais."),
    ("pt", "É preciso medir ambos antes de mudar."),
    ("nl", "De derde stap telt het meest."),
    ("nl", "De bouw meet beide en stopt dan."),
    ("es", "Esto hace que la página sea lenta."),
    ("es", "Por eso la página es lenta."),
    ("de", "Dadurch wird die Seite langsam."),
    ("de", "Das ist für alle langsam."),
    ("fr", "Cela rend la page lente."),
    ("it", "Questo rende la pagina lenta."),
    ("pt", "Isso torna a página lenta."),
    ("nl", "Daardoor wordt de pagina traag."),
    ("en", "The usual answer is that minutes are slow."),
    ("en", "There is a deeper objection, and I take it more seriously."),
    ("en", "It is the only reason why step two protects the server."),
    ("de", "Die meisten geben ihn verzögert weiter."),
    ("de", "Für ihre Nachbarn war der Garten ein Wunder."),
    ("fr", "Pour son chef de file, il aurait fallu commencer par des bus."),
    ("es", "Para su jefe, era mejor empezar con autobuses."),
    ("en", "PostgreSQL, MySQL and SQLite all keep this structure as a tree."),
    ("en", "In the year since then our biggest table has doubled."),
    ("en", "Inserts became 38% faster that evening."),
    ("en", "The remedy is an index on the expression."),
    ("en", "I bought one in January, and by February I had a second oven."),
    ("en", "You can find every Okafor in it, and every Daniel."),
]
STANDING = [
    ("en", "One example of a good pump is the old one of the village."),
    ("en", "Every one of the barrels holds rain."),
    ("en", "Usually, the barrels fill in one night."),
    ("de", "Der Regen füllt die Fässer in einer Nacht."),
    ("de", "Die Wände halten das Wasser fern."),
    ("de", "Den Regen fängt ein altes Fass auf."),
    ("de", "Das Wasser kostet in der Stadt viel Geld."),
    ("en", "It is wise to measure before you change anything."),
    ("en", "There are three ways to store a picture."),
    ("en", "Most visitors arrive with an empty cache."),
    ("en", "The server keeps both the page and its pictures."),
    ("en", "Making something short is not the same as leaving things out."),
    ("en", "The first time we measured, nobody believed the number."),
    ("en", "This afternoon we measured a page nine times."),
    ("es", "A los cuatro meses aparece un material oscuro."),
    ("es", "Es importante medir antes de cambiar nada."),
    ("es", "El compost no se fabrica: se cuida."),
    ("de", "Das System braucht keinen zweiten Server."),
    ("de", "Es gibt drei Wege, ein Bild zu speichern."),
    ("fr", "Il faut mesurer avant de changer quoi que ce soit."),
    ("it", "Lo strumento trova ogni servizio in rete."),
    ("nl", "Het systeem heeft geen tweede server nodig."),
    ("en", "The usual answer to a slow page is a larger server."),
    ("en", "Step 2: open the lid and wait."),
    ("en", "There is a better way to store pictures."),
    ("fr", "Pour les voisins, il aurait fallu commencer par des bus."),
    ("en", "The trouble with a tree is that nobody dares to prune it."),
    ("en", "Fill a barrel with rain and close it with a lid."),
    ("en", "We lose one in three seedlings to slugs."),
]
# What speaks of something else on the page, beside the same word where it does not.
ELSEWHERE = [
    ("en", "The second column shows what was paid.", "An index on two columns is a phone book."),
    ("en", "The table below lists what was paid.", "Keep the temperature below 5 degrees."),
    ("en", "As we saw, prices fall in spring.", "Last spring we saw a drop of 30%."),
    ("en", "Read on to learn what happened.", "Nothing is ever read on the old server."),
    ("en", "The following list names the tools.", "Sales recovered in the following year."),
    ("en", "Press the button below, and wait.", "It slows the heat from below, and evenly."),
    ("en", "We use cookies to serve you better.", "Bake the cookies for twelve minutes."),
    ("en", "See the section on pruning.", "From the hill you can see the harbour."),
    ("de", "Die folgende Tabelle zeigt die Kosten.", "Im folgenden Jahr blühte der Baum."),
    ("de", "Wie oben beschrieben, hilft Wasser.", "Legen Sie eine Schicht Kies unten hinein."),
    ("es", "Lo siguiente ayuda a empezar.", "Sirve de arranque para la siguiente tanda."),
    ("fr", "Les étapes suivantes sont simples.", "Arrosez une fois par jour, suivant la saison."),
    ("it", "Come indicato sopra, serve acqua.", "Le piante soffrono sotto i dieci gradi."),
    ("nl", "De volgende tabel toont de kosten.", "De volgende dag bloeide de boom."),
    ("pt", "A tabela abaixo mostra os custos.", "A planta sofre acima de trinta graus."),
]


@pytest.mark.parametrize(("language", "sentence"), LEANING)
def test_sentences_that_lean_are_seen(language: str, sentence: str) -> None:
    assert not stands_alone(sentence, lexicon(language))


@pytest.mark.parametrize(("language", "sentence"), STANDING)
def test_sentences_that_stand_are_let_through(language: str, sentence: str) -> None:
    assert stands_alone(sentence, lexicon(language))


@pytest.mark.parametrize(("language", "pointing", "plain"), ELSEWHERE)
def test_only_turns_that_point_speak_of_the_page(language: str, pointing: str, plain: str) -> None:
    assert points_elsewhere(pointing, lexicon(language))
    assert not points_elsewhere(plain, lexicon(language))


@pytest.mark.parametrize(
    "text",
    [
        "Three things help a lot here:",
        "and the rest of a sentence.",
        "He said “never and left the room.",
        "No full stop at the end of this",
        "Too short.",
    ],
)
def test_fragments_are_not_prose(text: str) -> None:
    assert not is_prose(text)


def test_code_is_told_from_money() -> None:
    assert is_code("Run foo_bar() with --force in /etc/cron.d today.")
    assert not is_code("The whole thing cost us $400 and a weekend.")


def test_english_left_in_a_translation_is_foreign() -> None:
    english = "The extensive documentation of the system contains more information for you."
    assert is_foreign(english, "fr")
    assert not is_foreign(english, "en")
    assert not is_foreign("La documentation du système est très complète et utile.", "fr")
