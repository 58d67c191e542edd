"""When what runs by the clock is started."""
