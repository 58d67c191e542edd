"""Beginnings of words that tell a mood, by language; matched against whole words in lower case."""

from typing import Final

from igny8_media.music.tracks import Mood

SOMBRE: Final = "sombre"
"""Not a mood of music: where these words are found, only calm music is decent."""

STEMS: Final[dict[str, dict[Mood | str, str]]] = {
    "en": {
        "calm": "calm quiet sleep focus meditat breath slow relax mindful peace guide tutorial "
        "reference documentation explain understand configur architect privacy secur",
        "energetic": "fast speed boost launch grow race power energy win compet challenge sport "
        "train workout breakthrough record explod scale performance accelerat startup sale",
        "happy": "happy joy fun celebrat smile party holiday summer travel recipe cook bak food "
        "garden play game friend colour color love easy delight weekend coffee",
        "nostalgic": "histor memor remember nostalg decade century ago vintage retro archive "
        "origin legacy anniversar childhood tradition once museum",
        "tender": "care caring famil child baby mother father parent health gentle kind heart "
        "support heal animal pet dog cat communit volunteer listen trust",
        SOMBRE: "death dead died dying war kill murder suicid cancer funeral grief mourn disaster "
        "earthquake victim abuse terror layoff bankrupt pandemic tragedy refugee attack",
    },
    "de": {
        "calm": "ruhe ruhig schlaf fokus konzentr meditat atem langsam entspann achtsam frieden "
        "anleitung erklär versteh datenschutz sicherheit konfigur architekt",
        "energetic": "schnell tempo boost start wachs rennen kraft energie gewinn wettbewerb "
        "herausforder sport training durchbruch rekord leistung beschleunig angebot",
        "happy": "glück freud spaß feier lach party urlaub ferien sommer reise rezept koch back "
        "essen garten spiel freund farb liebe einfach wochenende kaffee",
        "nostalgic": "geschicht erinner nostalg jahrzehnt jahrhundert damals früher archiv "
        "ursprung erbe jubiläum kindheit tradition museum",
        "tender": "pflege familie kind baby mutter vater eltern gesund sanft herz hilfe heil tier "
        "hund katze gemeinschaft ehrenamt zuhör vertrau",
        SOMBRE: "tod tot gestorben krieg mord selbstmord krebs beerdig trauer katastroph erdbeben "
        "opfer missbrauch terror entlass insolvenz pandemie tragöd flüchtl angriff",
    },
    "fr": {
        "calm": "calme tranquill sommeil concentr médit respir lent détend paix guide tutoriel "
        "expliqu comprendre confidentialité sécurité configur architect",
        "energetic": "rapide vitesse lance lancement croissance course puissan énergie gagn défi "
        "sport entraîn record performance accélér",
        "happy": "heureu joie amus fête sourire vacances été voyage recette cuisin jardin jeu "
        "jouer ami couleur amour facile café",
        "nostalgic": "histoire mémoire souvenir nostalg décennie siècle autrefois rétro archive "
        "origine héritage anniversaire enfance tradition musée",
        "tender": "soin famille enfant bébé mère père parent santé doux cœur soutien guéri animal "
        "chien chat communauté bénévol écout confiance",
        SOMBRE: "mort décès guerre meurtre suicide cancer funérail deuil catastrophe séisme "
        "victime terroris licenci faillite pandémie tragédie réfugié attentat",
    },
    "es": {
        "calm": "calma tranquil sueño concentr medita respir lent relaj paz guía tutorial explic "
        "entender privacidad segur configur arquitect",
        "energetic": "rápid velocidad lanza lanzamiento crec carrera poten energía gana desafío "
        "deport entrena récord rendimiento aceler",
        "happy": "feliz alegr divert fiesta sonri vacacion verano viaj receta cocin jardín juego "
        "jugar amig color amor fácil café",
        "nostalgic": "historia memoria recuerd nostalg década siglo antes retro archivo origen "
        "herencia aniversario infancia tradición museo",
        "tender": "cuid familia niñ bebé madre padre salud suave corazón apoyo sana animal perro "
        "gato comunidad volunt escuch confianza",
        SOMBRE: "muert guerra asesin suicid cáncer funeral duelo desastre terremoto víctima "
        "terroris despido quiebra pandemia tragedia refugiad ataque",
    },
}
