"""Where the icons and fonts lie: beside the packages in a checkout, inside `indexer` once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def assets_dir() -> Path:
    """Return the folder of icons and fonts. Raises FileNotFoundError when the install is broken."""
    root = Path(__file__).resolve().parent.parent
    for folder in (root / "assets", root / "indexer" / "assets"):
        if (folder / "icons").is_dir():
            return folder
    raise FileNotFoundError(f"the icons and fonts of Lorebase are missing beside {root}")
