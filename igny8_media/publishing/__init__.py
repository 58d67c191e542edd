"""Putting posts out: what each platform takes, and a ledger that sends each post once."""
