"""The design in numbers: colour roles for light and dark, type, space and measures. Knows no Qt.

Every colour and size on the screen comes from here; a test computes the contrast of each pair.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roles:
    """One colour for each role, as ``#RRGGBB``."""

    page: str
    surface: str
    sunken: str
    raised: str
    text: str
    text_2: str
    text_3: str
    border: str
    outline: str
    hairline: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_pressed: str
    link: str
    selection: str
    selection_idle: str
    hover: str
    cite: str
    match: str
    grounded: str
    grounded_fill: str
    partial: str
    partial_fill: str
    missing: str
    unknown: str
    hatch: str
    heat: tuple[str, str, str, str, str]
    on_heat: tuple[str, str, str, str, str]
    keyword: str
    string: str
    comment: str
    number: str
    name: str


LIGHT = Roles(
    page="#FFFFFF", surface="#F6F7F9", sunken="#ECEEF2", raised="#FFFFFF",
    text="#1B1F24", text_2="#4A525C", text_3="#5F6873",
    border="#7A838F", outline="#C3C9D2", hairline="#DDE1E7",
    accent="#0B5FB0", on_accent="#FFFFFF", accent_hover="#094E92", accent_pressed="#073F77",
    link="#0B5FB0", selection="#CFE3F8", selection_idle="#E1E6EC", hover="#E9ECF1",
    cite="#EAF3FC", match="#FFE9A8",
    grounded="#0F5F38", grounded_fill="#E3F4EA", partial="#7A4A00", partial_fill="#FDF1D6",
    missing="#9B1C2C", unknown="#4A525C", hatch="#C2717C",
    heat=("#FBF2D3", "#F5D796", "#E8AA66", "#CC7340", "#86361F"),
    on_heat=("#1B1F24", "#1B1F24", "#1B1F24", "#1B1F24", "#FFFFFF"),
    keyword="#8A1F8A", string="#0F5F38", comment="#5A636E", number="#8A4B00", name="#0B4F91",
)  # fmt: skip

DARK = Roles(
    page="#15181C", surface="#1C2025", sunken="#101316", raised="#242A31",
    text="#E8EBEF", text_2="#B9C1CB", text_3="#98A2AE",
    border="#7C8794", outline="#48515C", hairline="#2E343C",
    accent="#5AA9F5", on_accent="#0C1116", accent_hover="#79BAF8", accent_pressed="#4792DB",
    link="#7CBBFA", selection="#1F4468", selection_idle="#2B323A", hover="#262C33",
    cite="#182838", match="#5A4712",
    grounded="#7FD8A4", grounded_fill="#12321F", partial="#F0C067", partial_fill="#3A2B0B",
    missing="#FF9AA5", unknown="#B9C1CB", hatch="#A85F69",
    heat=("#2F2B20", "#55431F", "#855428", "#CC7F52", "#F5B896"),
    on_heat=("#E8EBEF", "#FFFFFF", "#FFFFFF", "#101316", "#101316"),
    keyword="#E29AE6", string="#7FD8A4", comment="#97A1AD", number="#F0C067", name="#8CC4FB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """One text style: size and line height in logical px, weight as in CSS."""

    size: int
    line: int
    weight: int = 400
    mono: bool = False


TITLE = Face(24, 32, 600)
QUESTION = Face(20, 28, 600)
SECTION = Face(15, 22, 600)
BODY = Face(15, 23)
INTERFACE = Face(13, 20)
STRONG = Face(13, 20, 600)
META = Face(11, 16)
META_STRONG = Face(11, 16, 600)
CODE = Face(12, 20, mono=True)
CODE_IN_BODY = Face(13, 23, mono=True)

# Space, px at 100 %.
S1, S2, S3, S4, S5, S6, S7 = 4, 8, 12, 16, 24, 32, 48

TOP_BAR, RAIL, RAIL_ITEM, VIEW_BAR, FOOTER, STATUS_BAR = 48, 72, 56, 44, 44, 28
ROW, ROW_SEARCH, ROW_TABLE, ROW_TWO_LINES, ROW_CONTACT = 28, 30, 34, 45, 24
BUTTON, FIELD, BADGE, BADGE_SMALL, CHIP = 28, 32, 26, 20, 17
RADIUS_CARD, RADIUS_CONTROL, RADIUS_METER = 6, 4, 2
LABEL_COLUMN, TEXT_COLUMN = 80, 540
EVIDENCE_LEAST, ANSWER_LEAST = 480, 560
HATCH_EVERY, HATCH_ON_MAP = 5, 6
CODE_LINE, BLAME_COLUMN, NUMBER_COLUMN, CITED_BAR = 20, 64, 38, 3

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6)


def contrast(foreground: str, background: str) -> float:
    """Return the WCAG 2.1 contrast ratio of two ``#RRGGBB`` colours, 1 to 21."""
    bright, dark = sorted((_luminance(foreground), _luminance(background)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
