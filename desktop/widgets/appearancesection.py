"""The settings of how the window looks."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.segmented import Segmented
from desktop.widgets.settingrow import SettingSection
from indexer.settings import Settings


class AppearanceSection(SettingSection):
    """Colours and size."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        tr = self.tr
        self.scheme = Segmented(
            theme,
            tr("Colours"),
            (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))),
        )
        self.scheme.chosen.connect(partial(self.tell, "window", "scheme"))
        self.scale = Segmented(theme, tr("Size"), [(each, f"{round(each * 100)}%") for each in tokens.SCALES])
        self.scale.chosen.connect(partial(self.tell, "window", "scale"))
        self.controls = {"scheme": self.scheme, "scale": self.scale}
        self.add(
            self.row(tr("Colours"), tr("Followed while the system changes."), self.scheme),
            self.row(tr("Size"), tr("Of text and controls; Ctrl++ and Ctrl+- too."), self.scale),
        )

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("AppearanceSection", "Appearance")

    def show_settings(self, settings: Settings) -> None:
        """Show what holds; tells nobody."""
        looks = settings.window
        self.scheme.show_value(looks.scheme)
        self.scale.show_value(min(tokens.SCALES, key=lambda each: abs(each - looks.scale)))
