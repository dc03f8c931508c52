import pytest

from indexer.errors import NotFoundError, UsageError
from indexer.types import AnchorState, ChunkKind, FoundBy, NoteDraft
from tests.asking import LEDGER, PAYMENT, TOKEN, Asking, build_shop, opened


@pytest.fixture
def shop(tmp_path, git_environment):
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data") as asking:
        yield asking


def about(shop: Asking, place, text="Ask finance first."):
    return shop.notes.add(NoteDraft("", text, place, "Ruth", "ruth@example.com"))


def test_a_note_is_pinned_to_a_file_a_line_a_range_or_a_symbol(shop: Asking):
    assert about(shop, "shop/ledger.py").anchor.start_line == 0
    assert about(shop, "shop/ledger.py:4").anchor.quote == "def post_entry(receipt):"
    assert about(shop, "shop/ledger.py:4-5").anchor.end_line == 5
    by_name = about(shop, "Payment.settle").anchor
    assert (by_name.path, by_name.symbol) == ("shop/payment.py", "Payment.settle")
    assert by_name.commit_id == shop.repository.head


def test_what_does_not_exist_cannot_be_pinned_to(shop: Asking):
    with pytest.raises(NotFoundError):
        about(shop, "shop/nothing.py:3")
    with pytest.raises(UsageError):
        about(shop, "shop/ledger.py:4000")
    with pytest.raises(UsageError):
        about(shop, "", text="  ")


def test_a_note_stays_current_where_its_lines_only_moved(shop: Asking):
    note = about(shop, "post_entry")
    shop.repository.commit("Move it down", {"shop/ledger.py": '"""Books."""\n\nSIDES = 2\n\n' + LEDGER})
    shop.index()
    moved = shop.notes.show(note.id)
    assert moved.state is AnchorState.CURRENT
    assert moved.anchor.start_line == note.anchor.start_line + 4


def test_a_note_follows_its_file_to_another_place(shop: Asking):
    note = about(shop, "post_entry")
    shop.repository.git("mv", "shop/ledger.py", "shop/books.py")
    shop.repository.commit("Rename")
    shop.index()
    moved = shop.notes.show(note.id)
    assert (moved.state, moved.anchor.path) == (AnchorState.CURRENT, "shop/books.py")


def test_a_note_goes_stale_when_its_lines_changed_and_keeps_what_they_were(shop: Asking):
    note = about(shop, "shop/payment.py:13-18")
    shop.repository.commit("Do not freeze", {"shop/payment.py": PAYMENT.replace("invoice.freeze()", "pass")})
    shop.index()
    stale = shop.notes.show(note.id)
    assert stale.state is AnchorState.STALE
    assert "invoice.freeze()" in stale.anchor.quote


def test_a_note_is_orphaned_when_its_file_is_gone(shop: Asking):
    note = about(shop, "shop/gift.py:1")
    shop.repository.git("rm", "-q", "shop/gift.py")
    shop.repository.commit("No more gifts")
    shop.index()
    assert [each.state for each in shop.notes.list()] == [AnchorState.ORPHANED]
    assert shop.notes.show(note.id).text == "Ask finance first."


def test_an_edit_changes_what_it_gives_and_keeps_the_rest(shop: Asking):
    note = about(shop, "post_entry")
    edited = shop.notes.edit(note.id, NoteDraft("", "Ask legal too."))
    assert (edited.text, edited.author, edited.anchor) == ("Ask legal too.", "Ruth", note.anchor)
    assert [each.text for each in shop.notes.versions(note.id)] == ["Ask finance first.", "Ask legal too."]


def test_notes_are_found_by_words_of_their_text_title_and_place(shop: Asking):
    first = about(shop, "post_entry", "Corrections need two signatures.")
    about(shop, "refund", "Never on Sundays.")
    hits = shop.notes.search("who gives the signature for a correction?", 5)
    assert [hit.note_id for hit in hits] == [first.id]
    assert (hits[0].kind, hits[0].path, hits[0].found_by) == (ChunkKind.NOTE, None, (FoundBy.NOTE,))
    assert [hit.note_id for hit in shop.notes.search("ledger entry", 5)] == [first.id]


def test_K1_a_secret_in_a_note_is_cut_out_before_it_is_stored(shop: Asking):
    note = about(shop, "", f"The token is {TOKEN}, do not lose it.")
    assert TOKEN not in note.text
    stored = b"".join(path.read_bytes() for path in shop.people.path.parent.rglob("*") if path.is_file())
    assert TOKEN.encode() not in stored


def test_a_hostile_note_is_kept_and_found_as_plain_text(shop: Asking):
    text = '<script>alert(1)</script> ![x](file:///etc/passwd)\n---\nid: "n0"\n---\n\x1b[31m'
    note = about(shop, "", text)
    assert shop.notes.show(note.id).text == text
