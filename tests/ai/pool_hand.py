"""A process that takes turns: `FOLDER LIMIT TIMES SECONDS`, with a line for what it does."""

import sys
import time
from pathlib import Path

from igny8_media.ai.limits import Limit
from igny8_media.ai.pool import Pool

folder, limit, times, seconds = sys.argv[1:]
pool = Pool(Path(folder), [Limit.model_validate(limit)], patience=30)
print("READY", flush=True)
sys.stdin.readline()
for _ in range(int(times)):
    with pool.turn(limit.split("=")[0]):
        began = time.time()
        print("TURN", began, flush=True)
        time.sleep(float(seconds))
        print("DONE", began, time.time(), flush=True)
