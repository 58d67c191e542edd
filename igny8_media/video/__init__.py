"""Videos: script, narration, captions, scenes, rendering, and what a finished file must measure."""
