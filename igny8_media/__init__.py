"""igny8-media: turns published articles into social posts and narrated videos."""

import os

# Our matrices are small: OpenBLAS, which numpy and scipy bring, would have its threads wait for one
# another in a loop, and learning the best times takes ten times the CPU. It reads this when it is
# loaded, so it is said before anything here can load it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
