"""What is found in one file of settings, variables, tables, jobs and commands, before it is cited."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.guide.inventory.routing import Place
from indexer.shapes.inventory import Column


@dataclass(frozen=True, slots=True)
class VariableRead:
    """One reading of an environment variable, or a file that says what it is set to."""

    name: str
    place: Place
    default: str = ""
    required: bool = False
    setting: str = ""
    declared: bool = False
    """A file of sample values or of a container names it."""
    others: tuple[str, ...] = ()
    """The variables that are read in its place when it is not there, in order."""


@dataclass(frozen=True, slots=True)
class SettingFact:
    """A setting that is defined (``source`` says by what), or read (``source`` is "read")."""

    name: str
    place: Place
    source: str
    default: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class CommandFact:
    """One command."""

    name: str
    place: Place
    framework: str
    says: str = ""
    runs: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobFact:
    """One job that something else starts by the clock."""

    name: str
    place: Place
    framework: str
    schedule: str
    runs: str = ""
    plainly: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFact:
    """One table as a model, a schema or a migration tells of it. ``changes``: it only alters the table."""

    name: str
    place: Place
    framework: str
    model: str = ""
    columns: tuple[Column, ...] = ()
    named: bool = True
    migration: bool = False
    changes: bool = False
    unknown: tuple[str, ...] = ()
