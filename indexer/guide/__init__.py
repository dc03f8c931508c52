"""What a mentor would do: notes and gaps, and all that is derived from the index as a whole."""
