"""Stack traces: read from noisy text, matched to the code, and told."""
