"""How each language and its logging libraries write a call that logs, and which level it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.shapes.logs import Level, Writes


class How(StrEnum):
    """Which of the arguments make the message."""

    FIRST = "first"
    """The first argument that holds a text."""
    ALL = "all"
    """All of them, with blanks between."""
    STREAM = "stream"
    """What is put into a stream, up to the end of the statement."""
    LINE = "line"
    """What follows on the line, without brackets."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to log: ``pattern`` ends where the arguments begin, and may have a group ``level``."""

    pattern: re.Pattern[str]
    writes: Writes
    how: How = How.FIRST
    level: Level = Level.NONE
    fields: bool = False
    """Values may follow the text in what is written, as ``key=value`` or JSON."""


_NAMES: Final = {
    Level.TRACE: "trace finest finer verbose trc v logv logtrace silly",
    Level.DEBUG: "debug fine config dbg dbug d logd logdebug",
    Level.INFO: "info information log notice i inf logi loginformation success print printf println "
    "alert_info http infof infoln default logger",
    Level.WARNING: "warn warning wrn w logw logwarning warnings",
    Level.ERROR: "error err exception severe e eror fail loge logerror failure wtf fault",
    Level.FATAL: "critical fatal crit emerg emergency alert panic dpanic logcritical die assert f c crt",
}
LEVELS: Final[dict[str, Level]] = {name: level for level, names in _NAMES.items() for name in names.split()}
"""What loggers and lines call a level, in small letters, and the level that we call it."""

_WORD_LEVELS: Final = "trace|debug|info|notice|warn|warning|error|err|exception|critical|crit|fatal|severe"
_LOGGER: Final = (
    r"(?:\w*[lL]ogger|\w*LOGGER|logging|_*[lL]og|_?LOG|\w+_log|\w+Log|[lL]g|loguru|structlog)\b(?:\(\))?"
)


def level_named(name: str) -> Level:
    """Return the level of a method, a macro or a word in a line (``Warnf``, ``LogError``, ``LOG_ERR``)."""
    word = name.lower().rstrip("!").strip("_")
    found = LEVELS.get(word)
    if found is not None:
        return found
    for ending in ("f", "w", "ln", "ctx", "context", "c", "s", "_log", "_ratelimited", "_once", "x", "sync"):
        if word.endswith(ending) and (found := LEVELS.get(word.removesuffix(ending))) is not None:
            return found
    for part in re.split(r"[^a-z]+", word):
        if len(part) > 2 and (found := LEVELS.get(part)) is not None and part not in ("log", "default"):
            return found
    return Level.NONE


def _rule(
    pattern: str, writes: Writes = Writes.LOGS, how: How = How.FIRST, level: Level = Level.NONE, *,
    fields: bool = False,
) -> Rule:  # fmt: skip
    return Rule(re.compile(pattern), writes, how, level, fields)


_PY_LEVELS: Final = rf"(?P<level>{_WORD_LEVELS}|log|success|msg)"
_PYTHON: Final = (
    _rule(
        rf"(?<![\w.])(?:[\w.]+\.)?{_LOGGER}(?:\.(?:bind|opt|getChild|new)\([^()\n]*\))?\."
        rf"(?P<level>(?:a?(?:{_WORD_LEVELS}))|log|success|msg)\s*\(",
        fields=True,
    ),
    _rule(r"\bget_?[lL]ogger\([^()\n]*\)\." + _PY_LEVELS + r"\s*\(", fields=True),
    _rule(r"(?<![\w.])warnings\.warn\s*\(", level=Level.WARNING),
    _rule(r"(?:(?<![\w.])print|\bstd(?:out|err)\.write|\bclick\.s?echo|\btyper\.echo|\bconsole\.print)\s*\(",
          Writes.PRINTS, How.ALL),
    _rule(r"\braise\s+[\w.]+\s*\(", Writes.RAISES, level=Level.ERROR),
)  # fmt: skip
_JVM_LEVELS: Final = (
    r"(?P<level>trace|debug|info|warn|error|fatal|severe|warning|finest|finer|fine|config|log|"
    r"(?:trace|debug|info|warn|error)f|logf)"
)
_JVM: Final = (
    _rule(rf"(?<![\w.])(?:[\w.]+\.)?{_LOGGER}\s*\.\s*{_JVM_LEVELS}\s*[({{]"),
    _rule(r"\.at(?P<level>Trace|Debug|Info|Warn|Error)\(\)(?:\s*\.\w+\([^()]*\))*\s*\.log\s*\("),
    _rule(r"\b(?:logger|log)\s*\.\s*log\s*\(\s*Level\.(?P<level>\w+)\s*,"),
    _rule(r"\bSystem\.(?:out|err)\.print(?:ln|f)?\s*\(", Writes.PRINTS),
    _rule(r"\bthrow\s+new\s+[\w.<>]+\s*\(", Writes.RAISES, level=Level.ERROR),
)
_KOTLIN: Final = (*_JVM, _rule(r"(?<![\w.])println\s*\(", Writes.PRINTS))
_GO_LEVELS: Final = (
    r"(?P<level>(?:Trace|Debug|Info|Notice|Warn|Warning|Error|Fatal|Panic|DPanic|Print|Critical|Log)"
    r"(?:f|w|ln|Context|ContextF|Ctx|S|Depth|lnDepth|KV)?)"
)
_GO: Final = (
    # zerolog puts its level first and its text last.
    _rule(
        r"\.(?P<level>Trace|Debug|Info|Warn|Error|Fatal|Panic)\(\)(?:\s*\.\s*\w+\((?:[^()]|\([^()]*\))*\))*?"
        r"\s*\.\s*Msgf?\s*\(",
        fields=True,
    ),
    _rule(
        r"(?:\b(?:\w+\.)*(?:\w*[lL]og(?:ger)?|s?[lL]og|zap|klog|glog|logrus|sugar|slog|l|lg|logw?|entry|logging|"
        r"console|jww)|[lL]og(?:ger)?\(\w*\)|\)|\.[LS]\(\))\s*\.\s*" + _GO_LEVELS + r"\s*\(",
        fields=True,
    ),
    _rule(r"\bfmt\.(?:Print(?:f|ln)?|Fprint(?:f|ln)?)\s*\(", Writes.PRINTS, How.ALL),
    _rule(r"\b(?:errors\.(?:New|Errorf|Wrapf?)|fmt\.Errorf|panic)\s*\(", Writes.RAISES, level=Level.ERROR),
)
_JS: Final = (
    _rule(r"\bconsole\.(?P<level>log|info|warn|error|debug|trace)\s*\(", Writes.LOGS, How.ALL),
    _rule(
        r"(?<![\w.])(?:[\w.]+\.)?(?:\w*[lL]ogger|\w*[lL]og|winston|npmlog|bunyan|pino)(?:\(\))?\."
        r"(?P<level>trace|debug|verbose|silly|http|info|log|notice|warn|warning|error|fatal|success|crit)\s*\(",
        fields=True,
    ),
    _rule(r"(?<![\w.])debug\s*\(", level=Level.DEBUG, fields=True),
    _rule(r"\bprocess\.std(?:out|err)\.write\s*\(", Writes.PRINTS),
    _rule(r"\bthrow\s+(?:new\s+)?[\w.]+\s*\(", Writes.RAISES, level=Level.ERROR),
)
_RUST: Final = (
    _rule(
        r"\b(?:\w+::)*(?P<level>trace|debug|info|warn|error|crit|critical|fatal|event|log)!\s*[(\[{]",
        fields=True,
    ),
    _rule(r"\b(?:std::)?e?print(?:ln)?!\s*\(", Writes.PRINTS),
    _rule(r"\b(?:panic|bail|anyhow|ensure|unreachable|todo)!\s*\(", Writes.RAISES, level=Level.ERROR),
)
_CSHARP: Final = (
    _rule(
        rf"(?<![\w.])(?:[\w.]+\.)?(?:{_LOGGER}|_?\w*[lL]ogger|Log|Trace|Debug)\??\.\s*"
        r"(?P<level>Log(?:Trace|Debug|Information|Warning|Error|Critical)?|Verbose|Debug|Information|Info|"
        r"Warning|Warn|Error|Fatal|Trace(?:Information|Warning|Error)?|WriteLine|DebugFormat|InfoFormat|"
        r"WarnFormat|ErrorFormat|FatalFormat)\s*\("
    ),
    _rule(r"\bLoggerMessage\.Define(?:<[^>]*>)?\s*\(\s*LogLevel\.(?P<level>\w+)\s*,"),
    _rule(r"\[LoggerMessage\s*\((?=[^\]]*?LogLevel\.(?P<level>\w+))?"),
    _rule(r"\bConsole\.(?:Error\.)?Write(?:Line)?\s*\(", Writes.PRINTS),
    _rule(r"\bthrow\s+new\s+[\w.<>]+\s*\(", Writes.RAISES, level=Level.ERROR),
)
_RUBY: Final = (
    _rule(
        r"(?:(?<![\w.])(?:[\w.@:]+\.)?\w*(?:logger|log|LOGGER|LOG)|Logger)\.(?P<level>debug|info|warn|error|fatal|"
        r"unknown)\b\s*(?:\(|\{|do\b|(?=[\"']))",
        how=How.LINE,
    ),
    _rule(r"(?<![\w.:])(?:\$std(?:out|err)\.)?(?:puts|warn|abort)\b\s*\(?(?=\s*[\"'])",
          Writes.PRINTS, How.LINE),
    _rule(r"\braise\b\s*(?:\(|[\w:]+\s*,\s*|[\w:]+\.new\(|(?=[\"']))(?=\s*[\"'])", Writes.RAISES, How.LINE,
          Level.ERROR),
)  # fmt: skip
_PHP: Final = (
    _rule(
        r"(?:\$\w+|->\w+|\w+\(\)|\bLog|\bLogger|\b\w*Log|->logger\([^()]*\))(?:->|::)"
        r"(?P<level>debug|info|notice|warning|warn|error|critical|alert|emergency|log|addDebug|addInfo|addError|"
        r"addWarning)\s*\(",
        fields=True,
    ),
    _rule(r"(?<![\w>:$])(?P<level>error)_log\s*\("),
    _rule(r"(?<![\w>:$])syslog\s*\(\s*LOG_(?P<level>\w+)\s*,"),
    _rule(r"(?<![\w>:$])(?:trigger_error|watchdog)\s*\(", level=Level.ERROR),
    _rule(r"(?<![\w>:$])(?:echo|print)\b\s*\(?(?=\s*[\"'])", Writes.PRINTS, How.LINE),
    _rule(r"\bthrow\s+new\s+[\w\\]+\s*\(", Writes.RAISES, level=Level.ERROR),
)
_C: Final = (
    _rule(r"\bsyslog\s*\(\s*(?:LOG_MAKEPRI\([^()]*\)|LOG_\w+\s*\|\s*)?LOG_(?P<level>\w+)\s*,"),
    _rule(
        r"\b(?:q(?P<level>Debug|Info|Warning|Critical|Fatal)\(\)|(?:[PD]?V?LOG|DLOG|LOG_IF|BOOST_LOG_TRIVIAL|LOG4\w+)"
        r"\s*\((?:[^()]|\([^()]*\))*\))\s*<<",
        how=How.STREAM,
    ),
    _rule(r"\bstd::(?:cout|cerr|clog)\s*<<|(?<![\w:])(?:cout|cerr|clog)\s*<<", Writes.PRINTS, How.STREAM),
    _rule(r"\bspdlog::(?P<level>\w+)\s*\(|->(?P<level2>trace|debug|info|warn|error|critical)\s*\("),
    _rule(r"\bereport\s*\(\s*(?P<level>\w+)\s*,\s*\((?:[^\"]*?)errmsg(?:_internal)?\s*\("),
    _rule(r"\b(?P<level>\w*?(?:[lL][oO][gG]|[wW][aA][rR][nN]|WARN|[eE][rR][rR]|[iI][nN][fF][oO]|"
          r"[dD][eE][bB][uU][gG]|[nN]otice|NOTICE|[tT]race|TRACE|[fF]atal|FATAL|[fF]ail|[pP]anic|die|DBG)"
          r"\w{0,16})\s*\("),
    _rule(r"\b(?:printf|fprintf|dprintf|puts|fputs|perror|vfprintf|g_print|g_printerr|printk)\s*\(",
          Writes.PRINTS),
    _rule(r"\bthrow\s+[\w:<>]+\s*\(", Writes.RAISES, level=Level.ERROR),
)  # fmt: skip
_PERL: Final = (
    _rule(r"(?:\$\w*log\w*|->log(?:ger)?)->(?P<level>trace|debug|info|notice|warn|error|fatal)f?\s*\("),
    _rule(r"(?<![\w>$@%])(?P<level>warn|die|carp|croak|confess)\b\s*\(?(?=\s*[\"'])", how=How.LINE),
    _rule(r"(?<![\w>$@%])(?:print|printf|say)\b\s*(?:\{\s*\*?\w+\s*\}|STDERR|STDOUT)?\s*\(?(?=\s*[\"'])",
          Writes.PRINTS, How.LINE),
)  # fmt: skip
_COMMAND: Final = r"(?:^|[;&|{(]|\bthen|\bdo|\belse)[ \t]*"
_SHELL: Final = (
    _rule(_COMMAND + r"(?:logger(?:\s+-\w+(?:\s+[\w.]+)?)*)\s+(?=[\"'])", how=How.LINE),
    _rule(_COMMAND + r"(?:echo|printf)(?:\s+-\w+)*\s+(?=[\"'])", Writes.PRINTS, How.LINE),
    _rule(_COMMAND + r"(?P<level>\w*(?:log|info|warn|error|die|debug)\w*)\s+(?=[\"'])",
          how=How.LINE),
)  # fmt: skip
_ELIXIR: Final = (_rule(r"\bLogger\.(?P<level>debug|info|notice|warning|warn|error|critical)\s*\("),)
_APPLE: Final = (
    _rule(r"\b(?:NSLog|os_log(?:_(?P<level>\w+))?|DDLog(?P<level2>\w+))\s*\("),
    _rule(r"\b\w*[lL]og(?:ger)?\.(?P<level>debug|info|notice|warning|error|fault|critical|trace)\s*\("),
    _rule(r"(?<![\w.])print\s*\(", Writes.PRINTS),
    *_C,
)
_COBOL: Final = (
    _rule(r"(?im)^.{6}[^*/]\s+.*?\bDISPLAY\b(?=\s)|^\s+DISPLAY\b(?=\s)", Writes.PRINTS, How.LINE),
)
_SQL: Final = (
    _rule(r"(?i)\bdbms_output\.put(?:_line)?\s*\(", Writes.PRINTS),
    _rule(r"(?i)\braise\s+(?P<level>debug|log|info|notice|warning|exception)\s+", how=How.LINE),
    _rule(r"(?i)\b(?:raise_application_error|raiserror)\s*\(", Writes.RAISES, level=Level.ERROR),
)
_VB: Final = (
    _rule(r"\b(?:\w*[lL]og(?:ger)?|Log)\.(?P<level>\w+)\s*\("),
    _rule(r"\b(?:Console|Debug|Trace)\.(?:Print|Write(?:Line)?)\s*\(?", Writes.PRINTS, How.LINE),
)
_POWERSHELL: Final = (
    _rule(
        r"(?i)\bWrite-(?P<level>Host|Output|Verbose|Debug|Warning|Error|Information)\s+(?=[\"'(])",
        how=How.LINE,
    ),
)
_LUA: Final = (
    _rule(r"\b(?:ngx\.)?log\s*\(\s*(?:ngx\.(?P<level>\w+)\s*,)?"),
    _rule(r"(?<![\w.])(?:print|error|warn)\s*\(", Writes.PRINTS),
)

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "python": _PYTHON, "java": _JVM, "scala": _KOTLIN, "groovy": _KOTLIN, "kotlin": _KOTLIN,
    "gradle": _KOTLIN, "jsp": _JVM, "apex": _JVM, "go": _GO, "javascript": _JS, "typescript": _JS,
    "tsx": _JS, "vue": _JS,
    "svelte": _JS, "rust": _RUST, "csharp": _CSHARP, "fsharp": _CSHARP, "ruby": _RUBY, "php": _PHP, "c": _C,
    "cpp": _C, "cuda": _C, "objc": _APPLE, "swift": _APPLE, "perl": _PERL, "bash": _SHELL, "fish": _SHELL,
    "elixir": _ELIXIR, "cobol": _COBOL, "sql": _SQL, "plsql": _SQL, "vb": _VB, "powershell": _POWERSHELL,
    "lua": _LUA, "dart": (*_KOTLIN, _rule(r"(?<![\w.])(?:debugPrint|print)\s*\(", Writes.PRINTS)),
}  # fmt: skip
"""The rules of each language, the surest first: where two begin in one place, the first counts."""
