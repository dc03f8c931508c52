"""From what a person calls a commit to its id, and how two commits are related.

Names go to git on its standard input and are resolved in the overlay, whose refs are ours: whatever
a name looks like, it is never an option, and never a path.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.errors import NotFoundError, UsageError
from indexer.repo.overlay import Overlay

LONGEST_NAME: Final = 300

_REFUSED: Final = re.compile(r"[\x00-\x20\x7f:?*\[\\]|\^\{|@\{|\.\.")
"""What no name of a commit holds, or what would have git search a history (``^{/text}``)."""

_ID: Final = re.compile(r"[0-9a-fA-F]{4,64}")


def resolve(overlay: Overlay, name: str) -> str:
    """Return the id of the commit that ``name`` means: a branch, a tag, an id's beginning, ``HEAD~2``.

    Raises UsageError for what cannot be a name, and NotFoundError when there is no such commit.
    """
    if not name or len(name) > LONGEST_NAME or _REFUSED.search(name):
        raise UsageError(
            f"{name[:80]!r} cannot be the name of a commit.", "Name a branch, a tag or a commit's id."
        )
    given = f"{name}^{{commit}}\n".encode("utf-8", "surrogateescape")
    answer = overlay.run("cat-file", "--batch-check", given=given).decode("utf-8", "replace").split(" ")
    if len(answer) == 3 and answer[1] == "commit" and overlay.is_oid(answer[0]):
        return answer[0]
    if answer[-1].strip() == "ambiguous":
        raise NotFoundError(f"Several commits begin with {name!r}.", "Give more of the id.")
    if overlay.source_shallow() and _ID.fullmatch(name):
        raise NotFoundError(
            f"There is no commit {name!r} here.",
            "This clone is shallow: older commits were never fetched. `git fetch --unshallow` brings them.",
        )
    raise NotFoundError(
        f"There is no commit {name!r} here.",
        "It may never have been fetched, or be gone since a branch was rewritten; `git fetch` brings what "
        "others have.",
    )


def merge_base(overlay: Overlay, one: str, other: str) -> str | None:
    """Return the newest commit that both come from, or None when they have no history in common."""
    with overlay.start("merge-base", overlay.require_oid(one), overlay.require_oid(other)) as process:
        output = process.read_all().decode("ascii", "replace").split("\n")[0]
        status = process.wait()
        if status not in (0, 1):
            raise overlay.failure(process, "merge-base")
    return output if status == 0 and overlay.is_oid(output) else None


def tags_holding(overlay: Overlay, commit: str, seconds: float) -> list[tuple[str, int]] | None:
    """Return the tags whose history holds a commit, the oldest first, each with when it was set; None where
    git has not found them in so many seconds.
    """
    output, whole = overlay.run_within(
        seconds, "for-each-ref", f"--contains={overlay.require_oid(commit)}", "--sort=creatordate",
        "--format=%(creatordate:unix) %(refname:strip=2)", "refs/tags",
    )  # fmt: skip
    if not whole:
        return None
    rows = (line.partition(" ") for line in output.decode("utf-8", "replace").split("\n"))
    return [(name, int(when) if when.isdecimal() else 0) for when, _, name in rows if name]
