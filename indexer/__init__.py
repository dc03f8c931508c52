"""The engine: reads a git repository into a local index and answers from it. Knows no Qt."""
