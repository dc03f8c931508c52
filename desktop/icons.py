"""Icons: one-colour SVG files, painted in a role's colour at the size and pixel ratio asked for."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.assets import assets_dir

_DRAWN_IN = "#000000"


def icon(
    name: str, colour: str, disabled: str | None = None, selected: str | None = None, side: int = 20
) -> QIcon:
    """Return the icon in ``colour`` (``#RRGGBB``), sharp at ``side`` px and one or two device pixels."""
    made = QIcon()
    states = ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled), (QIcon.Mode.Selected, selected))
    for mode, each in states:
        if each is not None:
            for ratio in (1.0, 2.0):
                made.addPixmap(pixmap(name, each, side, ratio), mode)
    return made


@cache
def pixmap(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    """Return a square picture of ``side`` logical px for a screen with ``ratio`` pixels to each."""
    image = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def application_icon() -> QIcon:
    """Return the application's own mark."""
    return QIcon(str(assets_dir() / "icons" / "lorebase.svg"))


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = (assets_dir() / "icons" / f"{name}.svg").read_text("ascii")
    return QSvgRenderer(QByteArray(source.replace(_DRAWN_IN, colour).encode("ascii")))
