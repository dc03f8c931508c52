"""The JSON forms that scripts rely on. Fields may be added to them, never renamed or removed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import msgspec

from indexer.errors import LorebaseError, UsageError
from indexer.shapes.traces import TraceExplained
from indexer.types import (
    Answer,
    Citation,
    Hit,
    IndexReport,
    NoteComparison,
    SearchResult,
    Statement,
    Written,
)

Form = dict[str, Any]


def report_form(report: IndexReport) -> Form:
    """Return what `index --json` prints."""
    return {
        "commit": report.commit,
        "files": report.files,
        "chunks": report.chunks,
        "embedded": report.embedded,
        "reused": report.reused,
        "skipped": report.skipped,
        "seconds": {phase: round(value, 4) for phase, value in report.seconds.items()},
        "words_complete": report.words_complete,
        "vectors_complete": report.vectors_complete,
        "notices": report.notices,
    }


def search_form(result: SearchResult) -> Form:
    """Return what `search --json` prints."""
    return {
        "query": result.query,
        "hits": hit_forms(result),
        "freshness": result.freshness,
        "seconds": round(result.seconds, 4),
        "notices": result.notices,
    }


def hit_forms(result: SearchResult) -> list[Form]:
    """Return the hits, best first."""
    return [_hit_form(hit) for hit in result.hits]


def answer_form(answer: Answer) -> Form:
    """Return what `ask --json` prints."""
    verdict = answer.verdict
    return {
        "question": answer.question,
        "commit_id": answer.commit_id,
        "verdict": {
            "status": verdict.status,
            "category": verdict.category,
            "reason": verdict.reason,
            "searched": verdict.searched,
            "contacts": verdict.contacts,
        },
        "statements": [_statement_form(each) for each in answer.statements],
        "follow_ups": answer.follow_ups,
        "mode": answer.mode,
        "freshness": answer.freshness,
        "dropped": answer.dropped,
        "gap_id": answer.gap_id,
        "draft": answer.draft,
        "reviews": answer.reviews,
        "seconds": round(answer.seconds, 4),
        "kept_id": answer.kept_id,
        "about": answer.about,
        "written": None if answer.written is None else written_form(answer.written),
    }


def trace_form(found: TraceExplained) -> Form:
    """Return what `explain --json` prints for a trace."""
    return {
        "kind": "trace",
        "traces": found.traces,
        "groups": [
            {"told": group.told, "statements": [_statement_form(each) for each in group.statements]}
            for group in found.groups
        ],
        "answer": answer_form(found.answer),
        "own_frames": found.own_frames,
        "foreign_frames": found.foreign_frames,
        "more_traces": found.more_traces,
        "notices": found.notices,
    }


def written_form(written: Written) -> Form:
    """Return what a language model made of an answer."""
    return {
        "sentences": [_statement_form(each) for each in written.sentences],
        "model": written.model,
        "dropped": written.dropped,
        "saw": written.saw,
        "total": written.total,
        "cut_off": written.cut_off,
        "notice": written.notice,
        "seconds": round(written.seconds, 4),
    }


def comparison_form(found: NoteComparison) -> Form:
    """Return what `note show --json` prints: the note, and its code then and now."""
    note = {each.name: getattr(found.note, each.name) for each in fields(found.note)}
    return {**note, "then": found.then, "now": found.now, "diff": found.diff}


def error_form(error: LorebaseError) -> Form:
    """Return an error inside a batch."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def write_json(form: object) -> None:
    """Write one object and a newline to standard output, at once."""
    out = sys.stdout.buffer
    out.write(_encoded(form) + b"\n")
    out.flush()


def run_batch(field: str, answer: Callable[[str], Form]) -> None:
    """Read one object a line from standard input, and write one a line, in order.

    Each has an "id", which comes back as it is, and the text under ``field``. What fails is said
    so for that line alone: {"id", "error"}.
    """
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        known: Form = {"id": None}
        try:
            found = _object(line, field)
            known["id"] = found.get("id")
            known.update(answer(_text(found, field)))
        except LorebaseError as error:
            known["error"] = error_form(error)
        write_json(known)


def _object(line: bytes, field: str) -> Form:
    example = f'Give {{"id": ..., "{field}": "..."}} on each line.'
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"Not a line of JSON: {error}.", example) from error
    if not isinstance(found, dict):
        raise UsageError("The line holds no object.", example)
    return found


def _text(found: Form, field: str) -> str:
    text = found.get(field)
    if not isinstance(text, str):
        raise UsageError(f'There is no text under "{field}".', f'Give {{"id": ..., "{field}": "..."}}.')
    return text


def _hit_form(hit: Hit) -> Form:
    return {
        "path": hit.path,
        "start_line": hit.start_line,
        "end_line": hit.end_line,
        "kind": hit.kind,
        "symbol": hit.symbol,
        "commit_id": hit.commit_id,
        "score": hit.score,
        "found_by": hit.found_by,
        "text": hit.text,
        "blob_id": hit.blob_id,
        "note_id": hit.note_id,
        "language": hit.language,
    }


def _statement_form(statement: Statement) -> Form:
    return {
        "section": statement.section,
        "text": statement.text,
        "citations": [_citation_form(each) for each in statement.citations],
        "quoted": statement.quoted,
    }


def _citation_form(citation: Citation) -> Form:
    return {
        "kind": citation.kind,
        "path": citation.path,
        "start_line": citation.start_line,
        "end_line": citation.end_line,
        "commit_id": citation.commit_id,
        "blob_id": citation.blob_id,
        "quote": citation.quote,
        "note_id": citation.note_id,
        "author": citation.author,
        "authored": citation.authored,
        "fact": citation.fact,
        "rests_on": citation.rests_on,
    }


def _encoded(form: object) -> bytes:
    try:
        return msgspec.json.encode(form)
    except UnicodeEncodeError:
        # Half a character, as in the name of a folder that is not UTF-8: escaped, not lost.
        return json.dumps(msgspec.to_builtins(form)).encode("ascii")
