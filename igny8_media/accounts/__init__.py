"""The accounts posts go out through: consent, tokens kept encrypted, and their renewal."""
