"""What an article is, how it is parsed, and where articles come from."""
