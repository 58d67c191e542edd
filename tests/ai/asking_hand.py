"""A process that asks the model server at URL, with its health and turns in FOLDER."""

import signal
import sys
from pathlib import Path

from pydantic import BaseModel

from igny8_media.ai.health import Breaker
from igny8_media.ai.limits import Limit
from igny8_media.ai.models import Models
from igny8_media.ai.openai_text import OpenAIText
from igny8_media.ai.pool import Pool
from igny8_media.ai.text import TextRequest
from igny8_media.ai.text_router import TextRouter


class Post(BaseModel):
    text: str


# A script's background job inherits an ignored SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
url, folder = sys.argv[1], Path(sys.argv[2])
provider = OpenAIText("openai", url, None, "m", own_server=True)
pool = Pool(folder, [Limit(provider="openai", at_once=1)])
router = TextRouter([provider], Breaker(folder / "health"), Models(()), pool, timeout=60)
try:
    router.ask(TextRequest("adapt_post", "You write posts.", "Write.", Post, 300))
except KeyboardInterrupt:
    print("STOPPED", flush=True)
    sys.stdin.readline()  # so that nothing but the interrupt closes what is open
