"""What a repository is: what its README says of it, and how it calls itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from indexer.answer import lexicon
from indexer.answer.blocks import Role
from indexer.answer.inquiry import Inquiry
from indexer.answer.needs import Need
from indexer.answer.questions import Part
from indexer.answer.readable import is_readable
from indexer.answer.sentences import Sentence, sentences_of
from indexer.repo.words import stem, stems
from indexer.types import ChunkKind, Section

_README: Final = re.compile(r"^readme(?:\.\w+)?$", re.I)
_INTRODUCES: Final = re.compile(
    r"^(?:what(?:'s| is)|about|introduction|overview|description|motivation|why use)\b|^why \S+\?$", re.I
)
_THANKS: Final = re.compile(
    r"sponsor|donat|backer|funding|collective|thank|licen[cs]e|contribut|enterprise", re.I
)
_DEFINES: Final = re.compile(
    r"^(?:\W?\w+){1,4}\W? (?:is|are) (?:a|an|the|used|designed|built)\b"
    r"|^(?:This|It) (?:is|repository|project)\b",
    re.I,
)
_SUBJECT: Final = re.compile(r"^\W*([\w.-]+)\W{0,3} is (?:a|an|the|one|designed|built|used) ", re.I)
_BADGES: Final = re.compile(
    r"https?://|\bbadge|^\W*$|:(?:Version|Web|Download|Source|Keywords):"
    r"|\bother languages\b|\btranslations?:|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2}",
    re.I,
)


def say_whole(inquiry: Inquiry, part: Part) -> bool:
    """Tell what the repository is, where nothing but its name is asked about. Return whether that is so."""
    name = _called(inquiry)
    named = name and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", part.text, re.I)
    if not named and _THIS.search(part.text) is None:
        return False
    if not set(part.terms) <= own_name(inquiry) | lexicon.WHOLE:
        return False
    if all(each.need is not Need.PARTS for each in inquiry.asked.parts):
        rows = inquiry.reader.execute(
            "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
        ).fetchall()
        say_introduction(inquiry, [path for (path,) in rows])
    inquiry.page.settled[part.need] = True
    return True


_THIS: Final = re.compile(
    r"^(?:and |so )?what (?:is|does|are)(?: all)? this"
    r"(?: (?:library|project|repo\w*|code ?base|program|tool|package|application|app|service|software))?"
    r"(?: (?:do|for|about|all about|good for))*\W*$",
    re.I,
)


def own_name(inquiry: Inquiry) -> frozenset[str]:
    """Return the stems of what the repository calls itself in its manifest: its name is all of it."""
    name = _called(inquiry)
    return frozenset(stems(name)) | {stem(name.lower())} if name else frozenset()


def _called(inquiry: Inquiry) -> str:
    for path, named in _MANIFESTS:
        source = inquiry.page.sources.file(path)
        for line in source.lines if source is not None else ():
            if found := named.match(line):
                return str(found["name"]).rpartition("/")[2]
    return ""


_MANIFESTS: Final = tuple(
    (path, re.compile(pattern))
    for path, pattern in (
        ("pyproject.toml", r"\s*name\s*=\s*[\"'](?P<name>[\w.-]+)"),
        ("setup.cfg", r"\s*name\s*=\s*(?P<name>[\w.-]+)"),
        ("setup.py", r"(?:.*\bname|NAME)\s*=\s*[\"'](?P<name>[\w.-]+)"),
        ("package.json", r"\s*\"name\"\s*:\s*\"(?P<name>[\w./@-]+)\""),
        ("Cargo.toml", r"\s*name\s*=\s*\"(?P<name>[\w-]+)"),
        ("go.mod", r"module\s+(?P<name>\S+)"),
        ("composer.json", r"\s*\"name\"\s*:\s*\"(?P<name>[\w./-]+)\""),
    )
)
"""Where a repository says what it is called, in the order in which that is believed."""


def say_introduction(inquiry: Inquiry, paths: list[str]) -> None:
    """Quote what the README says that this is."""
    page = inquiry.page
    for path in sorted((each for each in paths if _README.match(each)), key=len)[:1]:
        source = page.sources.file(path)
        if source is None:
            continue
        text = "\n".join(source.lines[:200])
        sentences = [
            each
            for each in sentences_of(ChunkKind.DOC, source.language, text, 1)
            if each.role is Role.PROSE
            and len(each.text) > 30
            and not _BADGES.search(each.text)
            and is_readable(each.text)
        ]
        # What says what the project is comes first, wherever badges and thanks have pushed it. What stands
        # over the first heading stands under the project's own name.
        title = sentences[0].heading if sentences else ""
        telling = [each for each in sentences if _INTRODUCES.search(each.heading) or each.heading == title]
        telling = [each for each in telling or sentences if not _THANKS.search(f"{each.heading} {each.text}")]
        telling.sort(key=lambda each: not (_INTRODUCES.search(each.heading) or _DEFINES.search(each.text)))
        names = _names_of_parts(paths)
        defining = next((each for each in sentences if _defines_one_of(names, each)), None)
        if defining is not None:
            after = [
                each
                for each in sentences[sentences.index(defining) + 1 :]
                if each.heading == defining.heading
            ]
            telling = [defining, *after]
        for sentence in telling[:2]:
            citation = page.sources.span(path, sentence.start_line, sentence.end_line)
            page.tell(Section.WHAT, f"“{sentence.text}”", [citation])


def _names_of_parts(paths: Collection[str]) -> frozenset[str]:
    """Return what the folders and the files at the top are called, in small letters and without an ending."""
    parts = {
        part for path in paths for part in (path if "/" not in path else path.rpartition("/")[0]).split("/")
    }
    return frozenset(part.partition(".")[0].casefold() for part in parts)


def _defines_one_of(names: Collection[str], sentence: Sentence) -> bool:
    """Return whether a sentence says what something is that the repository is likely to be called."""
    subject = _SUBJECT.match(sentence.text)
    thanks = _THANKS.search(f"{sentence.heading} {sentence.text}") is not None
    return not thanks and subject is not None and subject[1].partition(".")[0].casefold() in names
