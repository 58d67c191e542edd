"""A sentence or two in each language, to hear a voice by."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "هذا هو الصوت الذي سيقرأ مقالاتك. هل تسمعه بوضوح؟",
        "cs": "Tento hlas bude číst vaše články. Slyšíte ho dobře?",
        "da": "Denne stemme læser dine artikler op. Kan du høre den tydeligt?",
        "de": "Diese Stimme liest Ihre Artikel vor. Klingt sie in 30 Sekunden noch angenehm?",
        "el": "Αυτή η φωνή θα διαβάζει τα άρθρα σας. Την ακούτε καθαρά;",
        "en": "This voice will read your articles. Does it still sound pleasant after 30 seconds?",
        "es": "Esta voz leerá tus artículos. ¿Sigue sonando agradable después de 30 segundos?",
        "fi": "Tämä ääni lukee artikkelisi. Kuuletko sen selvästi?",
        "fr": "Cette voix lira vos articles. Est-elle encore agréable après 30 secondes ?",
        "he": "הקול הזה יקריא את המאמרים שלכם. האם שומעים אותו היטב?",
        "hi": "यह आवाज़ आपके लेख पढ़ेगी। क्या यह साफ़ सुनाई देती है?",
        "hu": "Ez a hang olvassa fel a cikkeit. Jól hallja?",
        "id": "Suara ini akan membacakan artikel Anda. Apakah terdengar jelas?",
        "it": "Questa voce leggerà i tuoi articoli. È ancora gradevole dopo 30 secondi?",
        "ja": "この声があなたの記事を読み上げます。はっきり聞こえますか。",
        "ko": "이 목소리가 여러분의 글을 읽어 드립니다. 잘 들리나요?",
        "nl": "Deze stem leest uw artikelen voor. Klinkt ze na 30 seconden nog prettig?",
        "no": "Denne stemmen leser artiklene dine. Hører du den tydelig?",
        "pl": "Ten głos przeczyta twoje artykuły. Czy słychać go wyraźnie?",
        "pt": "Esta voz lerá os seus artigos. Ainda soa agradável depois de 30 segundos?",
        "ro": "Această voce îți va citi articolele. Se aude clar?",
        "ru": "Этот голос прочитает ваши статьи. Хорошо ли его слышно?",
        "sv": "Den här rösten läser upp dina artiklar. Hörs den tydligt?",
        "th": "เสียงนี้จะอ่านบทความของคุณ ได้ยินชัดเจนไหม",
        "tr": "Bu ses makalelerinizi okuyacak. Net duyuluyor mu?",
        "uk": "Цей голос прочитає ваші статті. Чи добре його чути?",
        "vi": "Giọng này sẽ đọc các bài viết của bạn. Bạn nghe có rõ không?",
        "zh": "这个声音会朗读您的文章。您听得清楚吗？",
    }
)
