"""Turns the tokens into what Qt wants: palette, fonts and the one style sheet of the application."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from desktop import tokens
from desktop.assets import assets_dir
from desktop.tokens import DARK, LIGHT, Face, Roles

SANS, MONO = "Inter", "JetBrains Mono"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours for the scheme in force and the person's scale (0.8 to 1.6)."""

    roles: Roles
    scale: float = 1.0

    @property
    def dark(self) -> bool:
        """True for the dark roles."""
        return self.roles is DARK

    def px(self, logical: float) -> int:
        """Return ``logical`` px at the person's scale, at least 1."""
        return max(1, round(logical * self.scale))

    def font(self, face: Face) -> QFont:
        """Return the font of a face; figures are of one width, so that columns stand still."""
        font = QFont(MONO if face.mono else SANS)
        font.setPixelSize(self.px(face.size))
        font.setWeight(QFont.Weight(face.weight))
        font.setStyleHint(QFont.StyleHint.Monospace if face.mono else QFont.StyleHint.SansSerif)
        # Figures of one width; and code letter by letter, since a ligature hides what is written.
        font.setFeature(QFont.Tag("calt" if face.mono else "tnum"), 0 if face.mono else 1)
        return font

    def colour(self, role: str) -> QColor:
        """Return the colour of a role by its name in ``tokens.Roles``."""
        return QColor(getattr(self.roles, role))


def load_fonts() -> None:
    """Make the packaged faces known to Qt; a missing file only means the system's own fonts."""
    for file in sorted((assets_dir() / "fonts").glob("*.?tf")):
        QFontDatabase.addApplicationFont(str(file))


def system_theme(scale: float = 1.0) -> Theme:
    """Return the theme that the system asks for; an unknown scheme counts as light."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return Theme(DARK if scheme is Qt.ColorScheme.Dark else LIGHT, scale)


def theme_for(scheme: str, scale: float) -> Theme:
    """Return the theme of a setting: "light", "dark", or whatever the system asks for."""
    if scheme in ("light", "dark"):
        return Theme(DARK if scheme == "dark" else LIGHT, scale)
    return system_theme(scale)


def palette(theme: Theme) -> QPalette:
    """Return the palette, so that plain Qt widgets need no colours of their own."""
    made = QPalette()
    pairs = {
        QPalette.ColorRole.Window: "page", QPalette.ColorRole.Base: "page",
        QPalette.ColorRole.AlternateBase: "surface", QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ToolTipBase: "raised", QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.WindowText: "text", QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.ButtonText: "text", QPalette.ColorRole.PlaceholderText: "text_3",
        QPalette.ColorRole.Highlight: "selection", QPalette.ColorRole.HighlightedText: "text",
        QPalette.ColorRole.Link: "link", QPalette.ColorRole.LinkVisited: "link",
        QPalette.ColorRole.Mid: "hairline", QPalette.ColorRole.Dark: "outline",
        QPalette.ColorRole.Accent: "accent",
    }  # fmt: skip
    for role, name in pairs.items():
        made.setColor(role, theme.colour(name))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("text_3"))
    return made


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet. Widgets name their part with ``objectName`` or ``kind``."""
    r, px = theme.roles, theme.px
    return f"""
    * {{ outline: 0; }}
    QToolTip {{ background: {r.raised}; color: {r.text}; border: 1px solid {r.outline}; padding: {px(4)}px; }}
    QFrame[kind="bar"] {{ background: {r.surface}; }}
    QFrame[kind="pane"] {{ background: {r.surface}; }}
    QFrame[kind="line"] {{ background: {r.hairline}; border: 0; }}
    QFrame[kind="card"] {{ background: {r.page}; border: 1px solid {r.outline};
        border-radius: {px(tokens.RADIUS_CARD)}px; }}
    QFrame[kind="draft"] {{ background: {r.sunken}; border-radius: {px(tokens.RADIUS_CONTROL)}px; }}
    QFrame[kind="banner"] {{ background: {r.surface}; border: 1px solid {r.outline};
        border-radius: {px(tokens.RADIUS_CARD)}px; }}
    QFrame[kind="popup"] {{ background: {r.raised}; border: 1px solid {r.outline};
        border-radius: {px(tokens.RADIUS_CARD)}px; }}
    QLabel[tone="2"] {{ color: {r.text_2}; }}
    QLabel[tone="3"] {{ color: {r.text_3}; }}
    QLabel[tone="missing"] {{ color: {r.missing}; }}
    QLabel[tone="grounded"] {{ color: {r.grounded}; }}
    QLabel[tone="partial"] {{ color: {r.partial}; }}
    QLabel[kind="tag"] {{ color: {r.text_2}; border: 1px solid {r.outline};
        border-radius: {px(tokens.RADIUS_CONTROL)}px; padding: {px(1)}px {px(6)}px; }}

    QPushButton, QToolButton[kind="button"] {{ min-height: {px(tokens.BUTTON) - 2}px;
        padding: 0 {px(12)}px; background: {r.page}; color: {r.text}; border: 1px solid {r.outline};
        border-radius: {px(tokens.RADIUS_CONTROL)}px; }}
    QPushButton:hover {{ background: {r.hover}; }}
    QPushButton:pressed {{ background: {r.sunken}; border-color: {r.border}; }}
    QPushButton:focus {{ border: 2px solid {r.accent}; padding: 0 {px(11)}px; }}
    QPushButton:disabled {{ color: {r.text_3}; background: {r.surface}; }}
    QPushButton[primary="true"] {{ background: {r.accent}; color: {r.on_accent}; border-color: {r.accent};
        font-weight: 600; }}
    QPushButton[primary="true"]:hover {{ background: {r.accent_hover}; border-color: {r.accent_hover}; }}
    QPushButton[primary="true"]:pressed {{ background: {r.accent_pressed}; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {r.text}; }}
    QPushButton[primary="true"]:disabled {{ background: {r.sunken}; color: {r.text_3};
        border-color: {r.outline}; }}
    QPushButton[flat="true"] {{ background: transparent; border-color: transparent; color: {r.text_2}; }}
    QPushButton[flat="true"]:hover {{ background: {r.hover}; }}
    QPushButton[flat="true"]:focus {{ border: 2px solid {r.accent}; }}
    QPushButton[aligned="left"] {{ text-align: left; }}
    QPushButton[link="true"] {{ background: transparent; border: 0; color: {r.link}; padding: 0;
        text-align: left; min-height: {px(20)}px; }}
    QPushButton[link="true"]:hover {{ text-decoration: underline; }}
    QPushButton[link="true"]:focus {{ border: 0; text-decoration: underline; }}
    QPushButton:checked {{ background: {r.selection}; border-color: {r.accent}; }}
    QToolButton {{ background: transparent; border: 0; border-radius: {px(tokens.RADIUS_CONTROL)}px;
        color: {r.text_2}; padding: {px(4)}px; }}
    QToolButton:hover {{ background: {r.hover}; }}
    QToolButton:pressed {{ background: {r.sunken}; }}
    QToolButton:focus {{ border: 2px solid {r.accent}; padding: {px(2)}px; }}
    QToolButton:disabled {{ color: {r.text_3}; }}

    QLineEdit, QPlainTextEdit[kind="field"], QComboBox, QSpinBox {{ min-height: {px(tokens.FIELD) - 2}px;
        background: {r.page}; color: {r.text}; border: 1px solid {r.border};
        border-radius: {px(tokens.RADIUS_CONTROL)}px; padding: 0 {px(8)}px;
        selection-background-color: {r.selection}; selection-color: {r.text}; }}
    QPlainTextEdit[kind="field"] {{ padding: {px(6)}px {px(8)}px; }}
    QLineEdit:focus, QPlainTextEdit[kind="field"]:focus, QComboBox:focus, QSpinBox:focus {{
        border: 2px solid {r.accent}; padding: 0 {px(7)}px; }}
    QLineEdit[wrong="true"] {{ border: 1px solid {r.missing}; }}
    QComboBox::drop-down {{ border: 0; width: {px(20)}px; }}
    QComboBox QAbstractItemView {{ background: {r.raised}; border: 1px solid {r.outline};
        selection-background-color: {r.selection}; selection-color: {r.text}; }}

    QListView, QTreeView, QTableView, QTextBrowser, QPlainTextEdit, QScrollArea {{ background: {r.page};
        border: 0; color: {r.text}; selection-background-color: {r.selection}; selection-color: {r.text}; }}
    QFrame[kind="pane"] QListView, QFrame[kind="pane"] QTreeView {{ background: {r.surface}; }}
    QFrame[kind="popup"] QListView {{ background: {r.raised}; }}
    QHeaderView {{ background: {r.page}; border: 0; }}
    QHeaderView::section {{ background: {r.page}; color: {r.text_3}; border: 0;
        border-bottom: 1px solid {r.hairline}; padding: {px(4)}px {px(8)}px; }}
    QSplitter::handle {{ background: {r.hairline}; }}
    QMenu {{ background: {r.raised}; color: {r.text}; border: 1px solid {r.outline}; padding: {px(4)}px; }}
    QMenu::item {{ padding: {px(5)}px {px(24)}px {px(5)}px {px(12)}px;
        border-radius: {px(tokens.RADIUS_CONTROL)}px; }}
    QMenu::item:selected {{ background: {r.selection}; }}
    QMenu::item:disabled {{ color: {r.text_3}; }}
    QMenu::separator {{ height: 1px; background: {r.hairline}; margin: {px(4)}px 0; }}
    QProgressBar {{ background: {r.sunken}; border: 1px solid {r.border}; max-height: {px(6)}px;
        border-radius: {px(tokens.RADIUS_METER)}px; }}
    QProgressBar::chunk {{ background: {r.accent}; }}
    QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: 0; }}
    QScrollBar::handle {{ background: {r.outline}; border-radius: {px(3)}px; margin: {px(2)}px; }}
    QScrollBar::handle:vertical {{ min-height: {px(28)}px; }}
    QScrollBar::handle:horizontal {{ min-width: {px(28)}px; }}
    QScrollBar::handle:hover {{ background: {r.border}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QCheckBox, QRadioButton {{ spacing: {px(8)}px; color: {r.text}; }}
    QCheckBox:focus, QRadioButton:focus {{ color: {r.accent}; }}
    QCheckBox::indicator {{ width: {px(14)}px; height: {px(14)}px; border: 1px solid {r.border};
        border-radius: {px(3)}px; background: {r.page}; }}
    QCheckBox::indicator:checked {{ background: {r.accent}; border-color: {r.accent}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {r.accent};
        width: {px(14) - 2}px; height: {px(14) - 2}px; }}
    """
