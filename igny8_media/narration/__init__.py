"""The spoken word: texts as people say them, joined speech, and its loudness."""
