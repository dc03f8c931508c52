"""The colours of drawings, for a light and for a dark page: the roles of the window's design.

A test compares them with the window's own table, which the engine must not import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours as ``#RRGGBB``; ``heat`` and ``on_heat`` begin with a file that nobody changed."""

    page: str
    surface: str
    text: str
    text_2: str
    text_3: str
    outline: str
    accent: str
    partial: str
    heat: tuple[str, str, str, str, str, str]
    on_heat: tuple[str, str, str, str, str, str]


LIGHT: Final = Inks(
    page="#FFFFFF", surface="#F6F7F9", text="#1B1F24", text_2="#4A525C", text_3="#5F6873",
    outline="#C3C9D2", accent="#0B5FB0", partial="#7A4A00",
    heat=("#ECEEF2", "#FBF2D3", "#F5D796", "#E8AA66", "#CC7340", "#86361F"),
    on_heat=("#5F6873", "#1B1F24", "#1B1F24", "#1B1F24", "#1B1F24", "#FFFFFF"),
)  # fmt: skip

DARK: Final = Inks(
    page="#15181C", surface="#1C2025", text="#E8EBEF", text_2="#B9C1CB", text_3="#98A2AE",
    outline="#48515C", accent="#5AA9F5", partial="#F0C067",
    heat=("#101316", "#2F2B20", "#55431F", "#855428", "#CC7F52", "#F5B896"),
    on_heat=("#98A2AE", "#E8EBEF", "#FFFFFF", "#FFFFFF", "#101316", "#101316"),
)  # fmt: skip
