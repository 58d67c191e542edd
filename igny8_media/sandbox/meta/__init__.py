"""Facebook and Instagram, on one Graph."""
