"""When posts go out: slots, the queue, recurring posts, and what is done by itself."""
