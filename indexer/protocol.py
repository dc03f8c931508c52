"""What an engine and its clients say to each other: JSON lines, and nothing about how they travel.

The client opens with ``{"hello": ...}`` and the engine answers ``{"welcome": ...}``. From then on
the client sends ``{"id", "method", "params"}`` or ``{"cancel": id}``, and the engine sends any
number of ``{"id", "event"}`` and, last, ``{"id", "result"}`` or ``{"id", "error"}``. Values are
the dataclasses of `indexer.types`, checked by msgspec in both directions.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from indexer import __version__
from indexer.errors import LorebaseError, ProtocolError, error_from
from indexer.method import Method as Method  # noqa: PLC0414 (part of what this module tells)
from indexer.method import Nothing as Nothing  # noqa: PLC0414
from indexer.pages import (
    AskedList,
    AskedName,
    AskedWanted,
    Blame,
    CommitName,
    CommitPage,
    CommitSlice,
    CommitsWanted,
    HealthPage,
    JobList,
    KeptAnswer,
    KnowledgeCounts,
    NamePlaces,
    NameWanted,
    Overview,
    SkippedWanted,
    SourcePage,
    SourceWanted,
    SpanWanted,
    Suggestions,
    SuggestWanted,
    Timeline,
    TimelineWanted,
    WhoKnows,
    WhoWanted,
)
from indexer.shapes import changes, examples, exports, inventory, logs, modules, onboarding, traces
from indexer.types import (
    Answer,
    Gap,
    Health,
    IndexReport,
    IndexStatus,
    Note,
    NoteComparison,
    NoteDraft,
    Person,
    Progress,
    PublishReport,
    Query,
    ReviewDraft,
    SearchResult,
    Skipped,
    Statement,
)

PROTOCOL = 1
"""Rises when a message changes its meaning; added fields and methods do not count."""

MAX_LINE = 64 * 1024 * 1024
"""Longest message in bytes: an index report may list half a million skipped files."""

MAX_HELLO = 64 * 1024
"""Longest first message: nobody may make us keep more before it has said who it is."""

P = TypeVar("P")
R = TypeVar("R")


# ------------------------------------------------------------------------------------ values


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """Bring the index up to date; ``words_only`` returns as soon as words are searchable.

    ``take_over`` replaces this index by the one that the repository had in its old folder.
    """

    words_only: bool = False
    take_over: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What `ask` is given; ``by`` is kept with the gap that the question meets. With ``record`` off
    neither the question nor its gap is kept: a program that asks must not fill the lists that
    people read. ``follows`` is the kept id of the answer that the question goes on from.
    """

    text: str
    record: bool = True
    by: Person = field(default_factory=Person)
    follows: str = ""


@dataclass(frozen=True, slots=True)
class NoteName:
    """The id of a note, or the start of one that is unique."""

    id: str


@dataclass(frozen=True, slots=True)
class NoteChange:
    """New content for a note that exists; an empty field keeps what was there."""

    id: str
    draft: NoteDraft


@dataclass(frozen=True, slots=True)
class NoteList:
    """Notes, the last changed first; ``problems`` are files that mean to be notes and are none."""

    notes: tuple[Note, ...]
    problems: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Publish:
    """Which notes to write into the work tree (none named: all of one's own), and into which of
    its folders; empty: the one that notes are read from.
    """

    into: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which gaps are wanted; ``answered`` adds those that a note answers, and ``dismissed`` asks
    for those alone that were dismissed.
    """

    answered: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Include:
    """A path, as shown, that is wanted in the index, or with ``on`` off no longer."""

    path: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class GapName:
    """The id of a gap."""

    id: str


@dataclass(frozen=True, slots=True)
class GapList:
    """Gaps, the most asked first."""

    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """What `repair` may do: ``rebuild`` reads everything anew, notes and gaps apart."""

    rebuild: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """What `forget` deletes: what was read always, notes, gaps and questions with ``people``."""

    people: bool = False


class KeyPlace(StrEnum):
    """Where the key of a language model's server was found, or is kept."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    MEMORY = "memory"
    """Of the running engine: it has to be given again when that has left."""
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """Where a key is. The key itself never leaves the engine, nor is it ever printed."""

    place: KeyPlace
    notice: str = ""
    """Why it is not in the keyring, or that there is none."""
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class GivenKey:
    """The key that the environment of a front holds (`settings.key_in`); empty if none."""

    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """A key to keep, or with ``forget`` to forget; ``in_memory`` leaves the keyring alone."""

    key: str = field(default="", repr=False)
    forget: bool = False
    in_memory: bool = False


@dataclass(frozen=True, slots=True)
class LocalOnly:
    """Whether nothing of this repository may leave the machine."""

    on: bool


@dataclass(frozen=True, slots=True)
class ModelState:
    """The language model as this repository would use it. ``problem`` says why it cannot be used."""

    provider: str
    name: str
    url: str
    on_this_machine: bool
    local_only: bool
    key: KeyPlace
    context_tokens: int
    output_tokens: int
    problem: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FindModels:
    """Further ports of this machine to look at; the usual ones are always looked at."""

    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server of language models on this machine, with what it calls its models."""

    provider: str
    url: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundModels:
    """What answers on this machine, and the ports that were looked at."""

    servers: tuple[FoundServer, ...]
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelTest:
    """That a model answers: seconds to its first word and in all. Nothing of a repository is sent."""

    first_seconds: float
    seconds: float
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteWanted:
    """The kept answer to be written out. With ``sent_id`` exactly what SHOW_SENT gave is sent."""

    kept_id: str
    sent_id: str = ""
    key: str = field(default="", repr=False)
    """See GivenKey."""


@dataclass(frozen=True, slots=True)
class SentPage:
    """All that would leave for the model: ``body`` is exact, keys are left out of ``headers``."""

    sent_id: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    on_this_machine: bool
    tokens: int
    sources: int
    total: int
    """``sources`` of the answer's ``total`` fit into what the model may read."""


class Change(StrEnum):
    """What happened to an index, as whoever watches it is told."""

    HEAD = "head"
    """HEAD or the working copy is no longer what is indexed; a job begins."""
    UPDATED = "updated"
    """A job made the index speak of the repository as it is now."""
    STOPPED = "stopped"
    """A job ended before its end: it was stopped, or it failed."""
    REPAIRED = "repaired"
    PEOPLE = "people"
    """Notes, gaps or questions asked are not what they were."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens before a result: progress, or a sentence for the person.

    ``change`` comes to whoever watches alone, with a sentence in ``notice`` where one is due.
    """

    progress: Progress | None = None
    notice: str = ""
    change: Change | None = None
    written: Statement | None = None
    """A sentence of a language model, checked."""


INDEX = Method("index", IndexRequest, IndexReport)
SEARCH = Method("search", Query, SearchResult)
ASK = Method("ask", Question, Answer)
WHO = Method("who", WhoWanted, WhoKnows)
STATUS = Method("status", Nothing, IndexStatus)
NOTE_ADD = Method("note_add", NoteDraft, Note, repeatable=False)
NOTE_EDIT = Method("note_edit", NoteChange, Note)
NOTE_SHOW = Method("note_show", NoteName, Note)
NOTE_LIST = Method("note_list", Nothing, NoteList)
NOTE_COMPARE = Method("note_compare", NoteName, NoteComparison)
"""A note with what its code said when it was written, and what stands there now."""
NOTE_VERSIONS = Method("note_versions", NoteName, NoteList)
"""Every version of a note, the oldest first."""
PUBLISH = Method("publish", Publish, PublishReport)
"""Writes notes as files into the work tree; asked twice it writes once."""
GAPS = Method("gaps", GapFilter, GapList)
REVIEW = Method("review", ReviewDraft, Answer, repeatable=False)
"""Keeps a person's mark on an answer, and returns that answer with its marks."""
DOCTOR = Method("doctor", Nothing, Health)
REPAIR = Method("repair", Repair, Health)
FORGET = Method("forget", Forget, Nothing, repeatable=False)
"""Deletes the index; the engine leaves after that, and a client must not start another one."""
PAUSE = Method("pause", Nothing, Nothing)
RESUME = Method("resume", Nothing, Nothing)
STOP = Method("stop", Nothing, Nothing)
"""Stops the running index job at its next checkpoint; what is finished is kept."""
OVERVIEW = Method("overview", Nothing, Overview)
SUGGEST = Method("suggest", SuggestWanted, Suggestions)
SOURCE = Method("source", SourceWanted, SourcePage)
BLAME = Method("blame", SpanWanted, Blame)
SPAN_HISTORY = Method("span_history", SpanWanted, CommitSlice)
"""The commits that changed these lines, newest first."""
NAME = Method("name", NameWanted, NamePlaces)
MENTIONS = Method("mentions", SpanWanted, NamePlaces)
"""What else speaks of the definition at these lines, or of the file when there is none."""
ASKED = Method("asked", AskedWanted, AskedList)
KEPT = Method("kept", AskedName, KeptAnswer)
TIMELINE = Method("timeline", TimelineWanted, Timeline)
COMMITS = Method("commits", CommitsWanted, CommitSlice)
COMMIT = Method("commit", CommitName, CommitPage)
LEAVE_BEHIND = Method("leave_behind", Nothing, Nothing)
"""The index that `IndexStatus.left_behind` tells of stays where it is, and is offered no more."""
INCLUDE = Method("include", Include, Nothing)
"""Has a file that is left out read all the same, or no longer: at the next look, which INDEX is."""
HEALTH_PAGE = Method("health_page", SkippedWanted, HealthPage)
COUNTS = Method("counts", Nothing, KnowledgeCounts)
JOBS = Method("jobs", Nothing, JobList)
NOTE_DELETE = Method("note_delete", NoteName, Note)
"""Puts a note away; NOTE_RESTORE takes that back."""
NOTE_RESTORE = Method("note_restore", NoteName, Note)
GAP_DISMISS = Method("gap_dismiss", GapName, Gap)
"""Puts a gap away; GAP_RESTORE takes that back."""
GAP_RESTORE = Method("gap_restore", GapName, Gap)
MODEL = Method("model", GivenKey, ModelState)
MODEL_FIND = Method("model_find", FindModels, FoundModels)
"""Looks for servers on this machine's own ports; nothing else ever does."""
MODEL_TEST = Method("model_test", GivenKey, ModelTest, repeatable=False)
MODEL_KEY = Method("model_key", KeyWanted, FoundKey)
LOCAL_ONLY = Method("local_only", LocalOnly, ModelState)
SHOW_SENT = Method("show_sent", WriteWanted, SentPage)
"""What WRITE would send, byte for byte; sends nothing."""
WRITE = Method("write", WriteWanted, Answer, repeatable=False)
"""Its events carry the sentences as they pass; the result is the answer with all of them, and is
kept. Cancelling it lets go of the model at once; what has passed until then is kept."""
WATCH = Method("watch", Nothing, Nothing)
"""Never ends: its events tell of every job and every change, until the client takes it back."""
FINISH = Method("finish", Nothing, Nothing)
"""The engine finishes what it answers, and leaves. Every protocol has this one unchanged."""

_ALL: tuple[Method[Any, Any], ...] = (
    INDEX,
    SEARCH,
    ASK,
    WHO,
    STATUS,
    NOTE_ADD,
    NOTE_EDIT,
    NOTE_SHOW,
    NOTE_LIST,
    NOTE_COMPARE,
    NOTE_VERSIONS,
    PUBLISH,
    GAPS,
    REVIEW,
    DOCTOR,
    REPAIR,
    FORGET,
    PAUSE,
    RESUME,
    STOP,
    OVERVIEW,
    SUGGEST,
    SOURCE,
    BLAME,
    SPAN_HISTORY,
    NAME,
    MENTIONS,
    ASKED,
    KEPT,
    TIMELINE,
    COMMITS,
    COMMIT,
    LEAVE_BEHIND,
    INCLUDE,
    HEALTH_PAGE,
    COUNTS,
    JOBS,
    NOTE_DELETE,
    NOTE_RESTORE,
    GAP_DISMISS,
    GAP_RESTORE,
    MODEL,
    MODEL_FIND,
    MODEL_TEST,
    MODEL_KEY,
    LOCAL_ONLY,
    SHOW_SENT,
    WRITE,
    WATCH,
    FINISH,
    *modules.METHODS,
    *onboarding.METHODS,
    *traces.METHODS,
    *logs.METHODS,
    *changes.METHODS,
    *inventory.METHODS,
    *examples.METHODS,
    *exports.METHODS,
)

METHODS: dict[str, Method[Any, Any]] = {each.name: each for each in _ALL}


# ---------------------------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class Edition:
    """Which program speaks. ``build`` is the newest change of its files, in nanoseconds, so that
    a program that was updated in place is newer too.
    """

    protocol: int
    version: str
    build: int = 0

    def newer_than(self, other: Edition) -> bool:
        """Say whether ``other`` should make way for this one."""
        return (_numbers(self.version), self.build) > (_numbers(other.version), other.build)


@dataclass(frozen=True, slots=True)
class Hello:
    """A client's first message."""

    edition: Edition


@dataclass(frozen=True, slots=True)
class Welcome:
    """The engine's answer to Hello. ``index`` is the folder of its index, as shown."""

    edition: Edition
    pid: int
    index: str


@dataclass(frozen=True, slots=True)
class Request:
    """A call; ``params`` is JSON still, since only the method knows its type."""

    id: int
    method: str
    params: bytes


@dataclass(frozen=True, slots=True)
class Cancel:
    """The client no longer wants the result of this call."""

    id: int


@dataclass(frozen=True, slots=True)
class EventMessage:
    """An event that belongs to a call."""

    id: int
    event: Event


@dataclass(frozen=True, slots=True)
class ResultMessage:
    """The end of a call; ``result`` is JSON still."""

    id: int
    result: bytes


@dataclass(frozen=True, slots=True)
class FailureMessage:
    """The end of a call that failed. ``id`` is None when the line could not be understood, and for an
    EngineLeavingError, which holds for all calls that have no answer by then.
    """

    id: int | None
    error: LorebaseError


ClientMessage = Hello | Request | Cancel
EngineMessage = Welcome | EventMessage | ResultMessage | FailureMessage


@cache
def edition() -> Edition:
    """Return what this very program is."""
    newest = 0
    for folder, _, names in os.walk(Path(__file__).parent):
        for name in names:
            if name.endswith((".py", ".sql", ".scm")):
                newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)  # noqa: PTH116, PTH118 (a quarter of the time of Path)
    return Edition(PROTOCOL, __version__, newest)


def hello_line() -> bytes:
    """Return a client's first line."""
    return _line({"hello": Hello(edition())})


def welcome_line(pid: int, index: str) -> bytes:
    """Return the engine's first line."""
    return _line({"welcome": Welcome(edition(), pid, index)})


def request_line(call: int, method: Method[P, R], params: P) -> bytes:
    """Return the line that asks for ``method``; raises ProtocolError when it is too long."""
    return _line({"id": call, "method": method.name, "params": params})


def cancel_line(call: int) -> bytes:
    """Return the line that takes a call back."""
    return _line({"cancel": call})


def event_line(call: int, event: Event) -> bytes:
    """Return the line that carries an event."""
    return _line({"id": call, "event": event})


def result_line(call: int, result: object) -> bytes:
    """Return the line that ends a call; raises ProtocolError when it is too long."""
    return _line({"id": call, "result": result})


def failure_line(call: int | None, error: LorebaseError) -> bytes:
    """Return the line that ends a call with an error."""
    wire = _Failure(error.code, _encodable(error.message), _encodable(error.hint))
    return _line({"id": call, "error": wire})


def client_message(line: bytes) -> ClientMessage:
    """Read a line from a client; raises ProtocolError when it is none of ours."""
    found = _decoded(_CLIENT, line)
    if found.hello is not None:
        return found.hello
    if found.cancel is not None:
        return Cancel(found.cancel)
    if found.id is None or not found.method:
        raise ProtocolError("A message needs an id and a method.")
    return Request(found.id, found.method, bytes(found.params))


def engine_message(line: bytes) -> EngineMessage:
    """Read a line from an engine; raises ProtocolError when it is none of ours."""
    found = _decoded(_ENGINE, line)
    if found.welcome is not None:
        return found.welcome
    if found.error is not None:
        return FailureMessage(found.id, error_from(found.error.code, found.error.message, found.error.hint))
    if found.id is None:
        raise ProtocolError("The engine sent a message without an id.")
    if found.event is not None:
        return EventMessage(found.id, found.event)
    return ResultMessage(found.id, bytes(found.result))


def params_of(method: Method[P, R], raw: bytes) -> P:
    """Return the checked parameters of a call; raises ProtocolError for a wrong field or type."""
    return _value(method.params, raw or b"{}", f"parameters of {method.name}")


def result_of(method: Method[P, R], raw: bytes) -> R:
    """Return the checked result of a call; raises ProtocolError for a wrong field or type."""
    return _value(method.result, raw, f"result of {method.name}")


class Lines:
    """Cuts a stream of bytes into lines, and refuses one that is longer than ``limit``."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        self.limit = limit
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield every line that ``data`` completes; raises ProtocolError beyond the limit."""
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            self._keep(data[start:end])
            line = b"".join(self._parts)
            self._parts, self._held = [], 0
            start = end + 1
            if line:
                yield line
        self._keep(data[start:])

    def _keep(self, part: bytes) -> None:
        self._held += len(part)
        if self._held > self.limit:
            raise ProtocolError(
                f"A message is longer than {self.limit:,} bytes.",
                "Ask for less at once: a lower --limit, or a shorter text.",
            )
        if part:
            self._parts.append(part)


# ----------------------------------------------------------------------------------- private


class _Failure(msgspec.Struct):
    code: str
    message: str
    hint: str = ""


class _ClientLine(msgspec.Struct):
    hello: Hello | None = None
    id: int | None = None
    method: str = ""
    params: msgspec.Raw = field(default_factory=msgspec.Raw)
    cancel: int | None = None


class _EngineLine(msgspec.Struct):
    welcome: Welcome | None = None
    id: int | None = None
    event: Event | None = None
    result: msgspec.Raw = field(default_factory=msgspec.Raw)
    error: _Failure | None = None


_CLIENT = msgspec.json.Decoder(_ClientLine)
_ENGINE = msgspec.json.Decoder(_EngineLine)
_ENCODER = msgspec.json.Encoder()

L = TypeVar("L")


def _line(message: dict[str, object]) -> bytes:
    line = _ENCODER.encode(message)
    if len(line) > MAX_LINE:
        raise ProtocolError(
            f"A message of {len(line):,} bytes is longer than {MAX_LINE:,}.",
            "Ask for less at once: a lower --limit, or a shorter text.",
        )
    return line + b"\n"


def _decoded(decoder: msgspec.json.Decoder[L], line: bytes) -> L:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"Not a message of ours: {error}.") from error


def _value(kind: type[L], raw: bytes, what: str) -> L:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"The {what} cannot be read: {error}.") from error


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
