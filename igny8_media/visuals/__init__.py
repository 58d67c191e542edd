"""Which picture belongs to which words, and where one comes from when the article has none."""
