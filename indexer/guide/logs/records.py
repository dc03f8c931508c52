"""Takes a line of a log apart: time, level, who speaks (logger, class, file), and the message itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from indexer.guide.logs.calls import LEVELS, level_named
from indexer.guide.logs.stamps import Stamp, Stamps
from indexer.shapes.logs import Level, LogForm

LEVEL_WITHIN: Final = 110
"""Characters behind the time within which a word in capitals is the line's level."""

_ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_LEVEL: Final = re.compile(
    r"(?<![\w.])(?:(TRACE|DEBUG|INFO|INFORMATION|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|CRIT|FATAL|SEVERE|ALERT|"
    r"EMERG|"
    r"PANIC|FINE|FINER|FINEST|CONFIG|VERBOSE|DBG|INF|WRN|FTL|VRB|DEBG|EROR)(?![\w])"
    r"|[\[<(](?:\w+:)?(trace|debug|info|notice|warn|warning|error|err|crit|critical|alert|emerg|"
    r"fatal|verbose|dbg|inf|wrn)[\])>]"
    r"|\[(D|I|W|E|F|C)(?=[\] ]))"
)
_LOWER_LEVEL: Final = re.compile(
    r"\s*(trace|trce|debug|dbug|info|notice|warn|warning|error|fail|critical|crit|fatal|verbose|silly|http)"
    r"(?:\[\d+\])?:\s", re.IGNORECASE,
)  # fmt: skip
_PRIORITY: Final = re.compile(r"<(\d{1,3})>(?:\d )?\s*")
_STATUS: Final = re.compile(r"\" (\d)\d\d ")
_SYSLOG_TAG: Final = re.compile(r"\s*(?P<host>[\w.:-]+)\s+(?P<tag>[\w./-]{1,64}(?:\[\d+\])?):\s")
_SYSLOG_NEW: Final = re.compile(r"\s(?P<host>\S+)\s(?P<tag>\S+)\s(?P<pid>\S+)\s\S+\s(?:-|\[.*?\])\s?")
_LOGFMT: Final = re.compile(r"(?:^|(?<=\s))([A-Za-z_@][\w.@/-]*)=(\"(?:[^\"\\]|\\.)*\"|[^\s\"]*)")
_ACCESS: Final = re.compile(r"^\S+ \S+ \S+ \[[^\]]+\] \"[^\"]*\" \d{3} ")
# What a formatter writes behind the level within the same brackets, as Celery does.
_BRACKET_LEFT: Final = re.compile(r"^/[\w.:-]{1,60}\]")
_COMPOSE: Final = re.compile(r"^[\w.-]+ +\| ")
_CRI: Final = re.compile(r"^(\S+) std(?:out|err) [FP] ")
_CALLER: Final = re.compile(r"(?<![\w])([\w./\\-]+\.[A-Za-z]{1,5})[:(](\d{1,6})(?!\d)")
_SPEAKER: Final = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|/|\\|:|-)[A-Za-z_$][\w$]*)+|[A-Za-z_$][\w$]{2,}")


def _keys(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_MESSAGE_KEYS: Final = _keys("message msg event @m @mt MESSAGE text log @message short_message body")
_TIME_KEYS: Final = _keys(
    "timestamp @timestamp time ts @t date datetime asctime t eventTime created __REALTIME_TIMESTAMP"
)
_LEVEL_KEYS: Final = _keys("level severity levelname lvl log.level @l level_name loglevel PRIORITY")
_SPEAKER_KEYS: Final = _keys(
    "logger logger_name name caller source file filename module component SourceContext class target "
    "pathname channel func funcName"
)
_LINE_KEYS: Final = _keys("lineno line line_number")
_TRACE_KEYS: Final = _keys(
    "exception exc_info stack_trace stack stacktrace error.stack_trace @x traceback err"
)

_PINO: Final = {
    10: Level.TRACE,
    20: Level.DEBUG,
    30: Level.INFO,
    40: Level.WARNING,
    50: Level.ERROR,
    60: Level.FATAL,
}
_SYSLOG_LEVELS: Final = (
    Level.FATAL, Level.FATAL, Level.FATAL, Level.ERROR, Level.WARNING, Level.INFO, Level.INFO, Level.DEBUG,
)  # fmt: skip
_KLOG: Final = {"I": Level.INFO, "W": Level.WARNING, "E": Level.ERROR, "F": Level.FATAL, "D": Level.DEBUG}


@dataclass(frozen=True, slots=True)
class Record:
    """A line taken apart. ``stamp`` is where its time stands in the line, if it stands there as text.

    ``exact``: the message is known to begin where ``message`` does; else there may be words of the
    header before it. ``speakers`` are names that may be a logger, a class, a module; ``callers`` files
    with a line. ``trace`` is a stack trace that the line carries in a field.
    """

    form: LogForm
    level: Level
    message: str
    exact: bool
    stamp: Stamp | None = None
    moment: float | None = None
    speakers: tuple[str, ...] = ()
    callers: tuple[tuple[str, int], ...] = ()
    trace: str = ""


_decode: Final = msgspec.json.Decoder().decode


def read_record(text: str, stamps: Stamps) -> Record:
    """Return the parts of one line; its stamp's positions are those in ``text``."""
    start = text[:1]
    if start == "{":
        record = _json(text, stamps)
        if record is not None:
            return record
    if "=" in text and (record := _logfmt(text, stamps)) is not None:
        return record
    return _plain(text, stamps)


def without_colours(text: str) -> str:
    """Return a line without what sets colours on a terminal."""
    return _ANSI.sub("", text) if "\x1b" in text else text


# ----------------------------------------------------------------------------------- private


def _plain(text: str, stamps: Stamps) -> Record:
    offset = 0
    if "|" in text[:60] and (prefix := _COMPOSE.match(text)) is not None:
        offset = prefix.end()
    if (cri := _CRI.match(text)) is not None:
        inner = read_record(text[cri.end() :], stamps)
        found = inner.moment if inner.moment is not None else stamps.of_value(cri[1])
        return replace(inner, stamp=None, moment=found)
    level, form = Level.NONE, LogForm.PLAIN
    if text.startswith("<") and (priority := _PRIORITY.match(text)) is not None:
        level, form = _SYSLOG_LEVELS[int(priority[1]) & 7], LogForm.SYSLOG
        offset = priority.end()
    stamp = stamps.find(text)
    if stamp is None:
        return _said_at(Record(form, level, text[offset:], False), "", text)
    moment = stamps.moment(text[stamp.start : stamp.end], stamp.form)
    rest = text[stamp.end :]
    if _ACCESS.match(text):
        status = _STATUS.search(text)
        worst = {"5": Level.ERROR, "4": Level.WARNING}.get(status[1] if status else "", Level.NONE)
        return Record(LogForm.ACCESS, worst, rest.lstrip("] "), False, stamp, moment)
    record = Record(form, level, rest, False, stamp, moment)
    if stamp.form == "klog":
        record = replace(record, level=_KLOG.get(text[stamp.start], Level.NONE))
    elif stamp.form == "syslog" or form is LogForm.SYSLOG:
        found_record = _syslog(record, stamps)
        if found_record is not None:
            return found_record
    return _said_at(record, text[offset : stamp.start], text)


def _said_at(record: Record, before: str, text: str) -> Record:
    """Return a record with its level taken from the head of its message, and who speaks there."""
    found, end = _level_in(record.message)
    named, message = before, record.message
    level = record.level
    if found is not Level.NONE:
        level, named, message = found, f"{before} {message[:end]}", message[end:]
    elif before:
        own, _ = _level_in(before)
        level = own if own is not Level.NONE else level
    message = _BRACKET_LEFT.sub("", message).lstrip(" \t:-]|,>)")
    # Not `replace`: this runs for each line that is new.
    return Record(
        record.form,
        level,
        message,
        False,
        record.stamp,
        record.moment,
        _speakers(named),
        _callers(text[:200]),
    )


def _syslog(record: Record, stamps: Stamps) -> Record | None:
    """Return the message behind the host and the program's name; None where they do not stand."""
    rest = record.message
    tag = _SYSLOG_TAG.match(rest)
    if tag is None and record.form is LogForm.SYSLOG:
        tag = _SYSLOG_NEW.match(rest)
    if tag is None:
        return None
    inner = rest[tag.end() :]
    if inner[:1] == "{" or "level=" in inner:
        nested = read_record(inner, stamps)
        if nested.form is not LogForm.PLAIN:
            moment = nested.moment if nested.moment is not None else record.moment
            return replace(nested, stamp=record.stamp, moment=moment)
    found, end = _level_in(inner)
    return replace(
        record,
        form=LogForm.SYSLOG,
        level=found if found is not Level.NONE else record.level,
        message=inner[end:].lstrip(" :-]"),
        exact=end == 0,
        speakers=(*_speakers(tag["tag"]), *_speakers(inner[:end])),
        callers=_callers(inner),
    )


def _level_in(text: str) -> tuple[Level, int]:
    """Return the level that the beginning of a text names, and where that word ends."""
    lower = _LOWER_LEVEL.match(text)
    if lower is not None:
        return LEVELS.get(lower[1].lower(), _DOTNET.get(lower[1].lower(), Level.NONE)), lower.end()
    match = _LEVEL.search(text, 0, LEVEL_WITHIN)
    if match is None:
        return Level.NONE, 0
    word = match[1] or match[2] or match[3]
    return _DOTNET.get(word.lower(), LEVELS.get(word.lower(), Level.NONE)), match.end()


_DOTNET: Final = {
    "trce": Level.TRACE, "dbug": Level.DEBUG, "fail": Level.ERROR, "vrb": Level.TRACE, "ftl": Level.FATAL,
    "debg": Level.DEBUG, "fine": Level.DEBUG,
}  # fmt: skip


def _speakers(text: str) -> tuple[str, ...]:
    return tuple(_SPEAKER.findall(text)) if text else ()


def _callers(text: str) -> tuple[tuple[str, int], ...]:
    if "." not in text:
        return ()
    return tuple((name, int(line)) for name, line in _CALLER.findall(text))


def _json(text: str, stamps: Stamps) -> Record | None:
    try:
        found = _decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    if not isinstance(found, dict):
        return None
    return _fields(found, LogForm.JSON, stamps, text)


def _logfmt(text: str, stamps: Stamps) -> Record | None:
    pairs = _LOGFMT.findall(text)
    if len(pairs) < 2:
        return None
    found = {key: _unquoted(value) for key, value in pairs}
    if not ("msg" in found or "message" in found or "event" in found) or not any(
        key in found for key in (*_LEVEL_KEYS, *_TIME_KEYS)
    ):
        return None
    return _fields(found, LogForm.LOGFMT, stamps, text)


def _unquoted(value: str) -> str:
    if value[:1] != '"':
        return value
    inside = value[1:-1]
    return re.sub(r"\\(.)", r"\1", inside) if "\\" in inside else inside


def _fields(found: dict[str, Any], form: LogForm, stamps: Stamps, text: str) -> Record | None:
    nested = found.get("record") if isinstance(found.get("record"), dict) else None
    if nested is not None:  # loguru's own form
        found = {**found, **nested, "message": nested.get("message", "")}
    message = next((found[key] for key in _MESSAGE_KEYS if isinstance(found.get(key), str)), None)
    if message is None:
        return None
    moment, stamp = None, None
    for key in _TIME_KEYS:
        moment = stamps.of_value(found.get(key))
        if moment is not None:
            stamp = _place_of(key, text)
            break
    level = _level_of(next((found[key] for key in _LEVEL_KEYS if key in found), None))
    speakers = tuple(value for key in _SPEAKER_KEYS if isinstance(value := found.get(key), str))
    number = next((found[key] for key in _LINE_KEYS if isinstance(found.get(key), int)), None)
    callers = [each for speaker in speakers for each in _callers(speaker)]
    if number is not None:
        callers += [(speaker, number) for speaker in speakers if "." in speaker or "/" in speaker]
    trace = next(
        (value for key in _TRACE_KEYS if isinstance(value := found.get(key), str) and "\n" in value), ""
    )
    message = message.rstrip("\n")
    inner = None
    if "log" in found and "stream" in found:  # Docker wraps what the program wrote
        inner = read_record(message, stamps)
    if inner is not None:
        return Record(inner.form, inner.level, inner.message, inner.exact, None, inner.moment or moment,
                      inner.speakers, inner.callers, inner.trace)  # fmt: skip
    head, _, more = message.partition("\n")
    if not trace and "\n" in more:
        trace = more
    return Record(form, level, head, True, stamp, moment, speakers, tuple(callers), trace)


def _place_of(key: str, text: str) -> Stamp | None:
    """Return where the value of a field stands in its line, for the lines that are written like it."""
    match = re.search(rf"(?<![\w.@]){re.escape(key)}\"?\s*[:=]\s*(?:\"([^\"\\]+)\"|([\d.]+))", text)
    if match is None:
        return None
    group = 1 if match[1] is not None else 2
    return Stamp(match.start(group), match.end(group), "text" if group == 1 else "number")


def _level_of(value: object) -> Level:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, bool) or value is None:
        return Level.NONE
    if isinstance(value, int):
        if value in _PINO:
            return _PINO[value]
        return _SYSLOG_LEVELS[value] if 0 <= value < 8 else Level.NONE
    if isinstance(value, str):
        return _SYSLOG_LEVELS[int(value)] if value.isdigit() and int(value) < 8 else level_named(value)
    return Level.NONE
