"""`python -m chaos`."""

import sys

from chaos.run import main

if __name__ == "__main__":
    sys.exit(main())
