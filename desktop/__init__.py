"""The window: sees the engine's types, errors, settings and client alone."""
