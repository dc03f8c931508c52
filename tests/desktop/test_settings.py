"""Settings: each choice is told at once as the whole of the new settings, and survives a new look."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from desktop.commands import Command
from desktop.engine import Link
from desktop.theme import Theme
from desktop.tokens import DARK
from desktop.views.settings import SettingsView
from desktop.widgets.agentsection import AgentSection
from desktop.widgets.appearancesection import AppearanceSection
from desktop.widgets.editorsection import EditorSection
from desktop.widgets.enginesection import EngineSection
from desktop.widgets.indexingsection import IndexingSection
from indexer.protocol import STATUS, Nothing
from indexer.settings import Settings, load_settings, save_settings
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until, wear


@pytest.fixture
def view(theme: Theme, tmp_path: Path) -> SettingsView:
    made = SettingsView(theme)
    made.set_settings(Settings(tmp_path))
    made.finish()
    shown(made, 1368, 824)
    return made


def told(view: SettingsView) -> list[Settings]:
    found: list[Settings] = []
    view.settingsChanged.connect(found.append)
    return found


def test_a_choice_is_told_once_and_can_be_read_again_from_the_file(
    view: SettingsView, tmp_path: Path
) -> None:
    found = told(view)
    view.section(AppearanceSection).scheme.buttons[2].click()
    view.section(AppearanceSection).scheme.buttons[2].click()
    view.section(AppearanceSection).scale.buttons[-1].click()
    view.section(IndexingSection).watch.field.setText("30")
    view.section(IndexingSection).watch.field.editingFinished.emit()
    assert len(found) == 3
    save_settings(found[-1])
    again = load_settings({"LOREBASE_DATA": str(tmp_path)})
    assert (again.window.scheme, again.window.scale) == ("dark", 1.6)
    assert again.indexing.watch_seconds == 30.0


def test_showing_settings_tells_nobody(view: SettingsView, tmp_path: Path) -> None:
    found = told(view)
    view.set_settings(Settings(tmp_path))
    assert not found


def test_arrows_choose_within_a_group_and_tab_stops_there_once(view: SettingsView) -> None:
    found = told(view)
    view.focus_first()
    QTest.keyClick(view.section(AppearanceSection).scheme.buttons[0], Qt.Key.Key_Right)
    assert found[-1].window.scheme == "light"
    stops = [
        each
        for each in view.section(AppearanceSection).scheme.buttons
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert [each.text() for each in stops] == ["Light"]


def test_a_number_stays_within_its_bounds(view: SettingsView) -> None:
    found = told(view)
    view.section(IndexingSection).workers.field.setText("99999")
    view.section(IndexingSection).workers.field.editingFinished.emit()
    assert found[-1].indexing.parse_workers == 32
    QTest.keyClick(view.section(IndexingSection).workers.field, Qt.Key.Key_Up)
    assert view.section(IndexingSection).workers.value == 32


def test_another_model_asks_for_its_name_before_anything_changes(view: SettingsView) -> None:
    found = told(view)
    view.section(IndexingSection).model.buttons[2].click()
    assert view.section(IndexingSection).other_row.isVisible()
    assert not found
    view.section(IndexingSection).model_name.setText("/models/bge")
    view.section(IndexingSection).model_name.editingFinished.emit()
    assert found[-1].indexing.model == "/models/bge"


def test_an_editor_command_is_shown_as_it_would_run(view: SettingsView) -> None:
    view.section(EditorSection).command.setText("subl {path}:{line}")
    view.section(EditorSection).command.editingFinished.emit()
    assert view.settings.window.editor == "subl {path}:{line}"
    assert "subl" in view.section(EditorSection).told.text()
    assert ":42" in view.section(EditorSection).told.text()


def test_keys_are_those_of_the_commands(view: SettingsView) -> None:
    view.set_commands([Command("Ask or search", "Ctrl+K", list, "Go"), Command("No key", "", list, "Go")])
    view.finish()
    rest()
    shown_texts = {each.text() for each in view.findChildren(QLabel)}
    assert "Ask or search" in shown_texts
    assert "No key" not in shown_texts


def test_the_keyboard_stays_where_it_was_when_the_look_changes(view: SettingsView) -> None:
    view.section(AppearanceSection).scale.focus_value()
    kept = view.keep()
    dark = Theme(DARK, 1.25)
    wear(dark)
    fresh = SettingsView(dark)
    fresh.set_settings(view.settings)
    shown(fresh, 1024, 640)
    fresh.recall(kept)
    until(lambda: any(each.hasFocus() for each in fresh.section(AppearanceSection).scale.buttons))


def test_a_restart_gives_the_engine_its_new_settings(
    theme: Theme, desk: Desk, own_story: SmallRepository
) -> None:
    link: Link = desk.indexed(own_story)
    before = ask(link, STATUS, Nothing()).engine_pid
    view = SettingsView(theme)
    view.set_settings(desk.settings())
    view.set_link(link)
    shown(view, 1024, 640)
    view.section(IndexingSection).working_copy.setChecked(False)
    assert view.section(EngineSection).restart.isEnabled()
    view.section(EngineSection).restart.click()
    until(lambda: not view.section(EngineSection).restart.isEnabled())
    until(lambda: ask(link, STATUS, Nothing()).engine_pid != before)


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_nothing_is_cut_in_a_small_window(theme: Theme, tmp_path: Path, scale: float) -> None:
    large = Theme(theme.roles, scale)
    wear(large)
    view = SettingsView(large)
    view.set_settings(Settings(tmp_path))
    view.finish()
    shown(view, 952, 564)
    inner = view.findChild(QPushButton).window()
    for each in [*view.findChildren(QPushButton), *view.findChildren(QLineEdit)]:
        if each.isVisible():
            right = each.mapTo(inner, each.rect().topRight()).x()
            assert right <= inner.width()
            assert each.width() >= each.minimumSizeHint().width()
            assert each.text() or each.accessibleName()


def test_what_an_editor_needs_is_copied_for_the_open_repository(view: SettingsView, story_link: Link) -> None:
    assert not view.section(AgentSection).copy.isEnabled()
    view.set_link(story_link)
    view.section(AgentSection).copy.click()
    entry = next(iter(json.loads(QGuiApplication.clipboard().text())["mcpServers"].values()))
    assert entry["args"][-3:-1] == ["mcp", "--repo"]
    assert Path(entry["args"][-1]) == Path(os.fsdecode(story_link.location.work_tree or b""))
