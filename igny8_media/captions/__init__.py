"""Captions: cues from spoken words, subtitle files, and the ones burned into the picture."""
