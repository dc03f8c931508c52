"""Calls, decorators and annotations with their arguments, as they stand in one file's tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from indexer.guide.inventory.tokens import Kind, Token, holes_of, partners_of, tokens_of

DEEPEST: Final = 12
"""Names that stand for names are followed so far."""
HOLE: Final = "{?}"
"""What stands in a text for a part that is computed when the program runs."""
_ASSIGNS: Final = frozenset(("=", ":=", "+="))
_DEFINES: Final = frozenset(("def", "function", "func", "class", "fun"))
"""What stands before a name that is defined, not called."""
_LEADS: Final = frozenset(("await", "new", "not", "async", "yield", "return"))
"""Words that stand before a value without ending one."""
_KEYED: Final = frozenset(("=", ":"))


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its keyword, or empty, and the tokens of its value (first to last, inclusive)."""

    key: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``receiver`` is the dotted name before the last dot; ``on`` the index of the bracket
    that closes the call it is chained on, or -1. ``at`` is the index of its name, ``opens`` of its bracket.
    """

    name: str
    receiver: str
    on: int
    at: int
    starts: int
    opens: int
    closes: int
    line: int
    arguments: tuple[Argument, ...]

    @property
    def full(self) -> str:
        """``receiver.name``."""
        return f"{self.receiver}.{self.name}" if self.receiver else self.name


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name that is given a value: ``name = ...``; ``first`` is the index of the value's first token."""

    name: str
    line: int
    first: int


class Code:
    """The tokens of one file, and what is asked of them. ``outside`` gives values of foreign names."""

    def __init__(self, text: str, language: str, outside: Callable[[str], str | None] | None = None) -> None:
        self.language = language
        self.tokens: list[Token] = tokens_of(text, language)
        self.partner = partners_of(self.tokens)
        self._outside = outside

    # ------------------------------------------------------------------------ calls

    def calls(self, *names: str) -> Iterator[Call]:
        """Yield the calls of functions or methods of these names, in order; of all when none is given."""
        known = self._places
        wanted = frozenset(names) or known.keys()
        for index in sorted(index for name in wanted for index in known.get(name, ())):
            if index and self.tokens[index - 1].text in _DEFINES:
                continue
            call = self.call_at(index)
            if call is not None:
                yield call

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """For each name, the indexes of the tokens that write it."""
        found: dict[str, list[int]] = {}
        for index, token in enumerate(self.tokens):
            if token.kind is Kind.NAME:
                found.setdefault(token.text, []).append(index)
        return found

    def call_at(self, index: int) -> Call | None:
        """Return the call whose name is the token at ``index``, or None when it is not called there."""
        opens = self._after_types(index + 1)
        if opens is None or not self._is(opens, "(") or opens not in self.partner:
            return None
        return self._call(index, opens)

    def bare(self, index: int) -> tuple[Argument, ...]:
        """Return the arguments of a name called without brackets, as Ruby does: to the end of its line."""
        last = self.end_of_line(index)
        return tuple(self._split(index + 1, last + 1)) if last > index else ()

    def end_of_line(self, index: int) -> int:
        """Return the index of the last token of a statement that ends with its line, brackets closed."""
        at = index
        while at + 1 < len(self.tokens):
            if self.tokens[at].kind is Kind.OPEN and at in self.partner:
                at = self.partner[at]
                continue
            following = self.tokens[at + 1]
            if following.line > self.tokens[at].line and self.tokens[at].text not in (",", "=>", "\\", "|"):
                return at
            if following.text in ("do", ";", "}") and following.kind is not Kind.STRING:
                return at
            at += 1
        return at

    def chain_start(self, index: int) -> tuple[int, str, int]:
        """Return where the dotted name that ends at ``index`` begins, the part before its last dot, and
        the closing bracket that it hangs on (-1: none).
        """
        parts: list[str] = []
        at = index
        while at >= 2 and self.tokens[at - 1].kind is Kind.DOT:
            before = self.tokens[at - 2]
            if before.kind is Kind.NAME:
                parts.append(before.text)
                at -= 2
            elif before.kind is Kind.CLOSE:
                return at, ".".join(reversed(parts)), at - 2
            else:
                break
        return at, ".".join(reversed(parts)), -1

    # ------------------------------------------------------------------------ values

    def text(self, argument: Argument | None) -> str | None:
        """Return the value of an argument that is a text, or a name for one; None when it is not.

        Parts that only run time knows stand as HOLE.
        """
        return None if argument is None else self.value(argument.first, argument.last)

    def value(self, first: int, last: int, depth: int = 0) -> str | None:
        """Return the text that these tokens give, as for ``text``."""
        while self._is(first, "(") and self.partner.get(first) == last:
            first, last = first + 1, last - 1
        if first > last or depth > DEEPEST:
            return None
        pieces: list[str] = []
        known = False
        at = first
        while at <= last:
            token = self.tokens[at]
            if token.kind is Kind.STRING:
                known = True
                pieces.append(_holed(token, self.language))
                at += 1
            elif token.kind is Kind.NAME:
                end = self.name_end(at)
                if end < last and self.tokens[end + 1].text not in ("+", "."):
                    return None
                found = self.named(self.dotted(at, end), depth + 1)
                known = known or found is not None
                pieces.append(HOLE if found is None else found)
                at = end + 1
            elif token.text == "+" or (token.text == "." and self.language == "php"):
                at += 1
            else:
                return None
        return "".join(pieces) if known else None

    def named(self, name: str, depth: int = 0) -> str | None:
        """Return the text that a name stands for in this file, or elsewhere; None when it is unknown."""
        if depth > DEEPEST:
            return None
        place = self._constants.get(name.rpartition(".")[2])
        if place is not None and ("." not in name or name.partition(".")[0] in ("self", "this", "static")):
            return self.value(place, self.value_end(place), depth + 1)
        return None if self._outside is None else self._outside(name)

    def texts(self, argument: Argument | None) -> list[str]:
        """Return the texts of a list, tuple, set or array, or the one text that an argument is."""
        if argument is None:
            return []
        first, last = argument.first, argument.last
        if self._is(first, "%") and self.language == "ruby":
            # ``%i[new edit]``: words without quotes.
            return [each.text for each in self.tokens[first + 3 : last] if each.kind is Kind.NAME]
        if self._is(first, "new") or self.tokens[first].kind is Kind.NAME:
            # ``new[] {...}``, ``List.of(...)``: what stands in the brackets.
            opens = next((at for at in range(first, last + 1) if self.tokens[at].text in "[{("), -1)
            if opens < 0 or self.text(argument) is not None:
                one = self.text(argument)
                return [] if one is None else [one]
            first = opens
            if self._is(first, "[") and self.partner.get(first) == first + 1:
                first += 2
        if self.tokens[first].kind is not Kind.OPEN or first not in self.partner:
            one = self.text(argument)
            return [] if one is None else [one]
        inner = [self.text(each) for each in self._split(first + 1, self.partner[first])]
        return [each for each in inner if each is not None]

    def words(self, argument: Argument) -> list[str]:
        """Return all names and texts of an argument, for enums such as ``RequestMethod.GET``."""
        return [
            token.text
            for token in self.tokens[argument.first : argument.last + 1]
            if token.kind in (Kind.NAME, Kind.STRING)
        ]

    def name_of(self, argument: Argument | None) -> str:
        """Return the dotted name that an argument is, or empty when it is something else."""
        if argument is None or self.tokens[argument.first].kind is not Kind.NAME:
            return ""
        end = self.name_end(argument.first)
        return self.dotted(argument.first, end) if end == argument.last else ""

    def called(self, argument: Argument) -> Call | None:
        """Return the last call of the chain that an argument is (``a.b(c)``, ``f(x).g(y)``), if it is one."""
        if self.tokens[argument.last].text != ")" or argument.last not in self.partner:
            return None
        at = self._before_types(self.partner[argument.last] - 1)
        if at < argument.first or self.tokens[at].kind is not Kind.NAME:
            return None
        return self.call_at(at)

    def items(self, argument: Argument) -> list[Argument]:
        """Return what a list, tuple, or other bracket holds."""
        return self.items_between(argument.first) if self.tokens[argument.first].kind is Kind.OPEN else []

    def items_between(self, opens: int) -> list[Argument]:
        """Return what stands between an open bracket and the one that closes it."""
        closes = self.partner.get(opens)
        return [] if closes is None else list(self._split(opens + 1, closes))

    def shown(self, argument: Argument, most: int = 60) -> str:
        """Return an argument as it is written, without its spaces, cut to ``most`` characters."""
        text = ""
        for token in self.tokens[argument.first : argument.last + 1]:
            word = f'"{token.text}"' if token.kind is Kind.STRING else token.text
            text += (" " if text[-1:].isalnum() and word[:1].isalnum() else "") + word
            if len(text) > most:
                return text[: most - 1] + "…"
        return text

    # ------------------------------------------------------------------------ names

    def dotted(self, first: int, last: int) -> str:
        """Return the names from ``first`` to ``last``, joined by dots."""
        return ".".join(each.text for each in self.tokens[first : last + 1] if each.kind is Kind.NAME)

    def name_end(self, index: int) -> int:
        """Return the index of the last name of a dotted name that begins at ``index``."""
        at = index
        while (
            at + 2 < len(self.tokens)
            and self.tokens[at + 1].kind is Kind.DOT
            and self.tokens[at + 2].kind is Kind.NAME
        ):
            at += 2
        return at

    def assigned(self) -> tuple[Assigned, ...]:
        """Return every ``name = value``, also of attributes (``self.x = value``), in order."""
        return self._assigned

    @cached_property
    def _assigned(self) -> tuple[Assigned, ...]:
        return tuple(self._assignments())

    def _assignments(self) -> Iterator[Assigned]:
        for index, token in enumerate(self.tokens[:-1]):
            if token.kind is Kind.SIGN and token.text in _ASSIGNS and index > 0:
                before = self.tokens[index - 1]
                at = index - 1
                if before.kind is not Kind.NAME and self.language in ("python", "typescript", "tsx"):
                    at = self._before_annotation(index - 1)
                if at >= 0 and self.tokens[at].kind is Kind.NAME:
                    yield Assigned(self._whole_name(at), self.tokens[at].line, index + 1)

    def target_of(self, index: int) -> str:
        """Return the name that the expression around the token at ``index`` is assigned to, or empty."""
        at = index
        while at > 0:
            token = self.tokens[at - 1]
            if token.kind is Kind.SIGN and token.text in _ASSIGNS:
                name = at - 2
                if name >= 0 and self.tokens[name].kind is not Kind.NAME:
                    name = self._before_annotation(name)
                return self._whole_name(name) if name >= 0 and self.tokens[name].kind is Kind.NAME else ""
            if self._ends_statement(at - 1):
                return ""
            if token.kind is Kind.CLOSE and at - 1 in self.partner:
                at = self.partner[at - 1]
            elif token.kind in (Kind.OPEN, Kind.DOT, Kind.NAME, Kind.NUMBER) or token.text in ("*", "&", "+"):
                at -= 1
            else:
                return ""
        return ""

    def _ends_statement(self, index: int) -> bool:
        """Say whether a statement ends at a token without a sign: two things stand side by side."""
        token, following = self.tokens[index], self.tokens[index + 1]
        ends = token.kind in (Kind.CLOSE, Kind.STRING, Kind.NUMBER) or (
            token.kind is Kind.NAME and token.text not in _LEADS
        )
        return ends and following.kind in (Kind.NAME, Kind.STRING, Kind.NUMBER)

    def around(self, index: int) -> Iterator[int]:
        """Yield the indexes of the open brackets around a token, innermost first."""
        at, depth = index - 1, 0
        while at >= 0:
            token = self.tokens[at]
            if token.kind is Kind.CLOSE and at in self.partner:
                at = self.partner[at] - 1
                continue
            if token.kind is Kind.OPEN and at in self.partner:
                yield at
                depth += 1
                if depth > DEEPEST * 4:
                    return
            at -= 1

    # ------------------------------------------------------------------------ private

    @cached_property
    def _constants(self) -> dict[str, int]:
        """Return where the value of each name that is assigned a text once begins."""
        found: dict[str, int] = {}
        twice: set[str] = set()
        for each in self.assigned():
            name = each.name.rpartition(".")[2]
            if name in found:
                twice.add(name)
            found[name] = each.first
        return {name: place for name, place in found.items() if name not in twice}

    def value_end(self, first: int) -> int:
        """Return the last token of an expression that begins at ``first``: it ends with its line or sign."""
        at = first
        while at + 1 < len(self.tokens):
            token, following = self.tokens[at], self.tokens[at + 1]
            if token.kind is Kind.OPEN and at in self.partner:
                at = self.partner[at]
                continue
            if following.text in (";", ",", ")", "}", "]") and following.kind is not Kind.STRING:
                return at
            if following.line > token.line and token.text != "+" and following.text not in ("+", "."):
                return at
            at += 1
        return at

    def _call(self, index: int, opens: int) -> Call:
        closes = self.partner[opens]
        starts, receiver, on = self.chain_start(index)
        token = self.tokens[index]
        arguments = tuple(self._split(opens + 1, closes))
        return Call(token.text, receiver, on, index, starts, opens, closes, token.line, arguments)

    def _split(self, first: int, end: int) -> Iterator[Argument]:
        """Yield the arguments between two brackets: ``first`` is the first token, ``end`` the closing one."""
        begins = at = first
        while at <= end:
            if at == end or (self.tokens[at].text == "," and self.tokens[at].kind is Kind.SIGN):
                if at > begins:
                    yield self._argument(begins, at - 1)
                begins = at + 1
            elif self.tokens[at].kind is Kind.OPEN:
                at = min(self.partner.get(at, at), end - 1)
            at += 1

    def _argument(self, first: int, last: int) -> Argument:
        if last >= first + 2:
            lead, sign = self.tokens[first], self.tokens[first + 1]
            if sign.kind is Kind.SIGN and sign.text in _KEYED and lead.kind in (Kind.NAME, Kind.STRING):
                return Argument(lead.text, first + 2, last)
            if sign.text == "=>" and lead.kind is Kind.STRING:
                return Argument(lead.text, first + 2, last)
        return Argument("", first, last)

    def _is(self, index: int, text: str) -> bool:
        return 0 <= index < len(self.tokens) and self.tokens[index].text == text

    def _after_types(self, index: int) -> int | None:
        """Return the index after type arguments in angle brackets, if there are any."""
        if not self._is(index, "<"):
            return index
        depth = 0
        for at in range(index, min(index + 40, len(self.tokens))):
            text = self.tokens[at].text
            depth += (text == "<") - (text == ">")
            if depth == 0:
                return at + 1
            if text in (";", ")", "{"):
                return None
        return None

    def _before_types(self, index: int) -> int:
        if not self._is(index, ">"):
            return index
        depth = 0
        for at in range(index, max(index - 40, -1), -1):
            text = self.tokens[at].text
            depth += (text == ">") - (text == "<")
            if depth == 0:
                return at - 1
        return index

    def _before_annotation(self, index: int) -> int:
        """Return the name before ``: type`` that ends at ``index``, or -1."""
        for at in range(index, max(index - 12, 0), -1):
            if self.tokens[at].text == ":" and self.tokens[at].kind is Kind.SIGN:
                return at - 1
            if self.tokens[at].text in (";", "(", ",", "{"):
                return -1
        return -1

    def _whole_name(self, index: int) -> str:
        starts, receiver, _ = self.chain_start(index)
        del starts
        return f"{receiver}.{self.tokens[index].text}" if receiver else self.tokens[index].text


def _holed(token: Token, language: str) -> str:
    if not token.varies:
        return token.text
    return holes_of(token.text, language)
