"""What a repository offers and reads: endpoints, settings, variables, tables, jobs, commands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method
from indexer.types import Citation


class InventoryKind(StrEnum):
    """What is listed."""

    ENDPOINTS = "endpoints"
    SETTINGS = "settings"
    ENV = "env"
    TABLES = "tables"
    JOBS = "jobs"
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True)
class InventoryWanted:
    """What is asked for. ``kinds`` empty: all. ``area``: a folder or file; empty: everywhere.

    ``everywhere``: also what stands in tests, examples, documentation and other people's code.
    ``openapi``: with the endpoints as an OpenAPI document.
    """

    kinds: tuple[InventoryKind, ...] = ()
    area: str = ""
    everywhere: bool = False
    openapi: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an endpoint is given. ``where`` is "path", "query", "body" or "header"; ``type`` as written."""

    name: str
    where: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One way in over HTTP. ``url`` has its varying parts in braces; one that ends in ``*`` is handed on,
    with all that stands below it, to something that this repository does not spell out.
    """

    url: str
    methods: tuple[str, ...]
    """Empty: any, or the code does not say."""
    framework: str
    handler: str
    """The name of what answers it, as far as it is known; else as it is written."""
    handler_place: str
    """``path:line`` of that, or empty."""
    parameters: tuple[Parameter, ...]
    says: str
    """The first sentence that the handler says of itself, or empty."""
    unknown: tuple[str, ...]
    """What the code does not tell, in whole sentences."""
    mark: str
    """"test", "example", "vendored", "generated", "documentation", or empty."""
    citations: tuple[Citation, ...]
    """Where it is declared, then each place that adds to its address."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that the code defines or reads by name. ``default`` as it is written, or empty."""

    name: str
    default: str
    says: str
    """What stands beside it as a comment or as its help, or empty."""
    source: str
    """What kind of place defines it: "module", "configuration file", "settings class", "calls" (it is set
    by one of a run of calls that set the settings of a thing), "read".
    """
    read_in: tuple[str, ...]
    """Places (``path:line``) that read it, up to 20."""
    reads: int
    mark: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. ``default`` as written where one is given; ``required``: nothing is."""

    name: str
    default: str
    required: bool
    """The code fails, or says so, when it is not there: it is read without a default."""
    setting: str
    """The setting that it fills, where the code says so by giving it that name."""
    read_in: tuple[str, ...]
    reads: int
    mark: str
    citations: tuple[Citation, ...]
    others: tuple[str, ...] = ()
    """The variables that are read in its place when it is not there, in order, before the default."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``type`` as it is written; ``refers`` is the table or model it points to."""

    name: str
    type: str
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a database. ``model`` is the class that stands for it, or empty."""

    name: str
    model: str
    framework: str
    columns: tuple[Column, ...]
    named: bool
    """The code names the table; False: its name follows from the framework's rule."""
    migrations: int
    """Files that created or changed it."""
    unknown: tuple[str, ...]
    mark: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs without being asked each time. ``schedule`` as it is written."""

    name: str
    schedule: str
    plainly: str
    """The schedule in words where it is a cron line or a number of seconds; else empty."""
    runs: str
    framework: str
    unknown: tuple[str, ...]
    mark: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a person types. ``runs`` is what it starts, as far as the code says."""

    name: str
    says: str
    framework: str
    runs: str
    options: tuple[str, ...]
    mark: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was found in files of one sort and is not listed."""

    kind: InventoryKind
    mark: str
    count: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that was found, each with where it stands; lists of kinds that were not asked for are empty."""

    commit_id: str | None
    area: str
    endpoints: tuple[Endpoint, ...] = ()
    settings: tuple[Setting, ...] = ()
    variables: tuple[Variable, ...] = ()
    tables: tuple[Table, ...] = ()
    jobs: tuple[Job, ...] = ()
    commands: tuple[Command, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    dropped: int = 0
    """What was found, and is not listed since its place could not be cited."""
    notices: tuple[str, ...] = ()
    """What the reader should know: what could not be read, or not be resolved."""
    openapi: str = ""
    """An OpenAPI 3.1 document (JSON), when it was asked for."""
    seconds: float = 0.0


INVENTORY: Final = Method("inventory", InventoryWanted, Inventory)
METHODS: Final[tuple[Method[Any, Any], ...]] = (INVENTORY,)
