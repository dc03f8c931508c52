"""Derive questions whose truth is certain from histories and documents, to begin the training with.

    python assets/training/derive.py OUT.jsonl CLONE=owner/name ...

A commit whose body gives a reason in plain words answers why it was made; the same question about a commit
without a body, or whose body gives none, is answered by nobody, however well its subject matches: that is
what the reader must learn. Who asked for a commit, and what it gained, no message of these says. What
stands under a heading tells of it. The wording is poor; the written questions come after these.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from indexer.answer.blocks import Role
from indexer.answer.cues import CAUSAL, Cue, cue_of
from indexer.answer.sentences import sentences_of
from indexer.types import ChunkKind

VERBS = (
    "add use make fix remove allow drop move change rename avoid don't support enable disable update set"
    " return check ignore improve handle skip replace revert switch keep show hide bump pin require raise"
    " stop prevent limit cache store refactor deprecate split merge introduce run call convert ensure extend"
    " increase decrease reduce restrict simplify send try validate wrap extract delete include exclude force"
    " implement expose"
)
SUBJECT = re.compile(
    rf"^(?:\[[^\]]*\]\s*|[\w()/.-]+:\s*)?(?P<verb>{'|'.join(VERBS.split())})\b(?P<rest>.*)$", re.I
)
TICKET = re.compile(r"\s*\(?(?:re\.? )?\[?#?[A-Z]*-?\d{2,}\]?\)?\s*$|\s*\((?:re\.? )?#?[A-Z-]*\d+\)")
REASON = (
    "Why did {who} {verb}{rest}?",
    "why do {who} {verb}{rest}",
    "What was the reason to {verb}{rest}?",
    "What made {who} {verb}{rest}?",
    "For what reason did {who} {verb}{rest}?",
    "On what grounds did {who} {verb}{rest}?",
    "What went wrong that {who} had to {verb}{rest}?",
    "Do you know why {who} {verb}{rest}?",
    "Is there a reason to {verb}{rest}?",
)
PERSON = (
    "Who asked us to {verb}{rest}?",
    "Who decided to {verb}{rest}?",
    "Which customer wanted {who} to {verb}{rest}?",
    "How much did it gain in production to {verb}{rest}?",
    "Who signed off that {who} {verb}{rest}?",
)
HEADING = ("How does {h} work?", "What should I know about {h}?", "What is {h}?", "Tell me about {h}")
MOST = {"reason": 160, "bare": 90, "told": 40, "person": 50, "heading": 70}
"""Questions of each sort from one repository."""
DROPPED = 0.18
"""Share of a subject's words that a question leaves out, so that it does not match to the letter."""


@dataclass(frozen=True)
class Message:
    """A commit, its subject, and the sentences of its body that give a reason."""

    oid: str
    subject: str
    causes: tuple[str, ...]
    told: bool
    """Whether there is a body at all."""


def messages(clone: Path) -> list[Message]:
    """Return the commits whose wording is clear: a reason in plain words, or none at all."""
    log = subprocess.run(
        ["git", "-C", str(clone), "log", "--no-merges", "--format=%H%x00%B%x01"],
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8", "replace")
    out = []
    for record in log.split("\x01"):
        oid, _, text = record.strip().partition("\x00")
        sentences = sentences_of(ChunkKind.COMMIT, "", text.strip(), 1) if text.strip() else []
        if not sentences or len(text) > 4_000:
            continue
        subject = text.strip().split("\n")[0]
        body = [each.text for each in sentences if each.role is Role.BODY and len(each.text) > 25]
        causes = tuple(text for text in body if CAUSAL.search(text))
        plain = all(cue_of(text) is Cue.NONE for text in body)
        if causes or (plain and cue_of(subject, Role.SUBJECT) is not Cue.STRONG):
            out.append(Message(oid, subject, causes, bool(body)))
    return out


def asked(subject: str, forms: tuple[str, ...], rng: random.Random) -> str:
    """Return a question about what a subject line tells, or nothing."""
    match = SUBJECT.match(subject.strip())
    if match is None:
        return ""
    words = TICKET.sub("", match["rest"]).rstrip(".").split(" ")
    rest = " ".join(word for word in words if rng.random() > DROPPED or len(words) < 4)
    who = rng.choice(("we", "they", "the team", "the project", "we"))
    question = rng.choice(forms).format(who=who, verb=match["verb"].lower(), rest=rest)
    return question.replace("  ", " ") if len(rest) >= 8 else ""


def of_history(clone: Path, rng: random.Random) -> Iterator[dict]:
    """Yield questions about commits: answered by their body, or by nothing."""
    found = messages(clone)
    reasoned = [each for each in found if each.causes]
    bare = [each for each in found if not each.told]
    told = [each for each in found if each.told and not each.causes]
    for some, sort, forms in (
        (reasoned, "reason", REASON),
        (bare, "bare", REASON),
        (told, "told", REASON),
        (found, "person", PERSON),
    ):
        rng.shuffle(some)
        questions = ((each, asked(each.subject, forms, rng)) for each in some)
        kept = [(each, question) for each, question in questions if question][: MOST[sort]]
        for each, question in kept:
            gold = [{"commit": each.oid, "quote": cause} for cause in each.causes[:2]]
            yield {"question": question, "gold": gold if sort == "reason" else []}


def of_documents(clone: Path, rng: random.Random) -> Iterator[dict]:
    """Yield questions about headings, those that are questions themselves first."""
    listed = subprocess.run(
        ["git", "-C", str(clone), "ls-files", "*.md", "*.rst", "*.adoc", "*.txt"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    heads = []
    for path in filter(None, listed):
        text = (clone / path).read_text("utf-8", "replace")
        before = ""
        for each in sentences_of(ChunkKind.DOC, "", text[:400_000], 1):
            if each.role is not Role.TITLE and each.heading not in ("", before) and len(each.text) > 40:
                before = each.heading
                heads.append((path, each.heading, each.text))
    rng.shuffle(heads)
    heads.sort(key=lambda head: not head[1].endswith("?"))
    for path, heading, text in [each for each in heads if 8 < len(each[1]) < 90][: MOST["heading"]]:
        asks = heading.endswith("?")
        question = heading if asks else rng.choice(HEADING).format(h=heading.lower())
        yield {"question": question, "gold": [{"path": path, "quote": text}]}


def main() -> None:
    """Write the questions of all clones."""
    rng = random.Random(7)
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        for clone in sys.argv[2:]:
            folder, _, name = clone.partition("=")
            for number, each in enumerate((*of_history(Path(folder), rng), *of_documents(Path(folder), rng))):
                expected = "grounded" if each["gold"] else "missing"
                line = {"id": f"{name}-{number}", "repo": name, "expected": expected, **each}
                out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
