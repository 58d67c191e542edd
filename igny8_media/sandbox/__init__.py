"""A server on this machine that plays all six platforms, by their own contracts."""
