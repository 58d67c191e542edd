"""What the command line does, kept apart from how it is typed."""
