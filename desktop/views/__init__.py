"""One page a module: starts work, receives dataclasses in named slots, emits signals upward."""
