"""What the guide is asked and returns: one file for each of its parts, with the methods that carry it."""
