"""News for people, through whatever channel they read."""
