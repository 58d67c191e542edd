"""Providers of words, speech and pictures, each behind one contract."""
