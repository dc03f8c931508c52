"""The settings of the engine's process."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.settingrow import NumberField, SettingSection, stacked
from desktop.widgets.words import button, words
from indexer.settings import Settings


class EngineSection(SettingSection):
    """When the engine leaves, and whether it works with the settings that are shown."""

    restartWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        super().__init__(
            theme,
            tr("EngineSection", "A process of its own answers and indexes, also while no window is open."),
        )
        self.idle = NumberField(theme, 1, 1440, self.tr("minutes"))
        self.idle.valueChanged.connect(self._on_idle)
        self.restart = button(theme, self.tr("Restart the engine"), "refresh")
        self.restart.clicked.connect(self.restartWanted)
        self.told = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        self.controls = {"idle": self.idle, "restart": self.restart}
        self.add(
            self.row(
                self.tr("Leaves when idle for"), self.tr("It starts again with the next window."), self.idle
            ),
            self.row(self.tr("Now"), "", stacked(theme, self.told, self.restart)),
        )
        self.show_waiting(waiting=False)

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("EngineSection", "Engine")

    def show_settings(self, settings: Settings) -> None:
        """Show what holds; tells nobody."""
        self.idle.show_value(round(settings.engine.idle_seconds / 60))

    def show_waiting(self, *, waiting: bool) -> None:
        """Say whether changes wait until the engine starts next."""
        self.restart.setEnabled(waiting)
        self.told.setText(
            self.tr("Changes of indexing wait until the engine starts next.")
            if waiting
            else self.tr("The engine works with the settings shown here.")
        )

    def _on_idle(self, minutes: int) -> None:
        self.tell("engine", "idle_seconds", minutes * 60.0)
