"""Batch work on a mainframe, walked as an operator would: job, step, program, files, copybooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.answer.evidence import Evidence
from indexer.answer.inquiry import Inquiry, listed, shown_place
from indexer.answer.subjects import kinds_asked
from indexer.index.job_flow import DataUse, JobFlow, StepFlow, job_flow, jobs_that_run
from indexer.index.symbols import FoundSymbol, find_symbols, imports_of
from indexer.repo.words import stems
from indexer.types import Citation, ReferenceKind, Section, SymbolKind

JOBS_READ: Final = 400
"""Jobs whose steps are compared with a question; a site with more is asked about by name."""

_ABOUT: Final = 0.5
_CITED_LINES: Final = 3
"""Places in a program that are cited for one file; it may touch it in twenty."""


def say_job(inquiry: Inquiry) -> bool:
    """Tell what a job runs and what it reads and writes. Return False when no job is asked about."""
    job = _job(inquiry)
    if job is None:
        return False
    flow = job_flow(inquiry.reader, job)
    if not flow.steps:
        return False
    _say_job(inquiry, flow)
    for step in flow.steps[:4]:
        _say_data(inquiry, job, step)
    _say_copybooks(inquiry, flow)
    return True


def _job(inquiry: Inquiry) -> FoundSymbol | None:
    """Return the job that is asked about: by its name, by its program's, or by what they say."""
    named = [each.symbol for each in inquiry.subjects if each.named]
    for symbol in named:
        if symbol.kind is SymbolKind.JOB:
            return symbol
    wanted = kinds_asked(inquiry.evidence)
    if SymbolKind.JOB not in wanted and SymbolKind.STEP not in wanted:
        return None
    for symbol in named:
        running = jobs_that_run(inquiry.reader, symbol.name) if symbol.kind is SymbolKind.PROGRAM else []
        if running:
            return running[0][0]
    best, value = None, _ABOUT
    for job in _jobs(inquiry):
        score = _sharing(inquiry.evidence, inquiry, job)
        if score > value:
            best, value = job, score
    return best


def _jobs(inquiry: Inquiry) -> list[FoundSymbol]:
    names = inquiry.reader.execute(
        "SELECT DISTINCT s.name FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " WHERE s.kind = 'job' LIMIT ?",
        (JOBS_READ,),
    ).fetchall()
    found = [job for (name,) in names for job in find_symbols(inquiry.reader, name, 4)]
    return [job for job in found if job.kind is SymbolKind.JOB]


def _sharing(evidence: Evidence, inquiry: Inquiry, job: FoundSymbol) -> float:
    """Return the share of the question in what a job and the programs of its steps say of themselves."""
    rows = inquiry.reader.execute(
        "SELECT s.name, s.doc FROM symbol s WHERE s.blob_id = ? AND s.kind IN ('job', 'step')"
        " UNION ALL SELECT p.name, p.doc FROM reference r JOIN symbol p ON p.name = r.name AND"
        " p.kind = 'program'"
        " WHERE r.blob_id = ? AND r.kind = 'execute'",
        (job.blob_id, job.blob_id),
    ).fetchall()
    said = set(stems(" ".join(f"{name} {doc}" for name, doc in rows) + f" {job.path}"))
    return sum(weight for term, weight in evidence.weights.items() if term in said or _inside(term, job.name))


def _inside(term: str, name: str) -> bool:
    """Return whether a name of eight letters holds the word, as ``POSTTRAN`` holds ``post``."""
    return len(term) >= 4 and term in name.lower()


def _say_job(inquiry: Inquiry, flow: JobFlow) -> None:
    job, sources = flow.job, inquiry.page.sources
    own: list[str] = []
    system: list[str] = []
    cited: list[Citation | None] = [sources.span(job.path, job.name_line, job.name_line)]
    for step in flow.steps:
        if not step.runs:
            continue
        if step.program is not None:
            own.append(f"`{step.runs[-1]}` ({step.program.path}) in step `{step.name}`")
        else:
            system.append(f"`{step.runs[-1]}`")
        cited.append(sources.span(job.path, step.line, step.line))
    others = f"{listed(list(dict.fromkeys(system))[:6])}, not in this repository" if system else ""
    told = listed([*own[:6], others] if own and others else own[:6] or [others or "nothing that is named"])
    inquiry.page.tell(
        Section.WHAT, f"Job `{job.name}` ({shown_place(job.path, job.name_line)}) runs {told}.", cited[:8]
    )
    documented = {step.program.name: step.program for step in flow.steps if step.program is not None}
    for symbol in [job, *documented.values()][:3]:
        for found in inquiry.documentation(symbol):
            if inquiry.evidence.sharing(found.sentence.text) >= 0.2 and inquiry.page.quote(
                Section.WHAT, found
            ):
                break


def _say_data(inquiry: Inquiry, job: FoundSymbol, step: StepFlow) -> None:
    groups = (
        ("reads", [each for each in step.data if each.reads and not each.writes]),
        ("reads and writes", [each for each in step.data if each.reads and each.writes]),
        ("writes", [each for each in step.data if each.writes and not each.reads]),
        (
            "names, without a direction that JCL or a program shows,",
            [e for e in step.data if not (e.reads or e.writes)],
        ),
    )
    runner = f"`{step.runs[-1]}`" if step.runs else f"step `{step.name}`"
    for said, uses in groups:
        if uses:
            # A control statement that deletes or defines is known as a write, no more; and the
            # program that does nothing has data sets only to make or delete them.
            keeps = bool(step.runs) and step.runs[-1] == "IEFBR14"
            keeps = keeps or all(use.dd == "SYSIN" for use in uses)
            verb = "defines, fills or deletes" if said == "writes" and keeps else said
            names = listed([f"{use.dataset} (DD {use.dd})" for use in uses[:8]])
            inquiry.page.tell(Section.WHAT, f"{runner} {verb} {names}.", _proof(inquiry, job, uses))


def _proof(inquiry: Inquiry, job: FoundSymbol, uses: Sequence[DataUse]) -> list[Citation | None]:
    sources = inquiry.page.sources
    out: list[Citation | None] = []
    for use in uses[:8]:
        out.append(sources.span(job.path, use.line, use.line))
        out += [sources.span(use.program_path, line, line) for line in use.evidence[:_CITED_LINES]]
    return out


def _say_copybooks(inquiry: Inquiry, flow: JobFlow) -> None:
    sources = inquiry.page.sources
    for program in {
        step.program.path_id: step.program for step in flow.steps if step.program is not None
    }.values():
        copies = [
            each for each in imports_of(inquiry.reader, program.path_id) if each.kind is ReferenceKind.COPY
        ]
        if copies:
            names = listed([copy.path for copy in copies[:8]])
            inquiry.page.tell(
                Section.WHAT,
                f"`{program.name}` takes its record layouts from {names}.",
                [sources.span(program.path, copy.line, copy.line) for copy in copies[:8]],
            )
