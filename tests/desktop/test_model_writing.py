"""A language model writes an answer out beside the extracted one: real engine, server on loopback."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from desktop.engine import Link
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.views.settings import SettingsView
from desktop.widgets.modelsection import ModelSection
from desktop.widgets.statements import StatementText
from desktop.widgets.writtencard import WrittenCard
from indexer.location import locate
from indexer.protocol import INDEX, IndexRequest
from indexer.settings import ModelSettings
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until
from tests.desktop.test_ask import WHY, answered, open_view
from tests.model_server import Reply, serving

GOOD = "The performance gained three times by setting the prefetch count to 4 times the concurrency."


def well(reply: Reply) -> None:
    """Write one sentence that its source bears out, and one that no source does."""
    cited = reply.id_of("Got a 3x performance gain")
    reply.say(f"{GOOD} [{cited}]\n")
    reply.say(f"The board of directors approved it in Paris. [{cited}]\n")
    reply.end()


def linked(desk: Desk, repository: SmallRepository, url: str) -> Link:
    settings = replace(desk.settings(), model=ModelSettings("ollama", "small-1", url, first_seconds=10.0))
    made = Link(locate(repository.path, settings), settings, str(desk.runtime))
    desk.links.append(made)
    ask(made, INDEX, IndexRequest(), seconds=120)
    return made


def card_of(view: AskView) -> WrittenCard:
    until(lambda: view.findChild(WrittenCard) is not None)
    found = view.findChild(WrittenCard)
    assert found is not None
    return found


def texts(card: WrittenCard) -> str:
    return " ".join(each.text() for each in card.findChildren(QLabel))


def test_nothing_of_a_model_is_seen_while_it_is_off(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    view = answered(open_view(desk.indexed(own_story), theme), WHY)
    rest(0.3)
    assert view.findChild(WrittenCard) is None


def test_its_sentences_stand_beside_the_extracted_ones_with_our_numbers_and_the_dropped_are_counted(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    with serving("ollama", well) as server:
        view = answered(open_view(linked(desk, own_story, server.url), theme), WHY)
        card = card_of(view)
        before = [each.toPlainText() for each in view.findChildren(StatementText)]
        assert "small-1 can put this into prose" in texts(card)
        QTest.mouseClick(card.write, Qt.MouseButton.LeftButton)
        until(lambda: "Written by small-1" in texts(card) or "did not get" in texts(card))
        assert "Written by" in texts(card), texts(card)
    assert card.text is not None
    assert GOOD in card.text.toPlainText()
    assert "Paris" not in card.text.toPlainText()
    assert "1 sentence left out" in texts(card)
    others = [each.toPlainText() for each in view.findChildren(StatementText) if each is not card.text]
    assert others == before
    rest(0.2)
    picked: list[int] = []
    card.chipClicked.connect(picked.append)
    number = next(each.number for each in view.shown.page.sources if "3x performance" in each.first.quote)
    where = card.text.viewport().mapFromGlobal(card.text.chip_rect(number).center())
    QTest.mouseClick(card.text.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert picked == [number]
    assert view.evidence.selected() == number


def test_what_would_be_sent_is_shown_to_the_byte_before_anything_is_sent(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    with serving("ollama", well) as server:
        view = answered(open_view(linked(desk, own_story, server.url), theme), WHY)
        card = card_of(view)
        QTest.mouseClick(card.sent, Qt.MouseButton.LeftButton)
        until(view.written.sheet.isVisible)
        assert server.seen == []
        shown_text = "".join(view.written.sheet.text.toPlainText().split("\n\n", 1)[1].split("\n"))
        QTest.mouseClick(view.written.sheet.send, Qt.MouseButton.LeftButton)
        until(lambda: "Written by small-1" in texts(card) or "did not get" in texts(card))
        assert "Written by" in texts(card), texts(card)
        assert server.seen[0].body.decode() == shown_text


def test_a_model_that_fails_leaves_the_answer_and_a_next_step(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    view = answered(open_view(linked(desk, own_story, "http://127.0.0.1:9"), theme), WHY)
    card = card_of(view)
    QTest.mouseClick(card.write, Qt.MouseButton.LeftButton)
    until(lambda: "did not get to the end" in texts(card))
    assert "The extracted answer is below." in texts(card)
    assert card.write.text().strip() == "Retry"
    view.model.stateChanged.emit()  # the engine tells the model's state again, after the failure
    assert "did not get to the end" in texts(card)


def test_a_model_that_runs_here_is_found_on_a_click_and_chosen_with_its_address(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    view = SettingsView(theme)
    view.set_settings(desk.settings())
    view.set_link(desk.indexed(own_story))
    section = view.section(ModelSection)
    shown(view)
    assert section.provider.value == "off"
    hidden = [section.name, section.url, section.key, section.try_it]
    assert not any(each.isVisible() for each in hidden)
    changed: list[object] = []
    view.settingsChanged.connect(changed.append)
    next(each for each in section.provider.buttons if each.text() == "Ollama").click()
    assert changed[-1].model.provider == "ollama"
    assert all(each.isVisible() for each in hidden)
    QTest.mouseClick(section.look, Qt.MouseButton.LeftButton)
    until(
        lambda: (
            any("answers on this machine" in each.text() for each in section.findChildren(QLabel))
            or any(each.accessibleName().startswith("Use ") for each in section.findChildren(QAbstractButton))
        )
    )
