"""A question becomes a mail on a click, to one receiver; nothing that a commit says changes that."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.mail import is_address, mail, whom
from desktop.theme import Theme
from indexer.types import Contact
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk
from tests.desktop.test_ask import GAP, answered, open_view

ADA = Contact("Ada Lovelace", "ada@acme.org", "7 commits on it, the last on 2026-01-02")
GONE = Contact("Ben", "ben@acme.org", "9 commits, the last on 2016-01-02; no commit at all since 2016-01-02")


class Postman(QObject):
    """Takes what a mail program would be given."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.taken.append(url)


@pytest.fixture
def postman(qapp):
    made = Postman()
    QDesktopServices.setUrlHandler("mailto", made, "take")
    yield made
    QDesktopServices.unsetUrlHandler("mailto")


def test_who_is_still_here_is_written_to_before_who_left() -> None:
    assert whom((GONE, ADA)) is ADA
    assert whom((GONE,)) is GONE
    assert whom((Contact("Cy", "", "wrote it"),)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@acme.org?bcc=eve@evil.org",
        "ada@acme.org,eve@evil.org",
        "ada@acme.org\nBcc: eve@evil.org",
        "ada@acme.org%0Abcc:eve@evil.org",
        "<ada@acme.org>",
        "12345+ada@users.noreply.github.com",
        "root@host.local",
    ],
)
def test_what_is_no_plain_address_is_never_written_to(text: str) -> None:
    assert not is_address(text)


def test_T4_nothing_in_a_question_adds_a_receiver_or_a_header() -> None:
    made = mail("ada@acme.org", "Why?&bcc=eve@evil.org", "Line one.\n&cc=eve@evil.org #x ü")
    split = urlsplit(bytes(made.toEncoded().data()).decode("ascii"))
    assert (split.scheme, split.path, split.fragment) == ("mailto", "ada@acme.org", "")
    assert parse_qs(split.query) == {
        "subject": ["Why?&bcc=eve@evil.org"],
        "body": ["Line one.\r\n&cc=eve@evil.org #x ü"],
    }


def test_the_question_goes_to_the_mail_program_on_a_click_and_not_before(
    desk: Desk, own_story: SmallRepository, theme: Theme, postman: Postman
) -> None:
    view = answered(open_view(desk.indexed(own_story), theme), GAP)
    buttons = [each for each in view.findChildren(QPushButton) if each.text().strip().startswith("Mail ")]
    assert len(buttons) == 1
    assert postman.taken == []
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert len(postman.taken) == 1
    split = urlsplit(bytes(postman.taken[0].toEncoded().data()).decode("ascii"))
    answer = view.shown.answer
    assert split.path in {each.email for each in answer.verdict.contacts}
    told = parse_qs(split.query)
    assert told["subject"] == [answer.question]
    assert told["body"][0].replace("\r\n", "\n").strip() == answer.draft.strip()
