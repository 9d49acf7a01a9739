"""What is known to stand in the way of an aim, by row; shown where the row is not met, so that nobody has to look for it."""

BOUNDS = {}
