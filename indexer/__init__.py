"""The engine: reads a git repository into a local index and answers from it. Knows no Qt."""

__version__ = "0.1.0"
"""Equal to pyproject.toml's (a test compares them): reading it from there costs .03 s a start."""
