"""What runs are handed: clients and stores built from the settings."""
