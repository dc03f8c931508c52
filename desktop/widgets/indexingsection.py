"""The settings of what is read and indexed, and how."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec

from PySide6.QtCore import QCoreApplication

from desktop.theme import Theme
from desktop.widgets.segmented import Segmented
from desktop.widgets.settingrow import NumberField, SettingSection, text_field
from desktop.widgets.ticks import Tick
from indexer.settings import Settings

PACKAGED, NONE, OTHER = "packaged", "none", "other"


class IndexingSection(SettingSection):
    """Shows IndexingSettings, and how many threads the model may take."""

    def __init__(self, theme: Theme) -> None:
        tr = QCoreApplication.translate
        super().__init__(
            theme,
            tr(
                "IndexingSection",
                "For every repository. Your folders are only read, and nothing in them is run.",
            ),
        )
        self._make_model(theme)
        self._make_numbers(theme)
        self.working_copy = Tick(theme, self.tr("Read uncommitted changes"))
        self.working_copy.toggled.connect(partial(self.tell, "indexing", "working_copy"))
        self.controls = {
            "working_copy": self.working_copy,
            "model": self.model,
            "model_name": self.model_name,
            "device": self.device,
            "threads": self.threads,
            "workers": self.workers,
            "watch": self.watch,
            "largest": self.largest,
            "largest_lines": self.largest_lines,
        }
        self._add_rows()

    @staticmethod
    def called() -> str:
        """Return the heading."""
        return QCoreApplication.translate("IndexingSection", "Indexing")

    def show_settings(self, settings: Settings) -> None:
        """Show what holds; tells nobody."""
        indexing = settings.indexing
        other = indexing.model not in (PACKAGED, NONE)
        self.model.show_value(OTHER if other else indexing.model)
        self._show_other(other)
        if other and not self.model_name.hasFocus():
            self.model_name.setText(indexing.model)
        self.device.show_value(indexing.device)
        for field, value in (
            (self.threads, settings.engine.embed_threads),
            (self.workers, indexing.parse_workers),
            (self.watch, round(indexing.watch_seconds)),
            (self.largest, round(indexing.parse_bytes / 1000)),
            (self.largest_lines, round(indexing.lines_bytes / 1_000_000)),
        ):
            field.show_value(value)
        self.working_copy.blockSignals(True)
        self.working_copy.setChecked(indexing.working_copy)
        self.working_copy.blockSignals(False)

    # ------------------------------------------------------------------------ private

    def _make_model(self, theme: Theme) -> None:
        tr = self.tr
        self.model = Segmented(
            theme,
            tr("Search by meaning"),
            (
                (PACKAGED, tr("Packaged model")),
                (NONE, tr("Off: words only")),
                (OTHER, tr("Another model")),
            ),
        )
        self.model.chosen.connect(self._on_model)
        hint = tr("A sentence-transformers model: its name, or its folder")
        self.model_name = text_field(theme, tr("Name or folder of the model"), hint)
        self.model_name.editingFinished.connect(self._on_model_name)
        self.device = Segmented(
            theme, tr("Runs on"), (("cpu", "CPU"), ("cuda", "CUDA"), ("mps", "Apple GPU"))
        )
        self.device.chosen.connect(partial(self.tell, "indexing", "device"))

    def _make_numbers(self, theme: Theme) -> None:
        tr = self.tr
        self.threads = NumberField(
            theme, 0, 64, tr("threads"), tr("0: as many as there are cores, 4 at most")
        )
        self.threads.valueChanged.connect(partial(self.tell, "engine", "embed_threads"))
        self.workers = NumberField(theme, 1, 32, tr("processes"))
        self.workers.valueChanged.connect(partial(self.tell, "indexing", "parse_workers"))
        self.watch = NumberField(theme, 0, 3600, tr("seconds"), tr("0: only when you ask"))
        self.watch.valueChanged.connect(self._on_watch)
        self.largest = NumberField(theme, 50, 100_000, "KB")
        self.largest.valueChanged.connect(self._on_largest)
        self.largest_lines = NumberField(theme, 1, 1_000, "MB")
        self.largest_lines.valueChanged.connect(self._on_largest_lines)

    def _add_rows(self) -> None:
        tr = self.tr
        missing = find_spec("sentence_transformers") is None
        self.other_row = self.row(
            tr("Model"),
            tr("Needs the package sentence-transformers, which is not installed.")
            if missing
            else tr("Loaded from this computer; nothing is downloaded by Lorebase."),
            self.model_name,
        )
        self._device_row = self.row(tr("Runs on"), tr("Where this model computes."), self.device)
        self.add(
            self.row(tr("Working copy"), tr("Off: only what is committed."), self.working_copy),
            self.row(tr("Search by meaning"), tr("Another model makes every vector anew."), self.model),
            self.other_row,
            self._device_row,
            self.row(tr("Threads of the model"), tr("Fewer leave more for your own work."), self.threads),
            self.row(tr("Readers"), tr("Processes that parse files."), self.workers),
            self.row(tr("Look for changes every"), tr("HEAD and the working copy."), self.watch),
            self.row(tr("Parse files up to"), tr("Larger ones are cut by lines."), self.largest),
            self.row(
                tr("Read files up to"), tr("Of larger ones only the name is found."), self.largest_lines
            ),
        )

    def _show_other(self, other: bool) -> None:
        self.other_row.setVisible(other)
        self._device_row.setVisible(other)

    def _on_model(self, chosen: object) -> None:
        if chosen == OTHER:
            self._show_other(True)
            self.model_name.setFocus()
        else:
            self.tell("indexing", "model", chosen)

    def _on_model_name(self) -> None:
        name = self.model_name.text().strip()
        if name:
            self.tell("indexing", "model", name)

    def _on_watch(self, seconds: int) -> None:
        self.tell("indexing", "watch_seconds", float(seconds))

    def _on_largest(self, kilobytes: int) -> None:
        self.tell("indexing", "parse_bytes", kilobytes * 1000)

    def _on_largest_lines(self, megabytes: int) -> None:
        self.tell("indexing", "lines_bytes", megabytes * 1_000_000)
