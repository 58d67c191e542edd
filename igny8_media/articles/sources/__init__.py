"""Where articles come from: one contract, and a source for each kind of place."""
