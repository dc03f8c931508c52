"""Writes SVG: elements with escaped text and plain attributes, nothing that loads, links or runs."""

from __future__ import annotations

from typing import Final

from indexer.drawing.inks import Inks
from indexer.drawing.lettering import escaped, width

FACE: Final = "Inter, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
MADE_BY: Final = "<!-- drawn by lorebase -->"
"""Stands at the head of every drawing of ours: such a file may be written over."""


class Sheet:
    """Gathers the elements of one drawing, first those that lie below."""

    def __init__(self, across: float, down: float, inks: Inks, title: str, told: str) -> None:
        self.inks = inks
        size = f'width="{across:.0f}" height="{down:.0f}" viewBox="0 0 {across:.0f} {down:.0f}"'
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{escaped(FACE)}">',
            MADE_BY,
            f"<title>{escaped(title)}</title>",
            f"<desc>{escaped(told)}</desc>",
            f'<rect width="{across:.0f}" height="{down:.0f}" fill="{inks.page}"/>',
        ]

    def add(self, element: str) -> None:
        """Add an element whose text is escaped already."""
        self._parts.append(element)

    def text(
        self, at: tuple[float, float], said: str, colour: str, size: float = 11, *, bold: bool = False
    ) -> None:
        """Add one line of text that begins at ``at``: its left edge and its baseline."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" fill="{colour}"{weight}>'
            f"{escaped(said)}</text>"
        )

    def text_to(self, at: tuple[float, float], said: str, colour: str) -> None:
        """Add one line of small text that ends at ``at``."""
        self._parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="11" fill="{colour}" text-anchor="end">'
            f"{escaped(said)}</text>"
        )

    def label(self, x: float, y: float, said: str) -> float:
        """Add a word of the legend, and return where it ends."""
        self.text((x, y), said, self.inks.text_2)
        return x + width(said, 11)

    def box(self, at: tuple[float, float, float, float], fill: str, stroke: str, thick: float) -> None:
        """Add a rectangle: left, top, width, height."""
        self._parts.append(
            f'<rect x="{at[0]:.1f}" y="{at[1]:.1f}" width="{at[2]:.1f}" height="{at[3]:.1f}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{thick:g}"/>'
        )

    def svg(self) -> str:
        """Return the drawing."""
        return "\n".join((*self._parts, "</svg>", ""))
