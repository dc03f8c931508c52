"""Jobs that the clock starts: cron, celery beat, Spring, Quartz, workflows of GitHub, batch jobs of JCL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

from indexer.guide.inventory.code import Argument, Call, Code
from indexer.guide.inventory.cron import plainly
from indexer.guide.inventory.facts import JobFact
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.guide.inventory.tokens import Kind, word
from indexer.index.job_flow import job_flow
from indexer.index.symbols import FoundSymbol, find_symbols

HINTS: Final[dict[str, re.Pattern[str]]] = {
    "python": re.compile(
        rf"{word('crontab')}\s*\(|beat_schedule|CELERYBEAT_SCHEDULE|CELERY_BEAT_SCHEDULE|add_periodic_task|periodic_task"
        r"|scheduled_job|add_job\s*\(|schedule\.every|repeat_every|@huey|@cron"
    ),
    **dict.fromkeys(
        ("java", "kotlin", "groovy"),
        re.compile(r"@(?:Scheduled|Scheduled?s|Schedule)\b|cronSchedule|simpleSchedule"),
    ),
    **dict.fromkeys(
        ("javascript", "typescript"), re.compile(r"@(?:Cron|Interval)\(|cron\.schedule|scheduleJob|CronJob")
    ),
    "go": re.compile(r"\.AddFunc\s*\(|\.AddJob\s*\("),
    "ruby": re.compile(r"^\s*every\b.*\bdo\b|\bcron\b", re.MULTILINE),
    "php": re.compile(r"\$schedule->|Schedule::"),
    "csharp": re.compile(r"RecurringJob\.AddOrUpdate|WithCronSchedule|TimerTrigger"),
    "yaml": re.compile(r"\bcron:|kind:\s*CronJob|\bschedule:"),
}
FILES: Final = re.compile(r"(?:^|/)(?:crontab|[\w.-]+\.cron|cron\.d/[\w.-]+|[\w.-]+\.timer)$")
_CRON: Final = re.compile(
    r"^\s*((?:[\d*/,\-?LW#A-Za-z]+\s+){4}[\d*/,\-?LW#A-Za-z]+|@\w+)\s+(?:\w+\s+)?(\S.*)$"
)
_INSIDE: Final = "When it runs is computed when the program starts."


def read(sheet: Sheet) -> Iterator[JobFact]:
    """Yield the scheduled jobs of a file."""
    if FILES.search(sheet.path):
        yield from _timer(sheet) if sheet.path.endswith(".timer") else _crontab(sheet)
    elif sheet.language == "python":
        yield from _python(sheet)
    elif sheet.language in ("java", "kotlin", "groovy"):
        yield from _java(sheet)
    elif sheet.language in ("javascript", "typescript"):
        yield from _script(sheet)
    elif sheet.language == "yaml":
        yield from _yaml(sheet)
    elif sheet.language == "ruby":
        yield from _ruby(sheet)
    elif sheet.language == "php":
        yield from _php(sheet)
    elif sheet.language in ("go", "csharp"):
        yield from _called(sheet)


def batch_jobs(shelf: Shelf) -> Iterator[JobFact]:
    """Yield the jobs of JCL, each with the programs that its steps run; JCL does not say when."""
    rows = shelf.reader.execute(
        "SELECT DISTINCT s.name, p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE s.kind = 'job' ORDER BY p.shown"
    ).fetchall()
    for name, path in rows:
        job = next((each for each in find_symbols(shelf.reader, name) if each.path == path), None)
        if job is None or job.kind != "job":
            continue
        runs = _programs(shelf.reader, job)
        place = Place(path, job.name_line, job.name_line, shelf.mark(job.marks))
        yield JobFact(
            name,
            place,
            "jcl",
            "",
            ", ".join(runs),
            "",
            ("JCL does not say when it is submitted: a scheduler or a person does.",),
        )


def _programs(reader: sqlite3.Connection, job: FoundSymbol) -> list[str]:
    found: dict[str, None] = {}
    for step in job_flow(reader, job).steps:
        for each in step.runs:
            found[each] = None
    return list(found)


# ---------------------------------------------------------------------------------- code


def _python(sheet: Sheet) -> Iterator[JobFact]:
    code = sheet.code
    for index, token in enumerate(code.tokens):
        # ``{"name": {"task": "...", "schedule": crontab(...)}}``
        keyed = token.kind is Kind.STRING and token.text == "schedule" and index + 1 < len(code.tokens)
        made = _beat(sheet, code, index) if keyed and code.tokens[index + 1].text == ":" else None
        if made is not None:
            yield made
    for call in code.calls("add_periodic_task", "periodic_task", "scheduled_job", "add_job", "repeat_every"):
        if not call.arguments:
            continue
        by_key = {each.key: each for each in call.arguments}
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        if call.name in ("periodic_task", "scheduled_job", "repeat_every"):
            when = by_key.get("run_every") or by_key.get("seconds") or call.arguments[0]
            handler = _function_after(code, call.closes)
            rest = (
                ", ".join(code.shown(each) for each in call.arguments[1:])
                if call.name == "scheduled_job"
                else ""
            )
            written = " ".join(part for part in (code.shown(when), rest) if part)
            yield JobFact(
                handler, place, "apscheduler" if call.name == "scheduled_job" else "celery", written, handler
            )
        elif call.name == "add_periodic_task":
            written = code.shown(call.arguments[0])
            runs = code.shown(call.arguments[1]) if len(call.arguments) > 1 else ""
            name = code.text(by_key.get("name")) or runs
            yield JobFact(name, place, "celery", written, runs, plainly(written))
        elif len(call.arguments) > 1 and code.tokens[call.arguments[1].first].kind is Kind.STRING:
            written = ", ".join(_keyed(code, each) for each in call.arguments[1:])
            runs = code.shown(call.arguments[0])
            yield JobFact(runs, place, "apscheduler", written, runs)


def _keyed(code: Code, argument: Argument) -> str:
    return f"{argument.key}={code.shown(argument)}" if argument.key else code.shown(argument)


def _beat(sheet: Sheet, code: Code, index: int) -> JobFact | None:
    opens = next(iter(code.around(index)), None)
    if opens is None or code.tokens[opens].text != "{":
        return None
    given = {each.key: each for each in code.items_between(opens)}
    if "task" not in given:
        return None
    name = code.tokens[opens - 2].text if opens >= 2 and code.tokens[opens - 1].text in (":", "=") else ""
    if name == "]":
        name = code.tokens[opens - 3].text
    if not name or code.tokens[opens - 2].kind is Kind.SIGN:
        return None  # what fills such an entry, not an entry
    written = code.shown(given["schedule"])
    place = Place(
        sheet.path, code.tokens[max(opens - 2, 0)].line, code.tokens[code.partner[opens]].line, sheet.mark
    )
    return JobFact(
        name,
        place,
        "celery",
        written,
        code.text(given["task"]) or code.shown(given["task"]),
        plainly(written),
    )


def _function_after(code: Code, index: int) -> str:
    for at in range(index, min(index + 200, len(code.tokens) - 1)):
        if code.tokens[at].text == "def":
            return code.tokens[at + 1].text
    return ""


def _java(sheet: Sheet) -> Iterator[JobFact]:
    code = sheet.code
    for call in code.calls("Scheduled", "Schedule"):
        if call.starts < 1 or code.tokens[call.starts - 1].text != "@" or not call.arguments:
            continue
        cron = next((each for each in call.arguments if each.key == "cron"), None)
        written = (
            code.text(cron) if cron is not None else ", ".join(_keyed(code, each) for each in call.arguments)
        )
        name = _method_after(code, call.closes)
        owner = sheet.class_at(call.line)
        runs = f"{owner.name}.{name}" if owner is not None else name
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        unknown = () if written else (_INSIDE,)
        yield JobFact(runs, place, "spring", written or "", runs, plainly(written or ""), unknown)
    for call in code.calls("cronSchedule"):
        written = code.text(call.arguments[0]) if call.arguments else None
        place = Place(sheet.path, call.line, code.tokens[call.closes].line, sheet.mark)
        runs = sheet.function_at(call.line)
        yield JobFact(
            runs or "a trigger",
            place,
            "quartz",
            written or "",
            runs,
            plainly(written or ""),
            () if written else (_INSIDE,),
        )


def _method_after(code: Code, index: int) -> str:
    at = index + 1
    while at < min(index + 120, len(code.tokens) - 1):
        if code.tokens[at].text == "@":
            end = code.name_end(at + 1)
            call = code.call_at(end)
            at = (call.closes if call is not None else end) + 1
            continue
        if code.tokens[at].kind is Kind.NAME and code.tokens[at + 1].text == "(":
            return code.tokens[at].text
        at += 1
    return ""


def _script(sheet: Sheet) -> Iterator[JobFact]:
    code = sheet.code
    for call in code.calls("Cron", "Interval", "schedule", "scheduleJob", "CronJob"):
        if not call.arguments:
            continue
        decorated = code.tokens[call.starts - 1].text == "@"
        if call.name in ("Cron", "Interval") and not decorated:
            continue
        if call.name == "schedule" and call.receiver not in ("cron", "nodeCron"):
            continue
        written = code.text(call.arguments[0]) or code.shown(call.arguments[0])
        name = _method_after(code, call.closes) if decorated else code.name_of(call.arguments[-1])
        place = Place(sheet.path, call.line, code.tokens[call.arguments[0].last].line, sheet.mark)
        yield JobFact(
            name or "(written in place)",
            place,
            "nest" if decorated else "node",
            written,
            name,
            plainly(written),
        )


def _called(sheet: Sheet) -> Iterator[JobFact]:
    code = sheet.code
    for call in code.calls("AddFunc", "AddJob", "AddOrUpdate", "WithCronSchedule", "TimerTrigger"):
        texts = [(each, code.text(each)) for each in call.arguments]
        written = next((text for _, text in texts if text and (" " in text or text.startswith("@"))), None)
        if written is None and call.name != "AddOrUpdate":
            continue
        place = Place(sheet.path, call.line, code.tokens[call.arguments[0].last].line, sheet.mark)
        name = next((text for _, text in texts if text and text != written), "") or code.name_of(
            call.arguments[-1]
        )
        framework = (
            "cron" if sheet.language == "go" else "hangfire" if call.name == "AddOrUpdate" else "timer"
        )
        yield JobFact(
            name or sheet.function_at(call.line),
            place,
            framework,
            written or "",
            name,
            plainly(written or ""),
            () if written else (_INSIDE,),
        )


def _php(sheet: Sheet) -> Iterator[JobFact]:
    code = sheet.code
    for call in code.calls("command", "job", "call", "exec"):
        if call.receiver not in ("$schedule", "Schedule") or not call.arguments:
            continue
        runs = code.text(call.arguments[0]) or code.shown(call.arguments[0])
        when = _chained(code, call)
        place = Place(sheet.path, call.line, call.line + 1, sheet.mark)
        yield JobFact(runs, place, "laravel", when, runs, "", () if when else (_INSIDE,))


def _chained(code: Code, call: Call) -> str:
    words, at = [], call.closes + 1
    while at + 2 < len(code.tokens) and code.tokens[at].text == "->":
        following = code.call_at(at + 1)
        if following is None:
            break
        arguments = ", ".join(code.shown(each) for each in following.arguments)
        words.append(f"{following.name}({arguments})")
        at = following.closes + 1
    return " ".join(words)


# ---------------------------------------------------------------------------------- files


def _ruby(sheet: Sheet) -> Iterator[JobFact]:
    """Read whenever's ``every 1.day, at: '4:30 am' do``."""
    if not sheet.path.endswith("schedule.rb"):
        return
    for number, line in enumerate(sheet.lines, 1):
        found = re.match(r"^\s*every[ (](.+?)\)?\s+do\b", line)
        if found is not None:
            runs = sheet.lines[number].strip() if number < len(sheet.lines) else ""
            place = Place(sheet.path, number, min(number + 1, len(sheet.lines)), sheet.mark)
            yield JobFact(runs, place, "whenever", found[1].strip(), runs)


def _yaml(sheet: Sheet) -> Iterator[JobFact]:
    workflow = ".github/workflows/" in f"/{sheet.path}"
    name = next(
        (m[1].strip().strip("'\"") for line in sheet.lines if (m := re.match(r"^name:\s*(.+)$", line))), ""
    )
    kind = next((True for line in sheet.lines if re.match(r"^kind:\s*CronJob\b", line)), False)
    for number, line in enumerate(sheet.lines, 1):
        found = re.match(r"^\s*(?:-\s*)?(cron|schedule):\s*(['\"]?)([^'\"#]+?)\2\s*(?:#.*)?$", line)
        if found is None or (found[1] == "schedule" and not kind) or not plainly(found[3]):
            continue
        place = Place(sheet.path, number, number, sheet.mark)
        stem = sheet.path.rpartition("/")[2]
        framework = "github workflow" if workflow else "kubernetes" if kind else "cron"
        title = name or stem
        if kind:
            meta = re.search(r"metadata:\s*\n\s+name:\s*(\S+)", sheet.text)
            title = meta[1] if meta is not None else stem
        yield JobFact(title, place, framework, found[3].strip(), stem, plainly(found[3]))


def _crontab(sheet: Sheet) -> Iterator[JobFact]:
    for number, line in enumerate(sheet.lines, 1):
        found = None if line.lstrip().startswith("#") else _CRON.match(line)
        if found is not None:
            place = Place(sheet.path, number, number, sheet.mark)
            yield JobFact(found[2].split()[0], place, "cron", found[1], found[2], plainly(found[1]))


def _timer(sheet: Sheet) -> Iterator[JobFact]:
    for number, line in enumerate(sheet.lines, 1):
        found = re.match(r"^\s*(OnCalendar|OnUnitActiveSec|OnBootSec)\s*=\s*(.+)$", line)
        if found is not None:
            stem = sheet.path.rpartition("/")[2].removesuffix(".timer")
            place = Place(sheet.path, number, number, sheet.mark)
            yield JobFact(stem, place, "systemd", f"{found[1]}={found[2].strip()}", f"{stem}.service")
