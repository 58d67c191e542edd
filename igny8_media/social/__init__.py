"""What each platform accepts and likes, and posts made to fit."""
