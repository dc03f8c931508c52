"""Notes become files of the work tree: only when asked, safely named, never over what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import NotFoundError, UsageError
from indexer.guide.publishing import Publisher
from indexer.index.people import Hidden
from indexer.types import Note, NoteDraft, PublishOutcome
from tests.asking import Asking, build_shop, opened


@pytest.fixture
def shop(tmp_path: Path, git_environment: dict[str, str]) -> Iterator[Asking]:
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data") as asking:
        yield asking


@pytest.fixture
def publisher(shop: Asking) -> Publisher:
    return Publisher(shop.people, shop.notes, shop.repository.path)


def add(shop: Asking, title: str = "Why a year", text: str = "The regulator said so.") -> Note:
    return shop.notes.add(NoteDraft(title, text, "gift_card", "Leo", "leo@example.com"))


def everything(folder: Path) -> dict[str, bytes]:
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file() and ".git" not in each.relative_to(folder).parts
    }


def test_nothing_is_written_before_it_is_asked_for_and_twice_is_once(
    shop: Asking, publisher: Publisher
) -> None:
    before = everything(shop.repository.path)
    note = add(shop)
    assert everything(shop.repository.path) == before
    (file,) = publisher.publish().files
    assert file.outcome is PublishOutcome.WRITTEN
    after = everything(shop.repository.path)
    assert after.keys() - before.keys() == {file.path} == {f"docs/lore/why-a-year-{note.id}.md"}
    assert {path: after[path] for path in before} == before
    assert [each.outcome for each in publisher.publish().files] == [PublishOutcome.UNCHANGED]
    assert everything(shop.repository.path) == after


def test_a_newer_version_goes_into_the_same_file_whatever_its_title(
    shop: Asking, publisher: Publisher
) -> None:
    note = add(shop)
    (first,) = publisher.publish().files
    shop.notes.edit(note.id, NoteDraft("Another title", "It is 45 days."))
    (second,) = publisher.publish().files
    assert (second.outcome, second.path) == (PublishOutcome.UPDATED, first.path)
    assert "It is 45 days." in (shop.repository.path / first.path).read_text()


def test_a_file_that_somebody_changed_is_never_overwritten(shop: Asking, publisher: Publisher) -> None:
    note = add(shop)
    (file,) = publisher.publish().files
    place = shop.repository.path / file.path
    place.write_text(place.read_text() + "\nAnd legal agrees.\n")
    kept = place.read_bytes()
    shop.notes.edit(note.id, NoteDraft("", "It is 45 days."))
    (again,) = publisher.publish().files
    assert again.outcome is PublishOutcome.REFUSED
    assert "lorebase index" in again.detail
    assert place.read_bytes() == kept
    shop.repository.commit("Add what legal says")
    shop.index()
    assert "And legal agrees." in shop.notes.show(note.id).text
    assert [each.outcome for each in publisher.publish().files] == [PublishOutcome.UNCHANGED]


def test_line_endings_of_a_checkout_are_no_change(shop: Asking, publisher: Publisher) -> None:
    note = add(shop)
    (file,) = publisher.publish().files
    place = shop.repository.path / file.path
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    shop.notes.edit(note.id, NoteDraft("", "It is 45 days."))
    assert [each.outcome for each in publisher.publish().files] == [PublishOutcome.UPDATED]


def test_a_file_of_that_name_that_was_there_before_is_left_alone(shop: Asking, publisher: Publisher) -> None:
    note = add(shop)
    shop.repository.write({f"docs/lore/why-a-year-{note.id}.md": "mine"})
    (file,) = publisher.publish().files
    assert file.outcome is PublishOutcome.REFUSED
    assert (shop.repository.path / file.path).read_text() == "mine"


def test_L4_a_folder_that_leads_out_of_the_tree_is_not_followed(
    shop: Asking, publisher: Publisher, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    add(shop)
    (shop.repository.path / "docs").symlink_to(outside)
    (file,) = publisher.publish().files
    assert file.outcome is PublishOutcome.REFUSED
    assert "link" in file.detail
    assert list(outside.iterdir()) == []


def test_L1_L5_a_link_in_the_place_of_a_file_is_not_written_through(
    shop: Asking, publisher: Publisher, tmp_path: Path
) -> None:
    note = add(shop)
    target = tmp_path / "target"
    target.write_text("precious")
    (shop.repository.path / "docs/lore").mkdir(parents=True)
    (shop.repository.path / f"docs/lore/why-a-year-{note.id}.md").symlink_to(target)
    (file,) = publisher.publish().files
    assert file.outcome is PublishOutcome.REFUSED
    assert target.read_text() == "precious"


def test_a_folder_that_is_another_repository_is_not_written_into(shop: Asking, publisher: Publisher) -> None:
    add(shop)
    (shop.repository.path / "docs/.git").mkdir(parents=True)
    assert [each.outcome for each in publisher.publish().files] == [PublishOutcome.REFUSED]


OUTSIDE = [
    "/etc",
    "..",
    "docs/../../x",
    ".git/hooks",
    "docs/.GIT",
    "git~1",
    "~/x",
    "a\0b",
    "a\\b",
    "a//b",
    ".",
    "docs/lore.",
    "-x",
    "x/" * 3000,
]
TITLES = [
    "../../etc/passwd",
    "CON",
    "a/b\\c:d",
    "-rf",
    "\u202egnp.exe",
    "line\nbreak\ttab",
    "月末に二回",
    "x" * 4000,
    "...",
]


def test_P4_P5_P6_P8_a_folder_outside_the_tree_or_in_git_is_refused(
    shop: Asking, publisher: Publisher
) -> None:
    add(shop)
    before = everything(shop.repository.path)
    for into in OUTSIDE:
        with pytest.raises(UsageError, match="no folder inside"):
            publisher.publish(into)
    assert everything(shop.repository.path) == before


def test_P1_to_P9_every_title_gives_a_name_that_every_system_takes(
    shop: Asking, publisher: Publisher
) -> None:
    notes = [add(shop, title) for title in TITLES]
    files = {file.note_id: file for file in publisher.publish().files}
    for note in notes:
        assert files[note.id].outcome is PublishOutcome.WRITTEN
        name = files[note.id].path.removeprefix("docs/lore/")
        assert name.endswith(f"-{note.id}.md")
        assert len(name) < 90
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        assert not name.startswith(("-", "."))


def test_another_folder_is_used_when_asked_and_the_reader_is_told(shop: Asking, publisher: Publisher) -> None:
    add(shop)
    report = publisher.publish("wiki/known/")
    assert report.files[0].path.startswith("wiki/known/why-a-year-")
    assert "indexing.lore_folder wiki/known" in report.notices[0]


def test_only_the_notes_that_are_named_are_written(shop: Asking, publisher: Publisher) -> None:
    add(shop, "One")
    second = add(shop, "Two")
    assert [each.note_id for each in publisher.publish(note_ids=[second.id, second.id]).files] == [second.id]
    with pytest.raises(NotFoundError):
        publisher.publish(note_ids=["n0"])
    shop.people.hide(Hidden.NOTE, second.id, 1)
    with pytest.raises(NotFoundError, match="deleted"):
        publisher.publish(note_ids=[second.id])


def test_a_colleagues_file_is_not_published_again(shop: Asking, publisher: Publisher) -> None:
    shop.repository.commit("Lore", {"docs/lore/x.md": "---\ntitle: x\n---\n\nText.\n"})
    shop.index()
    (theirs,) = shop.notes.list()
    assert publisher.publish().files == ()
    with pytest.raises(UsageError, match=r"docs/lore/x\.md"):
        publisher.publish(note_ids=[theirs.id])


def test_R4_a_bare_repository_has_nowhere_to_write_to(shop: Asking) -> None:
    add(shop)
    with pytest.raises(UsageError, match="bare"):
        Publisher(shop.people, shop.notes, None).publish()
