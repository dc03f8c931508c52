"""Text that somebody else wrote is shown as text: nothing in it opens, loads, hides or stalls."""

import ctypes
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.markdown import LINE_CAP, place_of, write
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.prose import Prose
from desktop.widgets.words import words
from tests.desktop.conftest import rest, shown

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def document(qapp: QApplication) -> QTextDocument:
    return QTextDocument()


def seconds_to_show(text: str, theme: Theme) -> float:
    view = Prose(theme, "text")
    shown(view, 600, 500)
    view.show_markdown("warm")
    started = time.process_time()
    view.show_markdown(text)
    QApplication.processEvents()
    return time.process_time() - started


@contextmanager
def opens_counted(folder: Path) -> Iterator[list[str]]:
    """Count every open below ``folder`` by this process or another, whoever made it (inotify)."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_NONBLOCK)
    assert handle >= 0
    in_open, in_access = 0x20, 0x1
    assert libc.inotify_add_watch(handle, os.fsencode(folder), in_open | in_access) >= 0
    met: list[str] = []
    yield met
    try:
        data = os.read(handle, 65536)
    except BlockingIOError:
        data = b""
    while data:
        _, _, _, length = struct.unpack_from("iIII", data)
        met.append(data[16 : 16 + length].rstrip(b"\0").decode())
        data = data[16 + length :]
    os.close(handle)


def test_it_is_formatted(document: QTextDocument, theme: Theme) -> None:
    write(document, "# Title\n\nSome *words* and `code`.\n\n- one\n- two\n\n```\nx = 1\n```\n", theme)
    assert [line for line in document.toPlainText().split("\n") if line] == [
        "Title",
        "Some words and code.",
        "one",
        "two",
        "x = 1",
    ]


def test_a_table_is_a_table(document: QTextDocument, theme: Theme) -> None:
    write(document, "| a | b |\n| - | - |\n| 1 | 2 |\n", theme)
    frames = document.rootFrame().childFrames()
    assert len(frames) == 1
    assert document.toPlainText().split() == ["a", "b", "1", "2"]


def test_paths_and_ids_of_commits_lead_to_places(document: QTextDocument, theme: Theme) -> None:
    text = "See `worker/queue.py:3-5`, [the guide](docs/optimizing.md#L7) and 5dc781f; deadbeef is a word."
    assert write(document, text, theme).places == (
        SourcePlace("worker/queue.py", 3, 5),
        SourcePlace("docs/optimizing.md", 7, 7),
        CommitPlace("5dc781f"),
    )


def test_a_click_on_a_path_opens_its_place(theme: Theme) -> None:
    view = Prose(theme, "text")
    met: list[object] = []
    view.opened.connect(met.append)
    view.show_markdown("`worker/queue.py:3`")
    shown(view, 400, 100)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert met == [SourcePlace("worker/queue.py", 3, 3)]


def test_a_path_is_opened_by_keyboard(theme: Theme) -> None:
    view = Prose(theme, "text")
    met: list[object] = []
    view.opened.connect(met.append)
    view.show_markdown("`worker/queue.py:3`")
    shown(view, 400, 100)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert met == [SourcePlace("worker/queue.py", 3, 3)]


@pytest.mark.parametrize(
    "address",
    ["../secret.py", "a/../b.py", "/etc/passwd.txt", "file:///etc/hosts.txt", r"\\host\x.txt", "a//b.py"],
)
def test_an_address_outside_the_repository_leads_nowhere(address: str) -> None:
    assert place_of(address) is None


def test_T1_characters_that_reorder_a_line_are_shown_as_code_points(
    document: QTextDocument, theme: Theme
) -> None:
    write(document, "if admin\u202e {\u2066// check\n\nand `zero\u200bwidth` and &#x202E;", theme)
    text = document.toPlainText()
    assert text.count("U+202E") == 2
    assert "U+2066" in text
    assert "zeroU+200Bwidth" in text
    assert not set("\u202e\u2066\u200b") & set(text)


ATTACKS = (
    "![x](file://{file})",
    "![x]({file})",
    "<img src='file://{file}'>",
    "<img src={file}>",
    "<style>@import url('file://{file}')</style>",
    "<object data='{file}'></object>",
    "[a](file://{file})",
    "![x](http://127.0.0.1:{port}/a.png)",
    "<img src='http://127.0.0.1:{port}/b.png'>",
    "<link rel=stylesheet href='http://127.0.0.1:{port}/c.css'>",
    "![x](//127.0.0.1:{port}/d.png)",
    "![x](\\\\127.0.0.1@{port}\\x)",
)


def test_T2_T3_no_file_and_no_socket_is_opened(tmp_path: Path, theme: Theme) -> None:
    picture = tmp_path / "canary.png"
    picture.write_bytes(PICTURE)
    with socket.create_server(("127.0.0.1", 0)) as server, opens_counted(tmp_path) as opens:
        server.settimeout(0.2)
        attack = "\n\n".join(ATTACKS).format(file=picture, port=server.getsockname()[1])
        view = Prose(theme, "text")
        view.show_markdown(attack)
        shown(view, 600, 500)
        view.show_plain(attack)
        label = words(theme, attack)
        label.setToolTip("")
        shown(label, 600, 300)
        view.setSource(picture.as_uri())
        rest(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert opens == []


def test_the_count_of_opens_would_see_one(tmp_path: Path, theme: Theme) -> None:
    picture = tmp_path / "canary.png"
    picture.write_bytes(PICTURE)
    document = QTextDocument()
    with opens_counted(tmp_path) as opens:
        document.setHtml(f"<img src='{picture}'>")
        document.size()
    assert "canary.png" in opens


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/hostname",
        "data:text/html,x",
        "vbscript:x",
        "https://example.com/a",
    ],
)
def test_T4_an_address_is_text_and_a_click_does_nothing(address: str, theme: Theme) -> None:
    view = Prose(theme, "text")
    met: list[object] = []
    view.opened.connect(met.append)
    view.show_markdown(f"[click me]({address})")
    shown(view, 600, 100)
    assert address in view.toPlainText()
    for x in range(2, 300, 12):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert met == []
    assert view.source().isEmpty()
    assert "click me" in view.toPlainText()


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 20_000,
        "<div>\n" * 20_000,
        "> " * 20_000 + "deep",
        "\n".join("  " * depth + "- item" for depth in range(800)),
        "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n|" + "b|" * 5_000 + "\n",
        ("|" + "a|" * 400 + "\n|" + "-|" * 400 + "\n") + ("|" + "b|" * 400 + "\n") * 60,
        "*a **b " * 8_000,
        "*a _b\n" * 10_000,
        "[" * 50_000,
        "[a](" * 12_000,
        "`" * 1_000 + "\n" + "`a``b" * 10_000,
        "x" * 5_000_000,
        "a/b" * 100_000,
        ("word " * 300 + "\n") * 400,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_T5_text_made_to_stall_is_shown_in_time(text: str, theme: Theme) -> None:
    assert seconds_to_show(text, theme) <= 0.3


def test_what_is_cut_is_said(theme: Theme, document: QTextDocument) -> None:
    written = write(document, "y" * 3_000 + "\n\n|" + "a|" * 40 + "\n|" + "-|" * 40 + "\n", theme)
    assert len(written.notices) == 2
    assert max(len(line) for line in document.toPlainText().split("\n")) <= LINE_CAP + 1
