"""Video scripts of an article's own sentences, and the words beside a finished video."""
