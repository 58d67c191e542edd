"""Everything that can go wrong while posts go out, done on purpose and counted (`make chaos`)."""
