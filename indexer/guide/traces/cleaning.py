"""From pasted text to lines of a trace: colours, quoting and the heads of log lines taken off."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from indexer.guide.traces.unpacking import LONGEST_LINE, flattened, unpacked

MOST_CHARACTERS: Final = 16_000_000
"""Of one text; beyond them both ends are read."""

MOST_LINES: Final = 20_000
"""Lines that are read, half from each end: a message stands at one of them."""

_COLOURS: Final = re.compile(
    r"(?:\x1b|\\x1b|\\u001b|\\033)\[[0-9;:?]{0,40}[ -/]?[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_SAID: Final = re.compile(
    r"^\s*(?:\[\d\d-\w{3}-\d{4} [\d:.]{8,15}\] )?(?:WARNING|NOTICE): (?:\[pool [^\]]{1,80}\] )?"
    r"child \d{1,9} said into "
    r"std(?:err|out): \"(?P<said>.*?)\"?(?:, pipe is closed)?$"
)
"""As php-fpm hands on what a worker wrote."""
_LINKED: Final = re.compile(
    r"\[(?P<text>[^\[\]]{3,300})\]"
    r"\((?:(?:https?://)?(?P=text)\)|(?P<url>(?:https?://|mailto:)[^\s()]{1,500})(?:\)|$))"
)
"""What a page of a tracker made a link of, since it looked like an address, or an issue's number."""
_ISSUE: Final = re.compile(r"[?&]id=(?P<number>\d{1,9})$")
_MANGLED: Final = re.compile(r"\*\*(\w+)\*\*")
"""Markdown's bold where the source had two underscores: ``**init**.py``."""

_LEVEL: Final = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE)"
_OPENING: Final = (
    r"(?!panic:|fatal error:|Caused by:|goroutine \d|thread '|Traceback |[\w.\\$]+(?:Error|Exception):)"
)
"""What no process is called: the words with which a trace begins."""

_HEADS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:> ?){1,6}(?=\S| )",  # quoted in a mail
        r"[\w.@/-]{1,80}\s{0,20}\| ?",  # docker compose, docker service
        r"\d{4}-\d\d-\d\dT[\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)? (?:stdout|stderr) [FP] ",  # kubernetes
        # A time, and the fields that programs put after it.
        (
            r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?"
            rf"(?:[:,]? ?{_LEVEL}\b[\]:/\w-]{{0,40}})?"
            rf"(?:: {_LEVEL}/[\w-]{{1,40}}\])?[ :|-]{{0,2}}"
        ),
        # syslog: with its host and its process, or bare.
        (
            rf"[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d {_OPENING}"
            r"(?:[\w.-]{1,80} [\w./-]{1,80}(?:\[\d{1,9}\])?: ?|[\w./-]{1,80}\[\d{1,9}\]: ?)"
        ),
        r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: |$)",
        # PHP's own log, Apache's, nginx's.
        r"\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [\w/+-]{1,40})?\] ",
        (
            r"\[?[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4}\] "
            r"(?:\[[^\]]{1,60}\] ){0,4}"
        ),
        r"\[\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\](?: \[[^\]]{1,60}\]:?)? ?",
        r"\d\d:\d\d:\d\d(?:[.,]\d{1,6})? (?:\[[^\]]{1,60}\] ?)?",
        r"[VDIWEF]/[\w.-]{1,60}\( ?\d{1,7}\): ",  # Android's logcat
        r"\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +\d{1,7} +\d{1,7} [VDIWEF] [\w.:-]{1,60}: ",
        r"==\d{1,9}== ",  # valgrind, the sanitizers
        rf"{_LEVEL}(?:\s*[:|]|\s{{1,3}}\[[^\]]{{1,60}}\]) ",
        rf"\[{_LEVEL}\] ",
        rf"{_LEVEL}:[\w.-]{{1,80}}:(?=\S| |$)",  # Python's logging, as it is set up by default
        r"NOTICE: PHP message: ",
    )
)
"""What programs, containers and mail put before each line. Blanks behind them are the line's own."""

_CUT_PYTHON: Final = re.compile(r'(?:^|\s)File(?: "[^"]{1,500}",(?: line(?: \d{1,9},(?: in)?)?)?)?$')
_OPEN_PYTHON: Final = re.compile(r'^\s*File "[^"]{1,500}$')
_REST_PYTHON: Final = re.compile(r'^ ?(?P<rest>[^"\n]{1,300}", line \d{1,9}, in \S+)\s*$')
"""A frame of Python that a terminal broke within its path: what follows is set in by one, or not at all."""
_WHOLE_PYTHON: Final = re.compile(r'File "[^"]{1,500}", line \d{1,9}, in \S+$')
_PIECES: Final = 3
"""Lines that a terminal makes of the line of a frame."""
_CUT_RICH: Final = re.compile(r"^(?P<whole>│ \S.*\.py:\d{1,9} in)\s*│?$")
_REST_RICH: Final = re.compile(r"^│ (?P<name>[\w<>]+)\s*│?$")
_CUT_GDB: Final = re.compile(r"^#\d{1,5} +(?:0x[0-9a-f]+ in )?\S[^#]{0,400}? ?\(")
_BARE_GDB: Final = re.compile(r"^#\d{1,5} +(?:0x[0-9a-f]+ in )?[\w:~<>.]+$")
"""A frame whose arguments begin on the line below."""
_SPACED_GDB: Final = re.compile(r"^# (?=\d{1,3} +(?:0x[0-9a-f]+ in )?[\w:~]+ \()")
"""A frame whose number was kept from being a reference to an issue."""
_STOPPED_GDB: Final = re.compile(r"^(?:0x[0-9a-f]{6,16} in \S+|[A-Za-z_~][\w:~<>]*) \(")
"""Where gdb tells without a number that a program stopped."""
_SHOWN_GDB: Final = re.compile(
    r"^[A-Za-z_~][\w:~<>]* \([\w.@]+=[^\n]{0,1000}\) at \S{1,400}\.(?:c|cc|cpp|cxx|h|hpp|m|mm|y|l):\d{1,7}$"
)
"""The same where nothing else of what it told was pasted: arguments with their values no other writes so."""
_SIGNAL_GDB: Final = re.compile(r" received signal SIG|^Program terminated with signal ")
_PLACED_GDB: Final = re.compile(r" (?:at \S+:\d+|from \S+)$")
"""How a frame of gdb's ends. Its arguments may hold anything: ``<error: Cannot access memory at ...>``."""
_CUT_DOTNET: Final = re.compile(r"^\s*(?:in|at) [\w.<>`+]+\([^()]*\) \w+$")
_PLACE_DOTNET: Final = re.compile(r"^\s*\S.*\.(?:cs|vb|fs):")

_LEVEL_ONLY: Final = 3
"""Heads that are taken off one line, one after another."""


def lines_of(text: str) -> tuple[list[str], int]:
    """Return the lines of a text, cleaned, and how many in the middle were left out."""
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]}\n{text[-half:]}"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    left_out = max(len(lines) - MOST_LINES, 0)
    if left_out:
        half = MOST_LINES // 2
        lines = lines[:half] + lines[-half:]
    spread: list[str] = []
    if _is_cut(lines):
        lines = lines[:-1]
    for line in lines:
        spread += unpacked(line)
    quoted = [line.startswith(">") for line in spread]
    alone = [
        own and not before and not after
        for before, own, after in zip([False, *quoted], quoted, [*quoted[1:], False], strict=False)
    ]
    return [
        clean(line[:LONGEST_LINE], marked=mark) for line, mark in zip(spread, alone, strict=True)
    ], left_out


def _is_cut(lines: list[str]) -> bool:
    """Return whether the last line is what all before it begin with: a text was cut off within a prefix."""
    before = [line for line in lines[-12:-1] if line.strip()]
    return (
        len(before) > 2
        and len(lines[-1]) > 1
        and all(line.startswith(lines[-1]) and len(line) > len(lines[-1]) for line in before)
    )


_WITHIN_DOTNET: Final = re.compile(
    r"^\s*(?:at|bei|à|en|em|w|in|в|在|場所) [A-Za-z_<][\w.<>`|+\[\]]*\.[\w.<>`|+\[\]]+ ?\([^()]{1,1000}$"
)
_REST_DOTNET: Final = re.compile(r"^\s*(?!(?:at|bei) )[\w.`<>,&*?\[\] ]{1,300}\)")
"""A frame of .NET that a page broke among its parameters."""
_CUT_SCRIPT: Final = re.compile(r"(?:^|\s)at(?: (?:async )?[\w.$<>\[\]]+)?$|\sat [\w.$<>]+ \([^()\s]{1,300}$")
_ENDING: Final = 700
"""Characters at the end of a line in which `_CUT_SCRIPT` is looked for; all that it takes is shorter."""
_REST_SCRIPT: Final = re.compile(
    r"^\s*(?:[\w.$<>]+ ?)?\((?:/|[A-Za-z]:|node:|file:)[^()\n]{1,300}:\d+:\d+\)|^\s*[\w.$<>]+\s*$"
)
"""Frames of a script on one line that a mail broke anywhere between its words."""
_CUT_PHP: Final = re.compile(r"^\W{0,3}#\d{1,6} +\S.{0,400}\(\d{1,7}\):\s*$")
_CALL_PHP: Final = re.compile(r"^\s*(?:[\w\\]+(?:->|::))?[\w{}\\]+\(.*$")
"""A frame of PHP whose call a mail has put on a line of its own."""
_UNCAUGHT_PHP: Final = re.compile(r"\bUncaught [\w\\]+(?: |:|$)")
_PIECES_PHP: Final = 9


def joined(lines: Sequence[str]) -> list[str]:
    """Return lines with those put together again that a terminal, a mail or a debugger had broken."""
    whole: list[str] = []
    at = 0
    while at < len(lines):
        told, pieces = next(
            (found for join in _JOINED if (found := join(lines, at)) is not None), ([lines[at]], 1)
        )
        whole += told
        at += pieces
    return whole


_Joined = tuple[list[str], int]
"""What some lines were made of, and how many they are."""


def _following(lines: Sequence[str], at: int) -> str:
    return lines[at + 1] if at + 1 < len(lines) else ""


def _of_python(lines: Sequence[str], at: int) -> _Joined | None:
    line, following = lines[at], _following(lines, at)
    if _OPEN_PYTHON.match(line) and (rest := _REST_PYTHON.match(following)):
        return [line.rstrip() + rest["rest"]], 2
    if _CUT_PYTHON.search(line) and (pieces := _broken_python(lines, at)):
        return [" ".join([line, *(each.strip() for each in lines[at + 1 : at + pieces])])], pieces
    if (cut := _CUT_RICH.match(line)) and (rest := _REST_RICH.match(following)):
        return [f"{cut['whole']} {rest['name']}"], 2
    return None


def _of_dotnet(lines: Sequence[str], at: int) -> _Joined | None:
    line, following = lines[at], _following(lines, at)
    if _CUT_DOTNET.match(line) and _PLACE_DOTNET.match(following):
        return [f"{line} in {following.strip()}"], 2
    if _WITHIN_DOTNET.match(line) and _REST_DOTNET.match(following):
        # Its place may stand on yet another line.
        further = [f"{line} {following.strip()}", *lines[at + 2 : at + 3]]
        told = _of_dotnet(further, 0)
        return (told[0], told[1] + 1) if told is not None else (further[:1], 2)
    return None


def _is_cut_script(line: str) -> bool:
    # What a line ends with is all that counts: one made of thousands is not read from its start again.
    return _CUT_SCRIPT.search(line, max(len(line) - _ENDING, 0)) is not None


def _of_script(lines: Sequence[str], at: int) -> _Joined | None:
    line, pieces = lines[at], 1
    if not (_is_cut_script(line) and _REST_SCRIPT.match(_following(lines, at))):
        return None
    while at + pieces < len(lines) and len(line) < LONGEST_LINE and _is_cut_script(line):
        line = f"{line} {lines[at + pieces].strip()}"
        pieces += 1
    return flattened(line), pieces


def _of_php(lines: Sequence[str], at: int) -> _Joined | None:
    line, following = lines[at], _following(lines, at)
    if _CUT_PHP.match(line) and _CALL_PHP.match(following):
        return [f"{line} {following.strip()}"], 2
    if _UNCAUGHT_PHP.search(line) and (pieces := _broken_php(lines, at)):
        return [" ".join([line, *(each.strip() for each in lines[at + 1 : at + pieces])])], pieces
    return None


def _of_gdb(lines: Sequence[str], at: int) -> _Joined | None:
    line, next_one = lines[at], at + 1
    stopped = _STOPPED_GDB.match(line) and at and _SIGNAL_GDB.search(lines[at - 1])
    if stopped or (_SHOWN_GDB.match(line) and not any(each.startswith("#0") for each in lines)):
        line = f"#0  {line}"
    if _BARE_GDB.match(line) and _following(lines, at).startswith("    ("):
        line, next_one = f"{line} {lines[at + 1].strip()}", at + 2
    if _CUT_GDB.match(line) and _PLACED_GDB.search(line) is None:
        line, next_one = _with_rest(line, lines, next_one)
    return [line], next_one - at


_JOINED: Final = (_of_python, _of_dotnet, _of_script, _of_php, _of_gdb)


def _broken_python(lines: Sequence[str], at: int) -> int:
    """Return how many lines from ``at`` on are one frame of Python's; 0 where they are none."""
    for pieces in range(2, _PIECES + 1):
        if _WHOLE_PYTHON.search(" ".join(each.strip() for each in lines[at : at + pieces])):
            return pieces
    return 0


def _broken_php(lines: Sequence[str], at: int) -> int:
    """Return over how many lines from ``at`` on an error of PHP's is told, up to its frames; 0 where it is
    not broken, or has none.
    """
    for pieces in range(1, _PIECES_PHP + 1):
        if at + pieces < len(lines) and lines[at + pieces].strip() in ("", "Stack trace:"):
            traced = any(each.strip() == "Stack trace:" for each in lines[at + pieces : at + pieces + 2])
            return pieces if traced and pieces > 1 else 0
    return 0


def _with_rest(line: str, lines: Sequence[str], at: int) -> tuple[str, int]:
    """Return a frame of gdb's with the arguments and the place that stand on the lines below it."""
    while (
        at < len(lines)
        and len(line) < LONGEST_LINE
        and lines[at].startswith("    ")
        and not lines[at].lstrip().startswith("#")
        and _PLACED_GDB.search(line) is None
    ):
        line += " " + lines[at].strip()
        at += 1
    return line, at


def _unlinked(match: re.Match[str]) -> str:
    issue = _ISSUE.search(match["url"] or "") if match["text"].isdigit() else None
    return f"#{issue['number']}" if issue else match["text"]


def clean(line: str, *, marked: bool = False) -> str:
    """Return one line without colours, control characters and the heads of log lines.

    ``marked``: what it begins with is a pointer at the line, as pytest sets one, and no mail's quoting.
    """
    if "\x1b" in line or "\\x1b" in line or "\\u001b" in line or "\\033" in line:
        line = _COLOURS.sub("", line)
    line = _CONTROLS.sub("", line).expandtabs(8).rstrip()
    if "&" in line and ("&lt;" in line or "&gt;" in line or "&quot;" in line or "&#39;" in line):
        line = html.unescape(line)
    if "**" in line:
        line = _MANGLED.sub(r"__\1__", line)
    if "said into std" in line and (said := _SAID.match(line)):
        line = said["said"]
    if "](" in line:
        line = _LINKED.sub(_unlinked, line)
    for _ in range(_LEVEL_ONLY):
        for head in _HEADS if not marked else ():
            match = head.match(line)
            if match and match.end():
                line = line[match.end() :]
                break
        else:
            break
    return _SPACED_GDB.sub("#", line) if line.startswith("# ") else line
