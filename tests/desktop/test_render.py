"""Paper and pictures: painted by a child that loads nothing, needs no display and ends in time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop.vector import scrubbed
from indexer.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">%s</svg>'


def render(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "desktop.render", *arguments],
        input=given, capture_output=True, cwd=ROOT, timeout=60, env={"PATH": "/usr/bin:/bin"}, check=False,
    )  # fmt: skip


def test_markdown_becomes_numbered_pages_without_a_display(tmp_path: Path) -> None:
    text = "# Why\n\n" + "\n\n".join(f"Paragraph {i} of a long answer, with `code`." for i in range(80))
    out = tmp_path / "answer.pdf"
    done = render("pdf", "--title", "Why", "--out", str(out), given=text.encode())
    assert done.returncode == 0, done.stderr
    data = out.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert data.count(b"/Type /Page\n") >= 2
    assert b"Inter" in data, "our own type is in the file"


def test_a_picture_that_html_names_is_never_opened(tmp_path: Path) -> None:
    named = tmp_path / "secret.png"
    picture = QImage(600, 600, QImage.Format.Format_RGB32)
    picture.fill(0x3366CC)
    picture.save(str(named))
    html = f'<p>Text</p><img src="{named}"><img src="file://{named}"><link rel="stylesheet" href="{named}">'
    done = render("pdf", "--from", "html", given=html.encode())
    assert done.returncode == 0, done.stderr
    with_picture = len(done.stdout)
    without = len(render("pdf", "--from", "html", given=b"<p>Text</p>").stdout)
    assert b"/Width 600" not in done.stdout
    assert with_picture < without + 4_000


def test_a_drawing_becomes_a_picture_of_the_width_that_was_asked_for(tmp_path: Path) -> None:
    body = b'<rect width="40" height="20" fill="#ff0000"/>'
    done = render("png", "--width", "200", given=DRAWING % body)
    assert done.returncode == 0, done.stderr
    image = QImage.fromData(done.stdout)
    assert (image.width(), image.height()) == (200, 100)
    assert image.pixelColor(100, 50).name() == "#ff0000"


@pytest.mark.parametrize(
    "body",
    [
        b'<image href="file:///etc/passwd" width="9" height="9"/>',
        b'<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="/etc/passwd" width="9" height="9"/>',
        b'<use href="other.svg#a"/>',
        b"<style>@import url(http://example.com/a.css);</style>",
        b'<rect fill="url(http://example.com/a.svg#g)" width="9" height="9"/>',
        b'<g onload="alert(1)"><script>alert(1)</script></g>',
        b'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    ],
)
def test_what_a_drawing_refers_to_is_taken_out(body: bytes) -> None:
    left = scrubbed(DRAWING % body)
    for word in (b"passwd", b"example.com", b"other.svg", b"alert", b"xhtml"):
        assert word not in left


def test_a_drawing_with_entities_is_refused() -> None:
    with pytest.raises(UsageError):
        scrubbed(b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + DRAWING % b"<text>&a;</text>")


def test_what_is_no_drawing_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "x.png"
    done = render("png", "--out", str(out), given=b"<html/>")
    assert done.returncode == 2
    assert b"SVG" in done.stderr
    assert not out.exists()


def test_work_that_does_not_end_in_time_is_ended() -> None:
    html = "<table>" + "<tr><td><table><tr><td>x</td></tr></table></td></tr>" * 40_000 + "</table>"
    done = render("pdf", "--from", "html", "--seconds", "0.6", given=html.encode())
    assert done.returncode == 1
    assert b"Timeout" in done.stderr
    assert not done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files is POSIX's")
def test_a_disk_that_is_full_keeps_what_was_there_and_no_half(tmp_path: Path) -> None:
    out = tmp_path / "drawing.png"
    out.write_bytes(b"the one before")
    limited = (
        "import resource, runpy, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "sys.argv[0] = 'render'\n"
        "runpy.run_module('desktop.render', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "png", "--out", str(out)],
        input=DRAWING % b'<rect width="9" height="9"/>', capture_output=True, cwd=ROOT, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert out.read_bytes() == b"the one before"
    assert [each.name for each in tmp_path.iterdir()] == ["drawing.png"]
