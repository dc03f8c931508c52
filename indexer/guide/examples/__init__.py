"""How something is usually written here: the best existing ones, what they share, a skeleton to review."""
