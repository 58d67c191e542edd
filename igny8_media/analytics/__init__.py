"""What worked, where and when, told from the readings with pandas."""
