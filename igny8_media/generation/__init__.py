"""Posts written by a language model: prompts, what is asked of answers, and the writer."""
