"""What the MCP server offers: five read-only tools over one index, each a client of the engine.

Nothing here opens a store or a file of the repository, and nothing knows the protocol's library.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta

from indexer import protocol
from indexer.cli.terminal import progress_text
from indexer.client import Client
from indexer.errors import NotFoundError, NotReadyError, UsageError
from indexer.location import Location
from indexer.mcp_server import replies, text
from indexer.mcp_server.forms import AskReply, GapsReply, SearchReply, SourceReply, WhoReply
from indexer.mcp_server.replies import Fence
from indexer.pages import CommitName, SourcePage, SourceWanted, WhoWanted
from indexer.protocol import Event, Method
from indexer.settings import Settings
from indexer.types import ChunkKind, Query

LONGEST_QUESTION = 20_000
"""Characters; the engine reads the first 2,000 of a question."""

LONGEST_PATH = 4_096

GRACE_SECONDS = 2.0
"""How long a question waits for a repository that is being read: a small one is ready by then."""

LOOK_SECONDS = 0.1

A = TypeVar("A")
P = TypeVar("P")
R = TypeVar("R")

_COMMIT = re.compile(r"[0-9a-fA-F]{4,64}")
_WRITTEN_OUT = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U(000e00[0-7][0-9a-f])")
_DRIVE = re.compile(r"[A-Za-z]:")


# ---------------------------------------------------------------------------------- arguments


@dataclass(frozen=True, slots=True)
class AskArguments:
    """What `ask` is given."""

    question: Annotated[
        str,
        Meta(
            description="One question in plain words, best with the name of a function, file or term in it.",
            max_length=LONGEST_QUESTION,
        ),
    ]


@dataclass(frozen=True, slots=True)
class SearchArguments:
    """What `search` is given."""

    query: Annotated[
        str,
        Meta(
            description="Words, names or a sentence. Scopes narrow it: path:src lang:python sym:Session "
            "who:meyer since:2024-01",
            max_length=LONGEST_QUESTION,
        ),
    ]
    limit: Annotated[int, Meta(description="How many passages.", ge=1, le=30)] = 8
    kinds: Annotated[
        tuple[ChunkKind, ...], Meta(description="Only these kinds; none given means all.", max_length=4)
    ] = ()


@dataclass(frozen=True, slots=True)
class SourceArguments:
    """What `open_source` is given."""

    path: Annotated[
        str,
        Meta(
            description="From the repository's root, with slashes, as citations give it: src/app.py",
            max_length=LONGEST_PATH,
        ),
    ]
    start_line: Annotated[int, Meta(description="First line, counted from 1.", ge=1)] = 1
    end_line: (
        Annotated[int, Meta(description="Last line; without it as many as one reply holds (400).", ge=1)]
        | None
    ) = None
    commit_id: Annotated[
        str,
        Meta(description="The file as of this commit (hexadecimal); empty: as it is now.", max_length=64),
    ] = ""


@dataclass(frozen=True, slots=True)
class WhoArguments:
    """What `who_knows` is given."""

    about: Annotated[
        str,
        Meta(
            description="A path, path:line-line, a folder, the name of a definition, or a subject in words.",
            max_length=LONGEST_QUESTION,
        ),
    ]
    limit: Annotated[int, Meta(description="How many people.", ge=1, le=20)] = 5


@dataclass(frozen=True, slots=True)
class GapsArguments:
    """What `list_gaps` is given."""

    limit: Annotated[int, Meta(description="How many gaps.", ge=1, le=100)] = 20
    answered: Annotated[bool, Meta(description="Those that a note answers too.")] = False


DESCRIPTIONS = {
    "ask": "Answers a question about this repository from its code, documents, commit history and recorded "
    "notes: cited statements in the sections what, why and missing, with a verdict that says whether it is "
    "answered or recorded nowhere, and who may know. Use it for how, where, why, who, when, what breaks if "
    "it is changed, how to run or configure it.",
    "search": "Finds passages of code, documents, commit messages and notes of this repository by words and "
    "by meaning, best first, with their lines.",
    "open_source": "Shows lines of a file of this repository as they are now, or as of a commit. Secrets are "
    "cut out. Only files of this repository can be opened.",
    "who_knows": "Names the people who most likely know a file, lines, a folder, a definition or a subject "
    "of this repository, with the reason (named as owner, whose lines, how many commits and how recent, who "
    "seems to have left) and what it was counted over.",
    "list_gaps": "Lists the questions that people asked about this repository and that no record answers, "
    "the most asked first, each with who may know.",
}


@dataclass(frozen=True, slots=True)
class Offer(Generic[A, R]):
    """One tool: what it takes, what it gives, and how both are made."""

    name: str
    title: str
    takes: type[A]
    gives: type[R]
    reply: Callable[[A, Fence], R]
    text: Callable[[R], str]


# ------------------------------------------------------------------------------------- engine


class Tools:
    """The tools over one index. Each call has a connection of its own, so calls may overlap, and
    an engine that nobody needs can leave between them.
    """

    def __init__(self, location: Location, settings: Settings, runtime_dir: str | None) -> None:
        self._location = location
        self._settings = settings
        self._runtime_dir = runtime_dir

    def offers(self) -> tuple[Offer[Any, Any], ...]:
        """Return every tool."""
        return (
            Offer("ask", "Ask about this repository", AskArguments, AskReply, self.ask, text.ask_text),
            Offer(
                "search",
                "Search this repository",
                SearchArguments,
                SearchReply,
                self.search,
                text.search_text,
            ),
            Offer(
                "open_source",
                "Open lines of a file",
                SourceArguments,
                SourceReply,
                self.open_source,
                text.source_text,
            ),
            Offer("who_knows", "Find who knows", WhoArguments, WhoReply, self.who_knows, text.who_text),
            Offer(
                "list_gaps",
                "List what is not recorded",
                GapsArguments,
                GapsReply,
                self.list_gaps,
                text.gaps_text,
            ),
        )

    def ask(self, given: AskArguments, fence: Fence) -> AskReply:
        """Answer; nothing of it is recorded, so that a program does not fill the list of gaps."""
        question = protocol.Question(_plain(given.question), record=False)
        return replies.ask_reply(self._question(protocol.ASK, question), fence)

    def search(self, given: SearchArguments, fence: Fence) -> SearchReply:
        """Find passages."""
        query = Query(_plain(given.query), given.limit, given.kinds)
        return replies.search_reply(self._question(protocol.SEARCH, query), fence)

    def open_source(self, given: SourceArguments, fence: Fence) -> SourceReply:
        """Show lines of a file of the repository; the path is looked up in the index alone."""
        path = inside(_plain(given.path))
        last = given.end_line if given.end_line is not None else sys.maxsize
        if last < given.start_line:
            raise UsageError(
                "end_line stands before start_line.", "Lines count from 1; give the smaller one first."
            )
        page = self._page(path, given)
        if not page.lines:
            raise NotFoundError(" ".join(page.notices) or "The file is empty.", "Nothing of it can be shown.")
        end = min(last, page.first_line + len(page.lines) - 1)
        if given.start_line > end:
            raise UsageError(
                f"The file has {page.total_lines} lines.", f"Give a start_line from 1 to {page.total_lines}."
            )
        return replies.source_reply(page, given.start_line, end, fence)

    def who_knows(self, given: WhoArguments, fence: Fence) -> WhoReply:
        """Name people."""
        wanted = WhoWanted(_plain(given.about), given.limit)
        return replies.who_reply(self._question(protocol.WHO, wanted), fence)

    def list_gaps(self, given: GapsArguments, fence: Fence) -> GapsReply:
        """List gaps."""
        with self._client() as client:
            found = client.call(protocol.GAPS, protocol.GapFilter(given.answered))
        return replies.gaps_reply(found.gaps, given.limit, fence)

    # ---------------------------------------------------------------------------- private

    def _client(self) -> Client:
        return Client(self._location, self._settings, self._runtime_dir)

    def _page(self, path: str, given: SourceArguments) -> SourcePage:
        try:
            return self._opened(path, given)
        except NotFoundError as error:
            named = inside(_plain(_as_named(path)))
            if named != path:
                return self._page(named, given)
            with self._client() as client:
                known = client.call(protocol.STATUS, protocol.Nothing()).freshness.words_complete
            if known:
                hint = "Paths are given from the repository's root; search finds them."
                raise NotFoundError(error.message, hint) from error
        # Nothing is known of any file yet. A search has the repository read, or says how far that is.
        self._question(protocol.SEARCH, Query(path, 1))
        return self._opened(path, given)

    def _opened(self, path: str, given: SourceArguments) -> SourcePage:
        with self._client() as client:
            commit_id = _commit(client, given.commit_id.strip())
            wanted = SourceWanted(path, around=given.start_line, commit_id=commit_id, tokens=False)
            return client.call(protocol.SOURCE, wanted)

    def _question(self, method: Method[P, R], params: P) -> R:
        """Ask what needs an index; raises NotReadyError instead of waiting until there is one.

        The engine begins to read the repository when it is asked, and goes on without us.
        """
        until = time.monotonic() + GRACE_SECONDS
        while True:
            try:
                with self._client() as client:
                    return client.call(method, params, _not_ready)
            except NotReadyError:
                if not self._ready(until):
                    raise NotReadyError(*self._progress()) from None

    def _ready(self, until: float) -> bool:
        """Wait a moment for words to be searchable."""
        with self._client() as client:
            while time.monotonic() < until:
                status = client.call(protocol.STATUS, protocol.Nothing())
                if status.freshness.words_complete:
                    return True
                if status.job is None or status.job.paused:
                    return False
                time.sleep(LOOK_SECONDS)
        return False

    def _progress(self) -> tuple[str, str]:
        """Return how far the first reading is, and what to do."""
        with self._client() as client:
            job = client.call(protocol.STATUS, protocol.Nothing()).job
            ended = client.call(protocol.JOBS, protocol.Nothing()).jobs
        folder = self._location.work_tree or self._location.common_dir
        if job is None:
            last = next((f" {each.text}" for each in ended if not each.good), "")
            return (
                f"This repository is not read yet, and reading it ended early.{last}",
                f"Run `lorebase index --repo {folder}` in a terminal, which says why, and ask again.",
            )
        if job.paused:
            return (
                "This repository is not read yet, and reading it is paused.",
                f"Run `lorebase index --resume --repo {folder}`, and ask again.",
            )
        return (
            f"This repository is being read for the first time: {progress_text(job, bar=False)}.",
            "Nothing can be answered yet; ask again in a moment. Words are searchable first.",
        )


def inside(path: str) -> str:
    """Return a path from the repository's root. Raises UsageError for one that leads out of it.

    This is for a clear message: the engine looks a path up among those of the index, and opens none.
    """
    hint = "Give the path from the repository's root, as citations do: src/app.py"
    if not path.strip() or "\0" in path:
        raise UsageError("There is no path.", hint)
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        raise UsageError("The path is absolute; only files of this repository can be opened.", hint)
    parts = re.split(r"[/\\]", path)
    if ".." in parts or ".git" in (part.casefold() for part in parts):
        raise UsageError("The path leads out of the repository's files.", hint)
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def _as_named(path: str) -> str:
    """Return a path with the characters that a reply wrote out (`replies.place`) put back."""
    return _WRITTEN_OUT.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16)), path)


def _commit(client: Client, commit_id: str) -> str:
    """Return the whole id of a commit that is indexed; empty for none."""
    if not commit_id:
        return ""
    if not _COMMIT.fullmatch(commit_id):
        raise UsageError("commit_id is no commit's id.", "Give its hexadecimal digits, 4 at least.")
    return client.call(protocol.COMMIT, CommitName(commit_id)).row.commit_id


def _not_ready(event: Event) -> None:
    """Stop waiting: a question hears of nothing but that the repository is being read."""
    if event.notice or event.progress is not None:
        raise NotReadyError("The repository is being read.")


def _plain(text: str) -> str:
    """Return text that can travel; half a character is written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
