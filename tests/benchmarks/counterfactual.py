"""Takes the recorded reason out of a repository, asks again, and counts how often the label follows.

    python -m tests.benchmarks.counterfactual --repos FOLDER --questions counterfactual.jsonl --data FOLDER

A question's ``remove`` names what must go: the body of a commit's message, or lines of a file. All that
one repository's questions name is taken out of one copy of it: its history is written anew with those
messages cut to their subjects, and the lines are deleted in one more commit. The copy begins with the
index of the original, so that only what changed is embedded. Quoted is how many of the questions that
are GROUNDED on the original become PARTIAL or MISSING on the copy, and where the rest went.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import tempfile
import zlib
from collections import defaultdict
from pathlib import Path

from indexer.location import locate
from indexer.settings import Settings
from indexer.types import VerdictStatus
from tests.benchmarks.labels import MISSING, ask_all, knowledge_of


def without(source: Path, target: Path, lines: list[dict]) -> None:
    """Write a copy of ``source`` without what the questions' ``remove`` names."""
    removed = [each for line in lines for each in line["remove"]]
    messages = {each["commit"] for each in removed if "commit" in each}
    _git(source.parent, "clone", "--quiet", "--no-checkout", "--local", str(source), str(target))
    if messages:
        _git(target, "update-ref", "--no-deref", "HEAD", _cut_messages(source, target, messages))
    # A snapshot may lack blobs; nothing but the files that are cut is checked out.
    _git(target, "read-tree", "HEAD")
    spans: dict[str, set[int]] = defaultdict(set)
    for each in removed:
        if "path" in each:
            spans[each["path"]] |= set(range(each["start_line"], each["end_line"] + 1))
    for path, numbers in spans.items():
        _git(target, "checkout-index", "--force", "--", path)
        text = (target / path).read_bytes().split(b"\n")
        kept = [line for number, line in enumerate(text, 1) if number not in numbers]
        (target / path).write_bytes(b"\n".join(kept))
        _git(target, "add", "--", path)
    if spans:
        _git(target, "-c", "user.name=nobody", "-c", "user.email=", "commit", "--quiet", "-m", "Tidy up")


def _cut_messages(source: Path, target: Path, cut: set[str]) -> str:
    """Write the commits anew whose message, or whose ancestor's, is cut to its subject; return the last.

    As loose objects, one by one: git's own tools for this want every blob, and a snapshot may lack some.
    """
    order = _git(source, "rev-list", "--topo-order", "--reverse", "HEAD").split()
    stream = subprocess.run(
        ["git", "-C", str(source), "cat-file", "--batch"],
        input="\n".join(order).encode(), capture_output=True, check=True,
    ).stdout  # fmt: skip
    new: dict[bytes, bytes] = {}
    at = 0
    for oid in order:
        end = stream.index(b"\n", at)
        size = int(stream[at:end].split()[2])
        raw, at = stream[end + 1 : end + 1 + size], end + 2 + size
        head, _, message = raw.partition(b"\n\n")
        lines = [
            b"parent " + new.get(line[7:], line[7:]) if line.startswith(b"parent ") else line
            for line in head.split(b"\n")
        ]
        if oid in cut:
            message = message.split(b"\n", 1)[0] + b"\n"
        made = b"\n".join(lines) + b"\n\n" + message
        if made != raw:
            new[oid.encode()] = _write(target, made)
    return new.get(oid.encode(), oid.encode()).decode()


def _write(target: Path, commit: bytes) -> bytes:
    content = b"commit %d\0" % len(commit) + commit
    name = hashlib.sha1(content).hexdigest()
    file = target / ".git" / "objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(content, 1))
    return name.encode()


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    ).stdout


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--words", action="store_true")
    options = parser.parse_args()
    by_repo: dict[str, list[dict]] = defaultdict(list)
    for line in options.questions.open("rb"):
        asked = json.loads(line)
        by_repo[asked["repo"].rpartition("/")[2]].append(asked)
    flipped = grounded = 0
    for repo, lines in by_repo.items():
        source = options.repos / repo
        with knowledge_of(source, options.data, words=options.words) as knowledge:
            before = ask_all(knowledge, lines)
        with tempfile.TemporaryDirectory(prefix="lorebase-cut-") as folder:
            target = Path(folder) / repo
            without(source, target, lines)
            settings = Settings(data_dir=options.data)
            index = locate(target, settings).index_dir
            shutil.copytree(
                locate(source, settings).index_dir, index, ignore=shutil.ignore_patterns("overlay", "vectors")
            )
            try:
                with knowledge_of(target, options.data, words=options.words) as knowledge:
                    after = ask_all(knowledge, lines)
            finally:
                shutil.rmtree(index, ignore_errors=True)
        for first, then in zip(before, after, strict=True):
            if first.answer.verdict.status is not VerdictStatus.GROUNDED:
                continue
            grounded += 1
            if then.answer.verdict.status in MISSING:
                flipped += 1
            else:
                print(f"! {first.line['id']} {then.answer.verdict.status.value} {first.line['question']}")
        print(f"{repo}: {len(lines)} asked")
    print(f"grounded before {grounded}, missing after {flipped} = {flipped / max(grounded, 1):.2f}")


if __name__ == "__main__":
    main()
