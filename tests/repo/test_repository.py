from __future__ import annotations

import hashlib
import os
import zlib

import pytest

from indexer.errors import ObjectProblemError
from indexer.repo.objects import object_id
from indexer.repo.trees import is_safe_path
from tests.repo.test_overlay import make_evil, use_everything

SUBMODULE = 0o160000
LINK = 0o120000


def paths(entries) -> list[str]:
    return [each.path for each in entries]


def skipped(tree) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in tree.skipped]


def test_the_tree_lists_files_with_id_mode_and_size(bench, small_repository):
    small_repository.write({"run.sh": "#!/bin/sh\n"})
    (small_repository.path / "run.sh").chmod(0o755)
    (small_repository.path / "link").symlink_to("README.md")
    small_repository.commit("Add kinds")
    repository = bench.open(small_repository)
    entries = {each.path: each for each in repository.tree(small_repository.head)}
    assert list(entries) == ["README.md", "link", "run.sh", "src/greet.py"]
    assert [entries[name].mode for name in ("README.md", "link", "run.sh")] == [0o100644, LINK, 0o100755]
    assert entries["run.sh"].size == 10
    assert repository.blob(entries["link"].oid).data == b"README.md"


def test_blobs_come_in_the_order_asked_for_and_say_what_is_wrong(bench, small_repository):
    repository = bench.open(small_repository)
    small, large, empty = (small_repository.blob(each) for each in (b"small", b"x" * 2000, b""))
    tree = small_repository.git("rev-parse", "HEAD^{tree}")
    missing = "a" * 40
    found = list(repository.blobs([large, missing, small, tree, empty, small], 1000))
    assert [each.oid for each in found] == [large, missing, small, tree, empty, small]
    assert [each.data for each in found] == [None, None, b"small", None, b"", b"small"]
    assert [each.problem for each in found] == [
        "too large",
        f"object {missing} is missing",
        "",
        f"object {tree} is a tree, not a file",
        "",
        "",
    ]
    assert found[0].size == 2000
    assert list(repository.blobs([], 1000)) == []


def test_a_blob_of_many_megabytes_is_read_whole(bench, small_repository):
    data = os.urandom(1 << 20) * 5
    oid = small_repository.blob(data)
    repository = bench.open(small_repository)
    assert repository.blob(oid).data == data
    assert [each.data for each in repository.blobs([oid, oid], 10_000_000)] == [data, data]


def test_a_reader_that_stops_half_way_leaves_nothing_running(bench, small_repository):
    oids = [small_repository.blob(f"{number}".encode() * 50_000) for number in range(20)]
    repository = bench.open(small_repository)
    blobs = repository.blobs(oids, 10_000_000)
    assert next(blobs).data is not None
    blobs.close()  # no_git_is_left_behind looks


def test_R1_a_submodule_is_listed_and_never_entered(bench, small_repository, canary):
    command = canary("submodule")
    modules = (
        f'[submodule "part\r"]\n\tpath = "part\r"\n\turl = {small_repository.path}\n\tupdate = !{command}\n'
    )
    outer = bench.make("outer")
    tree = outer.raw_tree(
        [
            (0o100644, b".gitmodules", outer.blob(modules.encode())),
            (SUBMODULE, b"part", small_repository.head),
            (SUBMODULE, b"part\r", small_repository.head),
        ]
    )
    outer.point_head_at(outer.raw_commit(b"Add parts", tree=tree))
    (outer.path / "part").mkdir()
    (outer.path / "part" / "secret").write_text("not ours")
    repository = bench.open(outer)
    entries = {each.path: each for each in repository.tree(outer.head)}
    assert repository.facts().submodules == ("part", "part\r")
    assert entries["part"].size is None
    assert "part/secret" not in paths(repository.working_copy(entries).changed)
    assert not list((outer.git_dir).glob("modules/*"))


def test_R2_an_lfs_pointer_is_given_as_it_stands_and_a_filter_is_told(bench, small_repository):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"
    small_repository.commit("Add data", {"data.bin": pointer, ".gitattributes": "*.bin filter=lfs -text\n"})
    repository = bench.open(small_repository)
    head = small_repository.head
    entry = next(each for each in repository.tree(head) if each.path == "data.bin")
    assert repository.blob(entry.oid).data == pointer.encode()
    assert repository.attributes(head, ["data.bin", "README.md"]) == {
        "data.bin": {"filter": "lfs", "text": "unset"}
    }


def test_linguist_attributes_are_read_from_every_folder_of_the_commit(bench, small_repository):
    small_repository.commit(
        "Mark files",
        {
            ".gitattributes": "gen/** linguist-generated=true\n*.x linguist-language=Java\n",
            "gen/.gitattributes": "own.py -linguist-generated\n",
            "gen/a.py": "a",
            "gen/own.py": "b",
            "b.x": "c",
        },
    )
    repository = bench.open(small_repository)
    (small_repository.path / ".gitattributes").write_text("* linguist-vendored\n")  # not committed
    asked = ["gen/a.py", "gen/own.py", "b.x", "README.md"]
    assert repository.attributes(small_repository.head, asked) == {
        "gen/a.py": {"linguist-generated": "true"},
        "gen/own.py": {"linguist-generated": "unset"},
        "b.x": {"linguist-language": "Java"},
    }


def test_attributes_that_a_macro_sets_are_read_too(bench, small_repository):
    rules = "[attr]ours linguist-generated\n*.py ours\n*.md binary\n"
    small_repository.commit("Mark files", {".gitattributes": rules})
    found = bench.open(small_repository).attributes(small_repository.head, ["src/greet.py", "README.md"])
    assert found == {
        "src/greet.py": {"linguist-generated": "set"},
        "README.md": {"binary": "set", "text": "unset", "diff": "unset"},
    }


def test_attributes_that_the_repository_keeps_to_itself_count_too(bench, small_repository):
    info = small_repository.git_dir / "info"
    info.mkdir(exist_ok=True)
    (info / "attributes").write_text("*.py linguist-vendored\n")
    repository = bench.open(small_repository)
    found = repository.attributes(small_repository.head, ["src/greet.py"])
    assert found == {"src/greet.py": {"linguist-vendored": "set"}}


def test_R4_a_bare_repository_is_read_and_has_no_working_copy(bench, small_repository):
    bare = bench.clone(small_repository, "bare.git", "--bare")
    repository = bench.open(bare)
    entries = {each.path: each for each in repository.tree(repository.refresh())}
    assert use_everything(repository) == ["README.md", "src/greet.py"]
    assert repository.working_copy(entries).deleted == ()
    assert repository.working_bytes("README.md") is None
    assert repository.facts().work_tree is None


def test_R5_each_linked_worktree_has_its_own_head_and_files(bench, small_repository):
    linked = bench.folder / "linked"
    small_repository.git("worktree", "add", "--quiet", str(linked), "other")
    (linked / "README.md").write_text("changed here\n")
    beside, main = bench.open(linked), bench.open(small_repository)
    assert (beside.facts().branch, main.facts().branch) == ("other", "main")
    assert beside.refresh() == small_repository.git("rev-parse", "other")
    here = {each.path: each for each in beside.tree(beside.refresh())}
    there = {each.path: each for each in main.tree(main.refresh())}
    assert paths(beside.working_copy(here).changed) == ["README.md"]
    assert main.working_copy(there).changed == ()


def test_R6_an_unborn_head_has_no_commit_and_its_files_can_be_read(bench):
    made = bench.make()
    made.write({"a.py": "one\n"})
    repository = bench.open(made)
    facts = repository.facts()
    assert (repository.refresh(), facts.unborn, facts.branch) == (None, True, "main")
    assert [(each.path, each.data) for each in repository.working_copy({}).changed] == [("a.py", b"one\n")]


def test_R6_an_empty_bare_repository_is_unborn_too(bench):
    facts = bench.open(bench.make("empty.git", "--bare")).facts()
    assert (facts.unborn, facts.head, facts.notices) == (True, None, ())


def test_R6_a_branch_without_commits_beside_others_is_unborn(bench, small_repository):
    small_repository.git("checkout", "--quiet", "--orphan", "fresh")
    facts = bench.open(small_repository).facts()
    assert (facts.unborn, facts.branch) == (True, "fresh")


def test_R7_a_detached_head_has_a_commit_and_no_branch(bench, small_repository):
    small_repository.git("checkout", "--quiet", "--detach", "HEAD~1")
    facts = bench.open(small_repository).facts()
    assert (facts.head, facts.branch, facts.unborn) == (small_repository.head, None, False)


@pytest.mark.parametrize("how", ["garbage", "empty", "cut", "other content", "gone"])
def test_R8_a_damaged_object_is_named_and_all_others_are_read(bench, how):
    made = bench.make()
    made.commit("Begin", {f"{number}.txt": f"text {number}\n" * 100 for number in range(5)})
    entries = bench.open(made).tree(made.head)
    broken = entries[2].oid
    file = made.object_file(broken)
    file.chmod(0o644)
    whole = file.read_bytes()
    other = zlib.compress(b"blob 5\0other")
    content = {"garbage": b"garbage", "empty": b"", "cut": whole[: len(whole) // 2], "other content": other}
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(content[how])
    repository = bench.open(made)
    found = list(repository.blobs([each.oid for each in entries], 1_000_000))
    problem = found[2].problem
    assert [each.problem for each in found] == ["", "", problem, "", ""]
    assert problem in (f"object {broken} is damaged", f"object {broken} is missing")
    assert repository.blob(broken).problem == problem
    assert repository.blob(entries[0].oid).data == b"text 0\n" * 100


def test_R8_a_folder_that_is_gone_is_named_and_the_other_files_are_listed(bench, small_repository):
    lost = small_repository.git("rev-parse", "HEAD:src")
    small_repository.object_file(lost).unlink()
    tree = bench.open(small_repository).read_tree(small_repository.head)
    assert [(each.path, each.size) for each in tree.entries] == [("README.md", 24)]
    assert skipped(tree) == [("src", f"object {lost} is missing")]


def test_R8_a_commit_without_its_root_folder_is_a_named_error(bench, small_repository):
    root = small_repository.git("rev-parse", "HEAD^{tree}")
    small_repository.object_file(root).unlink()
    repository = bench.open(small_repository)
    with pytest.raises(ObjectProblemError, match="missing"):
        repository.tree(small_repository.head)
    assert any("missing" in each for each in repository.facts().notices)


def test_R9_objects_lost_with_half_a_pack_are_named_and_the_rest_is_read(bench, small_repository):
    random = {f"{number}.bin": os.urandom(2000) for number in range(20)}
    small_repository.commit("Add much", random)
    entries = bench.open(small_repository).tree(small_repository.head)
    small_repository.git("repack", "-a", "-d", "--quiet")
    late = small_repository.blob(b"written after the repack")
    pack = next((small_repository.git_dir / "objects/pack").glob("*.pack"))
    pack.chmod(0o644)
    with pack.open("r+b") as file:
        file.truncate(pack.stat().st_size // 2)
    repository = bench.open(small_repository)
    found = {each.oid: each for each in repository.blobs([*(each.oid for each in entries), late], 10_000)}
    assert len(found) == len(entries) + 1
    assert found[late].data == b"written after the repack"
    assert any(each.problem for each in found.values())
    assert all(each.oid in each.problem for each in found.values() if each.problem)
    good = [each for each in found.values() if each.data is not None]
    assert all(object_id("blob", each.data, "sha1") == each.oid for each in good)


def test_R10_missing_blob_of_a_partial_clone_is_named_and_nothing_runs(bench, small_repository, canary):
    partial = bench.clone(small_repository, "partial", "--filter=blob:none", "--no-checkout")
    make_evil(partial, canary)
    repository = bench.open(partial)
    head = repository.refresh()
    entries = {each.path: each for each in repository.tree(head)}
    assert sorted(entries) == ["README.md", "src/greet.py"]
    assert {each.size for each in entries.values()} == {None}
    oid = entries["README.md"].oid
    assert repository.blob(oid).problem == f"object {oid} is missing"
    assert len(list(repository.commits(head))) == 3
    assert all(each.changes for each in repository.commits(head))
    with pytest.raises(ObjectProblemError):
        repository.blame(head, "src/greet.py")
    facts = repository.facts()
    assert facts.partial
    assert facts.notices == ("Partial clone: content that was never fetched is listed, not searchable.",)


def test_R10_a_treeless_clone_names_the_folder_that_is_not_there(bench, small_repository, canary):
    treeless = bench.clone(small_repository, "treeless", "--filter=tree:0", "--no-checkout")
    make_evil(treeless, canary)
    with pytest.raises(ObjectProblemError, match="missing"):
        bench.open(treeless).tree(treeless.head)


def test_R19_a_bare_repository_buried_in_the_files_is_only_files(bench, small_repository, canary):
    command = canary("buried")
    config = (
        f"[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = {command}\n\tworktree = .\n"
    )
    buried = {"HEAD": "ref: refs/heads/main\n", "config": config, "objects/x": "x\n", "refs/heads/x": "x\n"}
    small_repository.commit("Bury", {f"evil/{name}": text for name, text in buried.items()})
    repository = bench.open(small_repository)
    assert "evil/config" in use_everything(repository)


def test_R21_our_own_repository_has_no_foreign_owner(bench, small_repository):
    assert bench.open(small_repository).facts().owner == ""


def test_R22_5000_submodules_are_listed_quickly(bench):
    made = bench.make()
    commit = made.commit("Begin", {"a": "b"})
    names = [b"part%04d" % number for number in range(5000)]
    tree = made.raw_tree([(SUBMODULE, name, commit) for name in names])
    made.point_head_at(made.raw_commit(b"Add parts", tree=tree))
    repository = bench.open(made)
    assert len(repository.facts().submodules) == 5000
    entries = {each.path: each for each in repository.tree(made.head)}
    assert repository.working_copy(entries).deleted == ()


# ------------------------------------------------------------------------------------ paths


@pytest.mark.parametrize(
    "name",
    [b"new\nline", b"tab\there", b'quo"te', b"'", b"back\\slash", b"$(touch x)", b"a b", b"\x01\x1b[31m"],
)
def test_P1_a_name_with_newline_tab_or_quote_goes_through_everything(bench, name):
    _goes_through_everything(bench, name)


@pytest.mark.parametrize("name", [b"caf\xe9", b"\xff\xfe", "日本".encode("shift_jis"), b"a/\xff/b"])
def test_P2_a_name_that_is_no_utf8_goes_through_everything(bench, name):
    _goes_through_everything(bench, name)


@pytest.mark.parametrize("name", [b"-rf", b"--output=x", b":(glob)**", b":!a", b"*", b"[a]", b"HEAD", b"^x"])
def test_P4_a_name_that_looks_like_an_option_or_a_pathspec_is_only_a_name(bench, name):
    _goes_through_everything(bench, name)


@pytest.mark.parametrize("name", [b"CON", b"aux.txt", b"dot.", b"space ", b"a:b", b"x" * 255])
def test_P8_a_name_that_windows_reserves_is_only_a_name(bench, name):
    _goes_through_everything(bench, name)


def test_P9_a_name_with_a_direction_override_is_only_a_name(bench):
    _goes_through_everything(bench, "gpj.\u202eexe".encode())


def _goes_through_everything(bench, name: bytes) -> None:
    """See one odd name in the tree, the log, the attributes, a blame and the working copy."""
    made = bench.make()
    target = made.path / os.fsdecode(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    for text in (b"one\n", b"two\n"):
        target.write_bytes(text)
        made.commit("Write it", {".gitattributes": "* linguist-generated\n"})
    repository = bench.open(made)
    head, path = made.head, name.decode("utf-8", "surrogateescape")
    entries = {each.path: each for each in repository.tree(head)}
    assert path in entries
    assert [each.path for each in next(repository.commits(head)).changes] == [path]
    assert repository.attributes(head, [path])[path] == {"linguist-generated": "set"}
    assert repository.blame(head, path)[0].commit_id == head
    assert len(repository.line_history(head, path, 1, 1)) == 2
    assert repository.working_copy(entries).changed == ()
    assert repository.working_bytes(path) == b"two\n"
    target.write_bytes(b"three\n")
    assert [(each.path, each.data) for each in repository.working_copy(entries).changed] == [
        (path, b"three\n")
    ]


def test_P3_a_nul_crafted_into_a_tree_spoils_its_folder_and_nothing_else(bench, small_repository):
    blob = small_repository.blob(b"x")
    odd = small_repository.raw_object("tree", b"100644 a\0b\0" + bytes.fromhex(blob))
    tree = small_repository.raw_tree([(0o100644, b"fine", blob), (0o040000, b"odd", odd)])
    small_repository.point_head_at(small_repository.raw_commit(b"Craft", tree=tree))
    found = bench.open(small_repository).read_tree(small_repository.head)
    assert "fine" in paths(found.entries)
    assert all(is_safe_path(each.path) for each in found.entries)
    assert any(each.path == "odd" and odd in each.reason for each in found.skipped)


UNSAFE = [b"..", b".", b".git", b".GIT", b"git~1", b"GIT~2", b".git ", b".git.", b".git::$INDEX_ALLOCATION"]


@pytest.mark.parametrize("name", [*UNSAFE, ".g\u200cit".encode()])
def test_P5_a_path_that_leads_out_or_into_git_is_listed_and_never_used(bench, name):
    made = bench.make()
    blob = made.blob(b"evil\n")
    inner = made.raw_tree([(0o100644, b"x", blob)])
    tree = made.raw_tree([(0o040000, name, inner), (0o100644, b"fine", blob)])
    made.point_head_at(made.raw_commit(b"Craft", tree=tree))
    repository = bench.open(made)
    found = repository.read_tree(made.head)
    assert paths(found.entries) == ["fine"]
    assert skipped(found) == [(name.decode() + "/x", "unsafe path")]
    assert repository.working_bytes(name.decode() + "/x") is None
    assert paths(repository.working_copy({each.path: each for each in found.entries}).changed) == []


@pytest.mark.parametrize("name", [b"/etc/passwd", b"a//b", b"../x", b"a/", b""])
def test_P5_a_name_that_holds_slashes_is_listed_and_never_used(bench, name):
    made = bench.make()
    tree = made.raw_tree([(0o100644, name, made.blob(b"evil\n"))])
    made.point_head_at(made.raw_commit(b"Craft", tree=tree))
    found = bench.open(made).read_tree(made.head)
    assert paths(found.entries) == []
    assert [each.reason for each in found.skipped] == ["unsafe path"]


@pytest.mark.parametrize(
    "path", ["a.git/x", "digit~1", "..a/b", "a..", ".gitignore", ".github/x", "git", "x.git"]
)
def test_P5_a_name_that_only_resembles_a_bad_one_is_fine(path):
    assert is_safe_path(path)


def test_P5_two_files_of_one_name_are_one_and_a_notice(bench):
    made = bench.make()
    tree = made.raw_tree([(0o100644, b"a", made.blob(b"1")), (0o100644, b"a", made.blob(b"2"))])
    made.point_head_at(made.raw_commit(b"Craft", tree=tree))
    found = bench.open(made).read_tree(made.head)
    assert paths(found.entries) == ["a"]
    assert skipped(found) == [("a", "a second file with the same path")]


def test_P6_a_path_of_4096_bytes_is_listed_and_a_longer_one_is_not_used(bench):
    made = bench.make()
    deep = made.raw_tree([(0o100644, b"f" * 239, made.blob(b"deep\n"))])
    for _ in range(15):
        deep = made.raw_tree([(0o040000, b"d" * 256, deep)])
    longer = made.raw_tree([(0o040000, b"d" * 256, deep)])
    tree = made.raw_tree([(0o040000, b"l", longer), (0o040000, b"s", deep)])
    made.point_head_at(made.raw_commit(b"Craft", tree=tree))
    repository = bench.open(made)
    found = repository.read_tree(made.head)
    assert [len(each.path) for each in found.entries] == [4096]
    assert [each.reason for each in found.skipped] == ["unsafe path"]
    assert len(next(repository.commits(made.head)).changes) == 2


def test_P7_names_that_differ_in_case_or_form_alone_stay_apart(bench):
    made = bench.make()
    names = ["Readme", "README", "caf\u00e9", "cafe\u0301"]
    made.commit("Twins", {name: name for name in names})
    repository = bench.open(made)
    entries = {each.path: each for each in repository.tree(made.head)}
    assert set(entries) == set(names)
    assert [repository.blob(entries[name].oid).data for name in names] == [name.encode() for name in names]
    assert repository.working_copy(entries).changed == ()


def test_a_tree_nested_in_itself_can_not_be_made_but_a_deep_one_ends(bench):
    made = bench.make()
    deep = made.raw_tree([(0o100644, b"f", made.blob(b"x"))])
    for _ in range(2100):
        data = b"40000 d\0" + bytes.fromhex(deep)
        deep = hashlib.sha1(b"tree %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        file = made.object_file(deep)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(zlib.compress(b"tree %d\0" % len(data) + data))
    made.point_head_at(made.raw_commit(b"Craft", tree=deep))
    found = bench.open(made).read_tree(made.head)
    assert (len(found.entries), [each.reason for each in found.skipped]) in [(0, ["unsafe path"]), (1, [])]


def test_one_file_of_an_older_commit_is_found_without_listing_the_others(bench):
    made = bench.make()
    first = made.commit("Begin", {"shop/inner/till.py": "a = 1\n", "till.py": "b = 1\n"})
    made.commit("Go on", {"shop/inner/till.py": "a = 2\n"})
    repository = bench.open(made)
    found = repository.find_file(first, "shop/inner/till.py")
    assert repository.blob(found).data == b"a = 1\n"
    assert repository.blob(repository.find_file(first, "till.py")).data == b"b = 1\n"
    assert [repository.find_file(first, each) for each in ("shop/till.py", "shop", "no/till.py")] == [
        None
    ] * 3
