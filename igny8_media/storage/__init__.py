"""Where files live: one media store, atomic writes, and the record of every artefact made."""
