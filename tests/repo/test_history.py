from __future__ import annotations

import shutil

import pytest

from indexer.errors import ObjectProblemError
from indexer.repo.log import MAX_BROKEN


def log(bench, made, head=None):
    """The whole history of a repository, as read through an overlay."""
    return list(bench.open(made).commits(head or made.head))


def test_commits_come_newest_first_with_the_paths_they_changed(bench, small_repository):
    newest, second, first = log(bench, small_repository)
    assert (newest.message, second.message) == ("Shout", "Explain it\n\nBecause nobody knew.")
    assert newest.parents == (second.oid,)
    assert first.parents == ()
    assert (first.author, first.email, first.authored) == ("Ada Lovelace", "ada@example.com", 1_700_000_060)
    change = newest.changes[0]
    assert (change.status, change.path) == ("M", "src/greet.py")
    assert change.old_oid == first.changes[0].new_oid
    assert (first.changes[0].status, first.changes[0].old_oid) == ("A", "0" * 40)
    assert all(each.changes_known for each in (newest, second, first))


def test_only_what_is_new_since_a_commit_is_read(bench, small_repository):
    repository = bench.open(small_repository)
    head = small_repository.head
    base = list(repository.ancestry(head))[1]
    assert [each.message for each in repository.commits(head, [base, "f" * 40])] == ["Shout"]
    assert repository.count_between(base, head) == 1
    assert repository.count_between("f" * 40, head) == -1


def test_deletions_and_type_changes_are_told(bench):
    made = bench.make()
    made.commit("Begin", {"a": "1\n", "b": "2\n"})
    (made.path / "a").unlink()
    (made.path / "b").unlink()
    (made.path / "b").symlink_to("a")
    made.commit("Change")
    assert [(each.status, each.path) for each in log(bench, made)[0].changes] == [("D", "a"), ("T", "b")]


def test_R11_after_a_force_push_the_old_commits_are_no_longer_in_the_ancestry(bench, small_repository):
    repository = bench.open(small_repository)
    old = repository.refresh()
    small_repository.git("reset", "--quiet", "--hard", "HEAD~2")
    small_repository.commit("Another way", {"x": "y"})
    new = repository.refresh()
    assert new == small_repository.head
    assert old not in list(repository.ancestry(new))
    assert repository.count_between(old, new) == 1
    assert [each.message for each in repository.commits(new, [old])] == ["Another way"]


def test_R12_a_commit_that_renames_10000_files_is_read_as_deletions_and_additions(bench):
    made = bench.make()
    blob = made.blob(b"same\n")
    for folder in ("old", "new"):
        listing = "".join(f"100644 blob {blob}\tfile{number}\n" for number in range(10_000))
        inner = made.git("mktree", given=listing.encode())
        tree = made.git("mktree", given=f"040000 tree {inner}\t{folder}\n".encode())
        parents = ["-p", made.git("rev-parse", "--verify", "HEAD")] if folder == "new" else []
        made.point_head_at(made.git("commit-tree", tree, *parents, "-m", folder))
    renamed = log(bench, made)[0]
    assert len(renamed.changes) == 20_000
    assert {each.status for each in renamed.changes} == {"A", "D"}


def test_R13_a_long_history_is_streamed_and_resumed_from_any_commit(bench):
    made = bench.make()
    made.git("fast-import", "--quiet", given=_long_history(5_000))
    repository = bench.open(made)
    head = repository.refresh()
    commits = repository.commits(head)
    first = [next(commits) for _ in range(10)]
    commits.close()  # the process is ended with it: no_git_is_left_behind looks
    assert first[0].message == "commit 4999"
    done = list(repository.ancestry(head))[2_500]
    assert len(list(repository.commits(head, [done]))) == 2_500


def _long_history(count: int) -> bytes:
    return "\n".join(
        f"commit refs/heads/main\ncommitter A <a@example.com> {1_600_000_000 + number} +0000\n"
        f"data <<X\ncommit {number}\nX\nM 100644 inline f{number % 10}\ndata <<X\n{number}\nX\n"
        for number in range(count)
    ).encode()


def test_R14_an_octopus_merge_keeps_its_66_parents(bench):
    made = bench.make()
    root = made.commit("Begin")
    tree = made.git("rev-parse", "HEAD^{tree}")
    parents = [made.git("commit-tree", tree, "-p", root, "-m", f"side {number}") for number in range(66)]
    made.point_head_at(made.raw_commit(b"Merge all", tree=tree, parents=parents))
    commits = log(bench, made)
    assert commits[0].parents == tuple(parents)
    assert len(commits) == 68


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"encoding ISO-8859-1\n", "Größe".encode("latin-1")),
        (b"", "Größe".encode("latin-1")),
        (b"", "Größe".encode()),
        (b"encoding shift_jis\n", "Größe".encode("latin-1")),
        (b"encoding no-such-thing\n", "Größe".encode()),
    ],
    ids=["latin-1 named", "latin-1 unnamed", "utf-8", "wrongly named", "unknown name"],
)
def test_R15_a_message_is_decoded_by_its_header_then_utf8_then_latin1(bench, header, message):
    made = bench.make()
    ident = "Jürgen <j@example.com> 1700000000 +0000".encode("latin-1" if b"\xf6" in message else "utf-8")
    made.point_head_at(made.raw_commit(message, author=ident, extra=header))
    found = log(bench, made)[0]
    if header == b"encoding shift_jis\n":
        assert found.message.startswith("Gr")
    else:
        assert (found.author, found.message) == ("Jürgen", "Größe")


def test_R15_a_japanese_message_is_read_in_its_encoding(bench):
    made = bench.make()
    made.point_head_at(made.raw_commit("変更".encode("shift_jis"), extra=b"encoding Shift_JIS\n"))
    assert log(bench, made)[0].message == "変更"


def test_R16_a_message_of_a_megabyte_is_read_whole(bench):
    made = bench.make()
    text = "\n\n".join(["    indented, :100644 100644 and\tmore"] * 28_000)
    made.point_head_at(made.raw_commit(text.encode()))
    assert log(bench, made)[0].message == text


def test_R16_a_nul_in_a_message_ends_it_as_in_git_itself_and_the_next_commit_is_whole(bench):
    made = bench.make()
    tree = made.git("mktree", given=f"100644 blob {made.blob(b'x')}\tfile\n".encode())
    first = made.raw_commit(b"first")
    odd = made.raw_commit(b"before\0commit " + b"a" * 40 + b"\0after", parents=[first], tree=tree)
    made.point_head_at(made.raw_commit(b"last", parents=[odd], tree=tree))
    assert [(each.message, len(each.changes)) for each in log(bench, made)] == [
        ("last", 0),
        ("before", 1),
        ("first", 0),
    ]


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (None, ("", "", 0)),
        (b" <> 1700000000 +0000", ("", "", 1_700_000_000)),
        (b"", ("", "", 0)),
        (b"Nobody", ("Nobody", "", 0)),
        (b"A <b <c> 12 +0000", ("A", "b <c", 12)),
        (b"A \xff\xfe <a@example.com> 12", ("A ÿþ", "a@example.com", 12)),
    ],
    ids=["none", "empty ident", "empty line", "name alone", "angles", "bytes"],
)
def test_R16_an_odd_author_is_read_as_far_as_it_goes(bench, author, expected):
    made = bench.make()
    made.point_head_at(made.raw_commit(b"odd", author=author))
    found = log(bench, made)[0]
    assert (found.author, found.email, found.authored) == expected


@pytest.mark.parametrize("message", [b"", b"\n\n\n", b"   \n", b"one line without newline", b"\nlater\n"])
def test_R16_an_empty_or_bare_message_is_read(bench, message):
    made = bench.make()
    tree = made.git("mktree", given=f"100644 blob {made.blob(b'x')}\tfile\n".encode())
    made.point_head_at(made.raw_commit(message, tree=tree))
    found = log(bench, made)[0]
    assert found.message.strip() == message.decode().strip()
    assert [each.path for each in found.changes] == ["file"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [(b"-86400", -86_400), (b"4070908800", 4_070_908_800), (b"99999999999999999999999", 2**62), (b"soon", 0)],
    ids=["1969", "2099", "overflow", "no number"],
)
def test_R17_dates_are_kept_as_recorded(bench, date, expected):
    made = bench.make()
    made.point_head_at(made.raw_commit(b"odd", author=b"A <a@example.com> " + date + b" +0000"))
    assert log(bench, made)[0].authored == expected


def test_R17_children_older_than_their_parents_still_come_first(bench):
    made = bench.make()
    for number in range(5):
        made.commit(f"commit {number}", date=2_000_000_000 - number * 1_000_000)
    assert [each.message for each in log(bench, made)] == [f"commit {number}" for number in range(4, -1, -1)]


def test_a_path_that_looks_like_a_commit_does_not_split_the_log(bench):
    made = bench.make()
    made.commit("Begin", {"commit " + "a" * 40: "x", ":100644 100644": "y"})
    made.commit("Go on", {"commit " + "a" * 40: "z"})
    assert [len(each.changes) for each in log(bench, made)] == [1, 2]


def test_R3_a_shallow_clone_knows_where_it_starts_and_does_not_blame_its_edge(bench, small_repository):
    shallow = bench.clone(small_repository, "shallow", "--depth=2")
    repository = bench.open(shallow)
    newest, edge = repository.commits(shallow.head)
    assert newest.changes_known
    assert (edge.changes, edge.changes_known) == ((), False)
    assert edge.parents == (small_repository.git("rev-parse", "HEAD~2"),)
    facts = repository.facts()
    assert facts.shallow
    assert facts.notices == ("history starts 2023-11-14 (shallow clone)",)


def test_R8_a_missing_commit_ends_history_there_and_the_rest_is_read(bench, small_repository):
    lost = small_repository.git("rev-parse", "HEAD~2")
    small_repository.object_file(lost).unlink()
    repository = bench.open(small_repository)
    found = [each.message for each in repository.commits(small_repository.head)]
    assert found == ["Shout", "Explain it\n\nBecause nobody knew."]
    assert [(each.path, each.reason) for each in repository.losses()] == [
        (f"commit {lost}", "missing; history ends above it")
    ]
    assert f"commit {lost}: missing; history ends above it" in repository.facts().notices


def test_R8_a_corrupt_commit_ends_history_there_and_the_rest_is_read(bench, small_repository):
    lost = small_repository.git("rev-parse", "HEAD~1")
    _overwrite(small_repository.object_file(lost), b"garbage")
    repository = bench.open(small_repository)
    assert list(repository.ancestry(small_repository.head)) == [small_repository.head]
    assert [each.message for each in repository.commits(small_repository.head)] == ["Shout"]
    assert [each.path for each in repository.losses()] == [f"commit {lost}"]


def test_R8_a_corrupt_folder_costs_the_names_of_its_commits_alone(bench, small_repository):
    for number in range(3):
        small_repository.commit(f"More {number}", {"other": f"{number}\n"})
    small_repository.object_file(small_repository.git("rev-parse", "HEAD~1^{tree}")).unlink()
    repository = bench.open(small_repository)
    known = [(each.message, each.changes_known) for each in repository.commits(small_repository.head)]
    assert [known[0], known[1]] == [("More 2", False), ("More 1", False)]
    assert all(flag for _, flag in known[2:])
    assert len(known) == 6
    assert [each.reason for each in repository.losses()] == ["2 commits come without the paths they changed"]


def test_R8_a_head_whose_commit_is_damaged_is_named_and_not_called_empty(bench, small_repository):
    head = small_repository.head
    _overwrite(small_repository.object_file(head), b"")
    repository = bench.open(small_repository)
    facts = repository.facts()
    assert repository.refresh() is None
    assert (facts.head, facts.unborn) == (None, False)
    assert head in facts.notices[0]
    with pytest.raises(ObjectProblemError, match=head):
        list(repository.commits(head))


def test_R10_a_treeless_clone_gives_messages_without_paths_and_says_so(bench, small_repository):
    for number in range(MAX_BROKEN * 2):
        small_repository.commit(f"More {number}", {f"file{number}": "x"})
    treeless = bench.clone(small_repository, "treeless", "--filter=tree:0", "--no-checkout")
    repository = bench.open(treeless)
    found = list(repository.commits(treeless.head))
    assert [each.reason for each in repository.losses()] == [
        f"{len(found)} commits come without the paths they changed"
    ]
    assert len(found) == 3 + MAX_BROKEN * 2
    assert not any(each.changes_known for each in found)
    assert found[-1].message == "Add a greeting"


def test_R9_history_behind_a_truncated_pack_is_cut_not_crashed(bench, small_repository):
    for number in range(30):
        small_repository.commit(f"More {number}", {f"file{number}": "x\n" * number})
    small_repository.git("repack", "-a", "-d", "--quiet")
    head = small_repository.commit("Last", {"last": "one"})
    pack = next((small_repository.git_dir / "objects/pack").glob("*.pack"))
    pack.chmod(0o644)
    with pack.open("r+b") as file:
        file.truncate(pack.stat().st_size // 2)
    repository = bench.open(small_repository)
    assert repository.refresh() == head
    found = list(repository.commits(head))
    assert found[0].message == "Last"
    problems = [each.problem for each in repository.blobs([small_repository.blob(b"new")], 100)]
    assert problems == [""]


def test_blame_names_the_last_commit_of_each_line(bench, small_repository):
    repository = bench.open(small_repository)
    head = small_repository.head
    first, second = repository.blame(head, "src/greet.py")
    assert (first.line, first.author, first.email) == (1, "Ada Lovelace", "ada@example.com")
    assert second.commit_id == head
    assert first.commit_id == small_repository.git("rev-parse", "HEAD~2")
    assert repository.line_history(head, "src/greet.py", 2, 2) == [second.commit_id, first.commit_id]
    assert repository.line_history(head, "src/greet.py", 1, 1) == [first.commit_id]


def test_blame_counts_lines_as_git_does_whatever_they_hold(bench):
    made = bench.make()
    made.commit("Begin", {"odd": b"a\r\nb\x0cc\x85\xe2\x80\xa8d\n\n\tauthor \nlast"})
    lines = bench.open(made).blame(made.head, "odd")
    assert [each.line for each in lines] == [1, 2, 3, 4, 5]
    assert {each.author for each in lines} == {"Ada Lovelace"}


def test_blame_of_a_path_that_is_not_there_is_a_named_error(bench, small_repository):
    with pytest.raises(ObjectProblemError, match="blame"):
        bench.open(small_repository).blame(small_repository.head, "--gone")


def test_tags_lead_to_commits_whatever_their_kind(bench, small_repository):
    small_repository.git("tag", "tree", "HEAD^{tree}")
    small_repository.git("pack-refs", "--all")
    repository = bench.open(small_repository)
    assert repository.tags() == {
        "v1": small_repository.git("rev-parse", "HEAD~1"),
        "v2": small_repository.head,
    }


def test_history_is_read_while_other_threads_read_blobs(bench, small_repository):
    from concurrent.futures import ThreadPoolExecutor

    for number in range(20):
        small_repository.commit(f"More {number}", {f"file{number}": f"{number}\n"})
    repository = bench.open(small_repository)
    head = repository.refresh()
    oids = [each.oid for each in repository.tree(head)]
    with ThreadPoolExecutor(6) as pool:
        logs = [pool.submit(lambda: len(list(repository.commits(head)))) for _ in range(4)]
        blobs = [pool.submit(repository.blob, oid) for oid in oids * 10]
        assert {each.result() for each in logs} == {23}
        assert {each.result().problem for each in blobs} == {""}


def _overwrite(file, data: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(data)


def test_R23_a_repository_that_is_replaced_by_another_is_read_anew(bench, small_repository):
    repository = bench.open(small_repository)
    shutil.rmtree(small_repository.path)
    again = bench.make("small")
    again.commit("Another life", {"a": "b"})
    assert [each.message for each in repository.commits(repository.refresh())] == ["Another life"]


def test_the_first_commit_that_wrote_a_text_is_found_in_time_or_not_at_all(bench, small_repository):
    small_repository.commit("Greet once", {"src/hello.py": "OLD_GREETING = 'ho'\n"})
    first = small_repository.commit("Greet by name", {"src/hello.py": "GREETING = 'hello'\n"})
    small_repository.commit("Speak of GREETING", {"README.md": "GREETING is what is said.\n"})
    head = small_repository.commit("Move it", {"src/hello.py": "# said\nGREETING = 'hello'\n"})
    repository = bench.open(small_repository)
    paths = ["src/hello.py", "README.md", "--gone"]
    assert repository.first_writing(head, "GREETING", paths, 20.0) == first
    assert repository.first_writing(head, "NOWHERE", paths, 20.0) is None
    assert repository.first_writing(head, "GREETING", ["*.md"], 20.0) is None, "no path is a pattern"
    assert repository.first_writing(head, "GREETING", paths, 1e-6) is None
    with pytest.raises(ObjectProblemError):
        repository.first_writing("0" * 40, "GREETING", paths, 20.0)
