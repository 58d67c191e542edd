"""What posts have reached: read from the platforms, kept reading by reading."""
