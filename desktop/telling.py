"""How the window speaks to its views: each has those methods that it needs, and no others."""

from __future__ import annotations


def tell(view: object, name: str, *values: object) -> bool:
    """Call a method of a view; False when it has none of that name."""
    method = getattr(view, name, None)
    if method is None:
        return False
    method(*values)
    return True
