"""Articles with pictures, and which picture a person would show while a passage is spoken.

Written before the matching was measured. Some pictures stand beside what they show, some before
it, some in a gallery at the end or at the top; some say what they show in the article's words,
some in others, some nothing at all.
"""

from dataclasses import dataclass

from igny8_media.articles.model import Article, Block, Heading, Image, Paragraph, Picture


@dataclass(frozen=True)
class Labelled:
    """`spoken` are passages, each with the key of the picture that belongs to it, or None."""

    name: str
    language: str
    text: str
    spoken: tuple[tuple[str, str | None], ...]

    def article(self) -> Article:
        blocks: list[Block] = []
        for line in filter(None, map(str.strip, self.text.splitlines())):
            if line.startswith("# "):
                blocks.append(Heading(level=2, text=line[2:]))
            elif line.startswith("!"):
                key, alt, caption = (part.strip() for part in line[1:].split("|"))
                picture = Picture(
                    key=key, sha256="0", mime="image/jpeg", width=1600, height=900, size=9
                )
                blocks.append(Image(source=key, alt=alt, caption=caption or None, picture=picture))
            else:
                blocks.append(Paragraph(text=line))
        return Article(
            id=self.name,
            original_id=self.name,
            title=self.name,
            blocks=tuple(blocks),
            language=self.language,
            version=self.name,
        )


BREAD = Labelled(
    "bread",
    "en",
    """
    !loaf | A round loaf with a dark, crackled crust on a wooden board | What you will have tomorrow
    Good bread needs four things: flour, water, salt and time. The last one is free, and it is the one that most recipes try to save.
    This loaf takes about ten minutes of work and eighteen hours of waiting. You can sleep through most of them.
    # Weigh, do not guess
    A cup of flour can hold 110 grams or 160, depending on how you fill it. That is why bakers own scales before they own anything else.
    !scales | Kitchen scale reading 500 g with a bowl on it |
    Use 500 grams of flour, 350 grams of water, 10 grams of salt and a pinch of dry yeast. Stir until no dry patches are left, and cover the bowl.
    # Let the night do the work
    Kneading is a way of hurrying. Given twelve hours, gluten forms its long strands by itself, and the yeast, being few, works slowly enough to leave flavour behind.
    In the morning the surface should be domed and full of holes. If it is flat and smells of nail varnish, the room was too warm.
    !bubbles | | The dough at seven in the morning
    # Shape and prove
    !hands | Floured hands folding dough on a table |
    Tip the dough onto a floured table. Fold each side into the middle, as you would fold a letter, turn it over and pull it towards you until the skin is tight.
    Then lay it, seam up, in a basket lined with a floured cloth, and leave it for an hour. It is ready when a dent made with a finger comes back slowly.
    # Bake hot and covered
    Heat an iron pot with its lid in the oven to 240 degrees for half an hour. The closed pot catches the steam, and steam is what lets the crust stretch before it sets.
    Cut the top once with a razor blade, quickly and at an angle. Bake for thirty minutes with the lid, then fifteen without.
    # What goes wrong
    A dense crumb means the dough proved too short. A sour taste means that it proved too long.
    If the bottom burns, put a tray on the rack below the pot.
    # Pictures from our kitchen
    !basket | Rattan proofing basket with a linen cloth |
    !pot | Cast-iron Dutch oven, lid off, glowing hot |
    !slash | Scoring the loaf with a blade |
    !crumb | Two slices side by side: tight and pale on the left, open and glossy on the right |
    """,
    (
        ("Good bread needs four things: flour, water, salt and time. The last one is free.", "loaf"),
        ("A cup of flour can hold 110 grams or 160, depending on how you fill it. That is why bakers own scales before they own anything else.", "scales"),
        ("Kneading is a way of hurrying. Given twelve hours, gluten forms its long strands by itself.", None),
        ("In the morning the surface should be domed and full of holes.", "bubbles"),
        ("Tip the dough onto a floured table. Fold each side into the middle, as you would fold a letter.", "hands"),
        ("Then lay it, seam up, in a basket lined with a floured cloth, and leave it for an hour.", "basket"),
        ("Heat an iron pot with its lid in the oven to 240 degrees for half an hour. The closed pot catches the steam.", "pot"),
        ("Cut the top once with a razor blade, quickly and at an angle.", "slash"),
        ("A dense crumb means the dough proved too short. A sour taste means that it proved too long.", "crumb"),
        ("If the bottom burns, put a tray on the rack below the pot.", None),
    ),
)

NIGHT = Labelled(
    "night-sky",
    "en",
    """
    Last winter the observatory on our hill opened its doors on every clear Friday. Three hundred people came, most of them for the first time in their lives.
    !rocket | Rocket on the launch pad at dusk |
    !moon | Craters on the lunar surface |
    !galaxies | Thousands of galaxies in a deep-field exposure | What Hubble saw in ten days
    # Begin with what is near
    Point any telescope at the Moon first. Along the line between day and night, mountains throw shadows that change while you watch, and nobody ever forgets the first crater rim they saw in sunlight.
    You need no dark sky for that. A balcony in the middle of a city will do.
    # Then look further
    In 1995 astronomers aimed the space telescope at an empty spot, no larger than a grain of sand at arm's length, for ten days. The picture that came back held three thousand galaxies.
    It is still the best answer to the question of why anybody would look at nothing.
    # Getting up there
    Every one of those pictures began with a launch. The machine that carries a telescope has to lift it gently, because a mirror does not forgive shaking.
    # Who does the work
    Astronauts repaired the telescope five times. The second crew spent 35 hours outside the shuttle, in gloves as thick as oven mitts.
    !astronaut | Portrait of a woman in an orange flight suit, smiling, flag behind her |
    Our own visitors asked about food and sleep, never about engines.
    # What you need at home
    !coffee | A cup of coffee and a spoon on a saucer | Half of astronomy is staying awake
    Something warm to drink matters more than lenses. So does a chair: a steady observer sees twice as much as a shivering one.
    !camera | Man bent over a camera on a tripod |
    A simple camera on three legs shows more than the eye, because it can add up light for minutes. Set it to thirty seconds, the widest aperture, and focus on the brightest star by hand.
    """,
    (
        ("Last winter the observatory on our hill opened its doors on every clear Friday. Three hundred people came.", None),
        ("Point any telescope at the Moon first. Along the line between day and night, mountains throw shadows that change while you watch.", "moon"),
        ("You need no dark sky for that. A balcony in the middle of a city will do.", None),
        ("In 1995 astronomers aimed the space telescope at an empty spot. The picture that came back held three thousand galaxies.", "galaxies"),
        ("Every one of those pictures began with a launch. The machine that carries a telescope has to lift it gently.", "rocket"),
        ("Astronauts repaired the telescope five times. The second crew spent 35 hours outside the shuttle.", "astronaut"),
        ("Something warm to drink matters more than lenses. So does a chair.", "coffee"),
        ("A simple camera on three legs shows more than the eye, because it can add up light for minutes.", "camera"),
    ),
)

OFFICE = Labelled(
    "moving-office",
    "en",
    """
    We moved forty people to a new office in one weekend and lost one plant. This is the list we wish we had had.
    !boxes | Cardboard boxes stacked to the ceiling |
    # Three months before
    Walk through the new floor with a tape measure and a phone. Count sockets, measure doors, and photograph every meter where a desk will stand.
    Sign the internet contract on the same day. A line takes eight weeks in most cities, and nothing else in this list can make up for a missing one.
    !cables | Blue and yellow network cables plugged into a rack |
    !desk-plan | Floor plan with coloured rectangles for the teams |
    Draw who sits where, in pencil. Teams that talk daily should share a wall, and nobody should face the corridor.
    # The week itself
    Give everybody two crates and a label with their name, floor and desk number. What does not fit goes home or into the bin.
    Servers move last and alone, in a car driven by the person who has to start them again.
    # The day after
    !breakfast | Croissants and fruit on a long table with people around it |
    Lay a good breakfast. People forgive a missing chair far more easily on a full stomach, and they meet the colleagues they will now sit beside.
    Keep one person free the whole day with a screwdriver and a list. Most complaints are about light, and most of them end when a lamp is turned.
    !img1 | IMG_2034 |
    The plant came back in May, in a taxi, from a neighbour who had watered it.
    """,
    (
        ("We moved forty people to a new office in one weekend and lost one plant.", "boxes"),
        ("Walk through the new floor with a tape measure and a phone. Count sockets, measure doors.", None),
        ("Sign the internet contract on the same day. A line takes eight weeks in most cities.", "cables"),
        ("Draw who sits where, in pencil. Teams that talk daily should share a wall.", "desk-plan"),
        ("Give everybody two crates and a label with their name, floor and desk number.", None),
        ("Servers move last and alone, in a car driven by the person who has to start them again.", None),
        ("Lay a good breakfast. People forgive a missing chair far more easily on a full stomach.", "breakfast"),
        ("Keep one person free the whole day with a screwdriver and a list. Most complaints are about light.", None),
        ("The plant came back in May, in a taxi, from a neighbour who had watered it.", "img1"),
    ),
)

GARTEN = Labelled(
    "wildbienen",
    "de",
    """
    !hotel | Insektenhotel aus Schilf und gebohrtem Holz |
    !mauer | Trockenmauer mit Sandfugen in der Sonne |
    Von den 560 Wildbienenarten in Deutschland nisten drei Viertel im Boden. Trotzdem verkaufen Baumärkte vor allem Röhrchen.
    # Was Bienen wirklich brauchen
    Sie brauchen Blüten von März bis Oktober, und zwar heimische. Eine gefüllte Rose ist für sie ein leerer Teller.
    !wiese | Bunte Blumen mit Mohn und Kornblumen |
    Säen Sie im September auf magerem Boden. Dünger ist der Feind jeder Wiese, weil er dem Gras hilft und sonst niemandem.
    # Wohnungen im Boden
    Ein Quadratmeter offener Sand an einem warmen Platz reicht für hundert Nester. Legen Sie ihn nie mit Folie aus: Das Wasser muss ablaufen.
    Auch Steine ohne Mörtel werden bewohnt, wenn die Ritzen mit Sand gefüllt sind und nach Süden zeigen.
    # Wohnungen im Holz
    Bohren Sie in hartes Laubholz, quer zur Faser und ohne Splitter. Ein Loch mit Fransen zerreißt die Flügel, und die Biene zieht weiter.
    # Das Jahr danach
    Lassen Sie im Herbst alles stehen. In den hohlen Stängeln überwintert die nächste Generation.
    !staengel | Vertrocknete Pflanzenstiele mit Raureif |
    !sand | Sandfläche mit vielen kleinen Eingängen |
    """,
    (
        ("Von den 560 Wildbienenarten in Deutschland nisten drei Viertel im Boden.", None),
        ("Sie brauchen Blüten von März bis Oktober, und zwar heimische. Eine gefüllte Rose ist für sie ein leerer Teller.", "wiese"),
        ("Ein Quadratmeter offener Sand an einem warmen Platz reicht für hundert Nester.", "sand"),
        ("Auch Steine ohne Mörtel werden bewohnt, wenn die Ritzen mit Sand gefüllt sind und nach Süden zeigen.", "mauer"),
        ("Bohren Sie in hartes Laubholz, quer zur Faser und ohne Splitter.", "hotel"),
        ("Lassen Sie im Herbst alles stehen. In den hohlen Stängeln überwintert die nächste Generation.", "staengel"),
    ),
)

CAFE = Labelled(
    "cafe",
    "es",
    """
    El café que sabe a quemado casi nunca tiene la culpa: la tiene el agua demasiado caliente.
    # El grano
    Compra grano entero y fíjate en la fecha de tueste, no en la de caducidad. A las seis semanas ya ha perdido la mitad de su aroma.
    !bolsa | Bolsa de papel abierta llena de granos tostados |
    !molino | Molinillo de mano con cajón de madera |
    Muele justo antes de prepararlo. Molido, el café envejece en una hora lo que entero en un mes.
    # El agua
    Espera un minuto después de que hierva. Entre 92 y 96 grados se disuelve lo dulce y se queda fuera lo amargo.
    # La espera
    Vierte primero un poco, cuenta hasta treinta y deja que el polvo se hinche. Después sigue en círculos, despacio, sin llegar al borde del filtro.
    # Galería
    !filtro | Filtro de papel con agua cayendo en espiral |
    !tetera | Hervidor con vapor y termómetro |
    """,
    (
        ("El café que sabe a quemado casi nunca tiene la culpa: la tiene el agua demasiado caliente.", None),
        ("Compra grano entero y fíjate en la fecha de tueste, no en la de caducidad.", "bolsa"),
        ("Muele justo antes de prepararlo. Molido, el café envejece en una hora lo que entero en un mes.", "molino"),
        ("Espera un minuto después de que hierva. Entre 92 y 96 grados se disuelve lo dulce.", "tetera"),
        ("Vierte primero un poco, cuenta hasta treinta y deja que el polvo se hinche. Después sigue en círculos, despacio.", "filtro"),
    ),
)

TRAIN = Labelled(
    "night-train",
    "en",
    """
    !map | Map of Europe with a red line from Paris to Vienna |
    I took the night train from Paris to Vienna because I wanted to see whether it was still possible to arrive somewhere slowly.
    # The station
    The Gare de l'Est is quiet at seven. A man played an old piano under the departure board, and two children danced to it in socks.
    !piano | Someone sitting at an upright piano in a large hall |
    # The compartment
    Six bunks, six strangers, one window. We agreed on the light within a minute and on the window within an hour.
    !bunks | Narrow beds with white sheets, a ladder between them |
    The conductor collects the passports, so that nobody is woken at the border. He has done this for thirty years and says that people have become quieter and their suitcases louder.
    # The night
    I woke in Strasbourg, in Munich, and somewhere with snow. The sound of the rails changes on a bridge: it opens, as if the train were breathing in.
    !bridge | |
    Sleep comes in pieces, but the pieces add up.
    # The morning
    Breakfast is two rolls, jam and a coffee that is better than it looks. Outside there were church towers with onion domes and a river that kept us company.
    We arrived four minutes early. The price was 79 euros, which is less than a flight and a hotel, and I had slept in neither.
    !ticket | Paper ticket held up in front of a window |
    !tower | Village with a baroque church by the water |
    """,
    (
        ("I took the night train from Paris to Vienna because I wanted to see whether it was still possible to arrive somewhere slowly.", "map"),
        ("A man played an old piano under the departure board, and two children danced to it in socks.", "piano"),
        ("Six bunks, six strangers, one window. We agreed on the light within a minute.", "bunks"),
        ("The conductor collects the passports, so that nobody is woken at the border.", None),
        ("The sound of the rails changes on a bridge: it opens, as if the train were breathing in.", "bridge"),
        ("Outside there were church towers with onion domes and a river that kept us company.", "tower"),
        ("We arrived four minutes early. The price was 79 euros, which is less than a flight and a hotel.", "ticket"),
    ),
)

LABELLED = (BREAD, NIGHT, OFFICE, TRAIN, GARTEN, CAFE)
