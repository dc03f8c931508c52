"""Formats that are read by our own rules: documents, configuration, build files, legacy languages.

``parse_format`` is the one way in. A language that it does not know gives None, and the caller
goes on to a grammar or to lines.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from indexer.repo.formats.builds import braces, dockerfile, gradle, makefile, terraform
from indexer.repo.formats.cobol import cobol
from indexer.repo.formats.jcl import jcl
from indexer.repo.formats.jcl_control import control_members
from indexer.repo.formats.keyed import ini, properties, toml, yaml
from indexer.repo.formats.mainframe import assembler, bms, csd, ims
from indexer.repo.formats.markup import asciidoc, markdown, plain_text, restructured_text
from indexer.repo.formats.nested import json, xml
from indexer.repo.formats.notebook import notebook
from indexer.repo.formats.outline import Cut, FormatParse
from indexer.repo.formats.patterns import (
    batch,
    go_module,
    jsp,
    requirements,
    rexx,
    visual_basic,
)
from indexer.repo.formats.sql import sql

__all__ = ["Cut", "FormatParse", "parse_format"]

_BY_LANGUAGE: dict[str, Callable[[str], FormatParse | None]] = {
    "markdown": markdown,
    "rst": restructured_text,
    "asciidoc": asciidoc,
    "text": plain_text,
    "notebook": notebook,
    "yaml": yaml,
    "toml": toml,
    "json": json,
    "xml": xml,
    "maven": xml,
    "ini": ini,
    "properties": properties,
    "dockerfile": dockerfile,
    "make": makefile,
    "gradle": gradle,
    "terraform": terraform,
    "proto": braces,
    "thrift": braces,
    "graphql": braces,
    "cobol": cobol,
    "jcl": jcl,
    "bms": bms,
    "csd": csd,
    "ims": ims,
    "asm": assembler,
    "assembler": assembler,
    "sql": sql,
    "plsql": sql,
    "vb": visual_basic,
    "jsp": jsp,
    "rexx": rexx,
    "bat": batch,
    "gomod": go_module,
    "requirements": requirements,
    "control": control_members,
}
_BY_SUFFIX: dict[str, str] = {
    ".dcl": "cobol",
    ".csd": "csd",
    ".dbd": "ims",
    ".psb": "ims",
    ".kcl": "jcl",
    ".controlm": "xml",
}
"""Endings whose language has no name in `languages`."""


def parse_format(text: str, path: str, language: str) -> FormatParse | None:
    """Return cuts, symbols and references of ``text``, or None when no rule is for it.

    ``language`` is the name that `languages` gave the file; when rules know none of that name,
    the ending of ``path`` decides.
    """
    rule = _BY_LANGUAGE.get(language.lower().replace(" ", ""))
    if rule is None:
        rule = _BY_LANGUAGE.get(_BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), ""))
    return rule(text) if rule is not None else None
