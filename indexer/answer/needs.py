"""What one clause asks for, read from its question word, its noun, its verb and its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.answer import lexicon
from indexer.answer.release_asked import asks_of_release
from indexer.repo.words import stem


class Need(StrEnum):
    """What a part of a question asks for."""

    PLACE = "place"
    MEANING = "meaning"
    MECHANISM = "mechanism"
    REASON = "reason"
    CHANGE = "change"
    AUTHOR = "author"
    IMPACT = "impact"
    COMMAND = "command"
    SETTING = "setting"
    EXAMPLE = "example"
    PARTS = "parts"
    CONFIRM = "confirm"
    FIGURE = "figure"
    PERSON = "person"
    """Who decided, owns, must agree: a role among people, not who wrote the lines."""
    POLICY = "policy"
    """What people may, must or should do."""
    JUDGEMENT = "judgement"
    """Whether something is good, or still right, for us; what to do about it."""
    AFFECTED = "affected"
    """Which people, customers or teams it concerns."""
    COMPARE = "compare"
    """What two things have in common, and what not."""


OF_PEOPLE: Final = frozenset(
    {Need.REASON, Need.FIGURE, Need.PERSON, Need.POLICY, Need.JUDGEMENT, Need.AFFECTED}
)
"""What code alone never answers: only something that a person recorded does."""

ONESELF: Final = frozenset(("my", "mine", "i"))
OURS: Final = frozenset(("we", "us", "our", "ours")) | ONESELF
CONDITIONS: Final = frozenset(("if", "when", "once", "without"))
"""As written."""

WORD: Final = re.compile(r"[a-z0-9_']+(?:-[a-z0-9]+)*", re.I)

_IN_PRODUCTION: Final = re.compile(r"\b(?:in|on) (?:production|prod|the live \w+|live)\b", re.I)
_PAST: Final = frozenset(("was", "were", "did", "has", "have", "had"))
_MODALS: Final = frozenset(("may", "must", "should", "shall", "mustn't", "shouldn't"))
_ENDS_NOUN: Final = frozenset(("of", "for", "to", "in", "that", "by", "on", "behind"))
_ARTICLES: Final = frozenset(("the", "a", "an", "our", "its", "their", "this", "that"))
"""What begins another noun: "which programs update the customer file" asks for programs."""
_ASKER: Final = (("do", "i"), ("do", "you"), ("can", "i"), ("should", "i"), ("do", "we"), ("can", "we"))


@dataclass(frozen=True, slots=True)
class _Clause:
    """Words in lower case and their stems; ``before`` is how many stand before the question word."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    before: int = 0

    def starts(self, *words: str) -> bool:
        """Return whether the clause begins with one of ``words``."""
        return self.words[:1] != () and self.words[0] in words

    def has(self, field: frozenset[str], among: int = 99) -> bool:
        """Return whether one of the first ``among`` stems is of a word field."""
        return not field.isdisjoint(self.stems[:among])


def need_of(clause: str) -> Need | None:
    """Return what a clause asks for, or None when it only tells something."""
    words = tuple(WORD.findall(clause.lower()))
    if not words:
        return None
    whole = _Clause(words, tuple(stem(word) for word in words))
    at = next((place for place, word in enumerate(words) if word in lexicon.INTERROGATIVES), -1)
    asks = clause.endswith("?")
    bidden = _bidden(whole)
    if bidden is not None and at < 0:
        return bidden
    if (special := _special(clause, frozenset(words))) is not None and (asks or at >= 0):
        return special
    if words[0] in lexicon.AUXILIARIES:
        return _yes_no(whole)
    if at < 0:
        return Need.MEANING if asks else None
    if not asks and bidden is None and at > 2 and words[at + 1 : at + 2] not in _FOLLOWERS:
        return None
    if words[max(at - 1, 0) : at + 1] == ("since", "when"):
        return Need.CHANGE
    return _asked_with(words[at], _Clause(words[at + 1 :], whole.stems[at + 1 :], at))


def _special(clause: str, words: frozenset[str]) -> Need | None:
    """Return what a clause asks for that says so anywhere in it, or None."""
    if OURS & words and _IN_PRODUCTION.search(clause):
        # How it is run by those who ask, the code does not know.
        return Need.REASON if "why" in words else Need.FIGURE
    if asks_who_knows(clause):
        return Need.AUTHOR
    if _TOUCHED.search(clause) and "why" not in words and not _asks_of_outcome(clause):
        return Need.IMPACT
    if asks_if_so(clause):
        return Need.CONFIRM
    for form, need in _ANYWHERE:
        if form.search(clause):
            return need
    return Need.EXAMPLE if asks_to_copy(clause) else None


def asks_who_knows(text: str) -> bool:
    """Return whether a text asks who worked on something, or who is best asked about it."""
    return _WORKED_ON.search(text) is not None


def asks_in_order(text: str) -> bool:
    """Return whether a text asks in which order something is done: that is how it works."""
    return _IN_ORDER.search(text) is not None


def asks_if_so(text: str) -> bool:
    """Return whether a text asks yes or no after a condition: "if the file is lost, will it crash?"."""
    return _IF_SO.match(text) is not None


def _asks_of_outcome(clause: str) -> bool:
    """Return whether it is asked whether something does as told once the asker has done something: "if I
    rename a column, will it notice?" asks for no use of a column.
    """
    then = _IF_SO.match(clause)
    if then is None:
        return False
    asked = {stem(word) for word in WORD.findall(clause[then.end() :].lower())}
    return asked.isdisjoint(lexicon.IMPACT | _SUFFERS)


_SUFFERS: Final = frozenset(
    ("work", "fail", "crash", "build", "compil", "need", "els", "anyth", "noth", "start")
)
"""Stems of what becomes of others: "will it still work", "does anything else change"."""

_WORKED_ON: Final = re.compile(
    r"\bwho (?:has |have )?(?:been )?work(?:ed|s|ing) on\b"
    r"|\bwho\b.+\b(?:best|right) (?:person|one) to (?:ask|talk to)\b",
    re.I,
)
_SINCE: Final = re.compile(r"\bsince (?:which|what) (?:\w+ )?(?:change|version|release|commit)\b", re.I)
_IN_ORDER: Final = re.compile(r"\bin (?:which|what) order\b", re.I)
_IF_SO: Final = re.compile(
    r"(?:if|when|once|with|without)\b[^?]+,\s*(?:then )?"
    r"(?:will|would|does|do|is|are|can|could) (?!i\b|we\b|you\b)\w+",
    re.I,
)
_TOUCHED: Final = re.compile(
    r"\bif (?:i|we|you|one|somebody|someone) (?:\w+ )?"
    r"(?:change|touch|remove|rename|modify|edit|delete|drop|replace|move|rewrite|refactor|bump|upgrade)\b",
    re.I,
)
VERSUS: Final = re.compile(
    r"\w (?:vs\.?|versus) \w|\bhow (?:do|does) .+ differ\b"
    r"|^(?:please )?compare \S.* (?:with|and|to|against) \S",
    re.I,
)
_READS_FIRST: Final = re.compile(
    r"\b(?:files?|code|folders?|parts?|modules?|what|where|order)\b.{0,12}"
    r"\b(?:should|do|can|must|shall) (?:i|we|one) (?:open|read|look at|start|begin|study)\b(?: them)?"
    r"(?: with| from| in)?(?: first)?\W*$",
    re.I,
)
"""Where to begin: what is meant is the whole, not a file that has these words."""
_ANYWHERE: Final = (
    (_READS_FIRST, Need.PARTS),
    (_SINCE, Need.CHANGE),
    (_IN_ORDER, Need.MECHANISM),
    (VERSUS, Need.COMPARE),
)
"""Forms that say what is asked for wherever they stand, and what; the first that fits."""


_COPIES: Final = re.compile(
    r"\b(?:to|(?:can|could|should|do|shall) (?:i|we|one)) (?:best )?"
    r"(?:copy|imitate|start from|look at first)(?=\s*(?:$|[.,;?!]|and\b|plus\b|from\b|for\b))"
    r"|\b(?:i|we|one) (?:can|could) copy\b"
    r"|\b(?:template|pattern|model|example)s? (?:to|(?:i|we) (?:can|could|should)) (?:copy|follow|use)\b",
    re.I,
)


def asks_to_copy(text: str) -> bool:
    """Return whether a text asks for an existing piece to write one's own by."""
    return _COPIES.search(text) is not None


_FOLLOWERS: Final = [(word,) for word in sorted(lexicon.AUXILIARIES)]


_OF_PARTS: Final = frozenset(("overview", "architectur", "structur", "layout"))


def _bidden(clause: _Clause) -> Need | None:
    """Return what an imperative bids, or None."""
    told = clause.starts("give", "show", "tell", "explain", "describe", "sketch", "outline")
    if told and clause.has(_OF_PARTS, 6):
        return Need.PARTS
    if clause.starts("explain", "describe", "walk"):
        return Need.MECHANISM
    if clause.starts("find", "locate", "show"):
        return Need.EXAMPLE if clause.has(lexicon.EXAMPLE) else Need.PLACE
    if clause.starts("list", "name"):
        return Need.SETTING if clause.has(lexicon.SETTING) else Need.PLACE
    return Need.MEANING if clause.starts("define") else None


def _asked_with(word: str, rest: _Clause) -> Need:
    if word == "why" or (word == "how" and rest.starts("come")):
        return Need.REASON
    if word in ("who", "whom", "whose"):
        return _who(rest)
    if word in ("where", "whereabouts"):
        return _where(rest)
    if word == "when":
        return Need.CHANGE if rest.starts(*_PAST) else Need.MECHANISM
    return _how(rest) if word == "how" else _what(rest)


_LEANS: Final = frozenset(("call", "use", "import", "depend", "invok", "reli", "extend", "consum"))
"""What code does to code: who calls it is no person."""


_BRINGS: Final = frozenset(
    ("add", "introduc", "drop", "remov", "brought", "delet", "implement", "move", "migrat", "switch", "renam")
)
_UNDOES: Final = frozenset(("revert", "undo", "undid", "undon"))
"""Who did so is told with when, by the commit that says it."""

_TURNS_TO: Final = frozenset(("ask", "bother", "contact", "talk", "speak", "approach", "ping"))
"""Whom one turns to is whoever knows it; who must be told or must agree is another matter."""


def _who(rest: _Clause) -> Need:
    """Tell those who wrote the lines from those who decide and answer for them."""
    if rest.words[1:2] == ("i",) and not _TURNS_TO.isdisjoint(rest.words[2:3]):
        return Need.AUTHOR
    if rest.starts("gets", "got", "can", "could"):
        return Need.MEANING
    if rest.has(_LEANS, 1):
        return Need.IMPACT
    if rest.has(_UNDOES, 2) or rest.has(_BRINGS, 2):
        return Need.CHANGE
    must = rest.words[:2] in (("has", "to"), ("have", "to"), ("needs", "to"))
    if must or rest.has(lexicon.DUTY, 2):
        return Need.PERSON
    if rest.has(frozenset(("own", "maintain", "know")), 4):
        return Need.AUTHOR
    decides = rest.has(lexicon.DECIDE, 4) and not rest.has(lexicon.AUTHOR, 1)
    return Need.AUTHOR if rest.has(lexicon.AUTHOR, 4) and not decides else Need.PERSON


_USED: Final = frozenset(("used", "called", "imported", "referenced", "invoked", "instantiated"))


def _where(rest: _Clause) -> Need:
    if rest.starts(*lexicon.AUXILIARIES) and rest.words[-1] in _USED:
        return Need.IMPACT
    begins = rest.has(frozenset(("start", "begin")))
    if begins and rest.words[:2] in _ASKER:
        return Need.PARTS
    duty = rest.starts("should", "must")
    return Need.POLICY if duty and rest.has(frozenset(("report",))) else Need.PLACE


_LAID_OUT: Final = re.compile(
    r"^(?:is|are) .*\b(?:structured|organi[sz]ed|laid out|divided|split up)$"
    r"|^(?:is|are) (?:(?:the|this|that|your|our|all|whole|of|it|everything|things?|code(?:base)?|project"
    r"|library|repo(?:sitory)?|app(?:lication)?|package|program|system|service|tool|parts?|pieces?) )+"
    r"put together$",
    re.I,
)
"""How a file's name is put together is how something works, and not what all this is made of."""


def _how(rest: _Clause) -> Need:
    if rest.starts(*lexicon.SIZE):
        return Need.FIGURE
    if _LAID_OUT.match(" ".join(rest.words)):
        return Need.PARTS
    asker = rest.words[:2] in _ASKER or rest.starts("to")
    if rest.words[:2] == ("do", "we") and rest.has(frozenset(("usual", "typic", "normal")), 5):
        return Need.EXAMPLE
    if _writes_one(rest) or _WRITES_TEST.match(" ".join(rest.words)):
        return Need.EXAMPLE
    done = asker and (rest.has(lexicon.DO, 5) or _GETS_GOING.search(" ".join(rest.words)))
    if done or asks_of_release(f"how {' '.join(rest.words)}"):
        return Need.COMMAND
    if asker and rest.has(lexicon.ADJUST, 4):
        return Need.SETTING
    if rest.starts(*_PAST) and rest.has(lexicon.CHANGE):
        return Need.CHANGE
    return Need.EXAMPLE if asker and rest.has(lexicon.EXAMPLE) else Need.MECHANISM


_GETS_GOING: Final = re.compile(r"\bget .+ (?:running|going|started|up|to run|to start)$")

_WRITES_TEST: Final = re.compile(
    r"^(?:(?:do|should|can) (?:i|we|you) |to )(?:write|add|create) "
    r"(?:(?!tests?\b)[\w-]+ ){0,3}(?:tests?|specs?)\b"
)
"""That tests are run by a command says nothing of how one is written."""
_WRITES: Final = frozenset(("write", "add", "create", "make", "define", "implement"))
_ANOTHER: Final = frozenset(("new", "another", "here", "own", "custom"))


def _writes_one(rest: _Clause) -> bool:
    """Say whether a clause asks how one more of a kind is written: "do we add a new endpoint here"."""
    ours = rest.words[:2] in (("do", "we"), ("should", "we"), ("do", "you"), ("should", "i"), ("do", "i"))
    return (
        ours and rest.words[2:3] != () and rest.words[2] in _WRITES and bool(_ANOTHER & set(rest.words[3:]))
    )


def _what(rest: _Clause) -> Need:
    """Read ``what`` and ``which`` by the noun that goes with them, else by the verb."""
    noun = _noun(rest)
    if rest.starts("uses", "calls", "imports", "extends", "implements", "consumes"):
        return Need.IMPACT
    if "differ" in noun and "between" in rest.words:
        return Need.COMPARE
    if rest.has(frozenset(("happen",)), 2) and not CONDITIONS.isdisjoint(rest.words):
        # "What happens if someone mistypes it" asks for nobody.
        return _by_verb(rest, noun, duty=False)
    if rest.starts("does", "do", "will", "would") and "do" in rest.words[1:] and _STATED & set(rest.words):
        # "What does it do when the queue is full": what it is was not asked.
        return Need.MECHANISM
    if _why_in_other_words(rest, noun):
        return Need.REASON
    duty = bool(_MODALS & set(rest.words)) or rest.has(frozenset(("suppos", "allow", "permit")))
    if noun & lexicon.PARTS and _asks_for_one(rest):
        return _by_verb(rest, noun, duty=duty) if rest.starts(*lexicon.AUXILIARIES) else Need.PLACE
    by_noun = (
        (lexicon.SETTING, Need.SETTING),
        (lexicon.PARTS, Need.MEANING if rest.starts("does") else Need.PARTS),
        (lexicon.EXAMPLE, Need.EXAMPLE),
        (lexicon.ROLES, Need.POLICY if duty else Need.PERSON),
        (lexicon.MEASURE, Need.POLICY if duty else Need.FIGURE),
    )
    for field, need in by_noun:
        if noun & field:
            return need
    return _by_verb(rest, noun, duty=duty)


_STATED: Final = frozenset(("when", "if", "once"))
_ONE: Final = frozenset(("part", "component", "module", "layer", "piece", "subsystem", "concept"))
_FOREMOST: Final = frozenset(("main", "central", "core", "key", "important", "first"))


def _asks_for_one(rest: _Clause) -> bool:
    """Return whether one part is asked for by what it does or is: "which component checks the token"."""
    at = next((place for place, word in enumerate(rest.words[:5]) if word in _ONE), None)
    return at is not None and at + 1 < len(rest.words) and _FOREMOST.isdisjoint(rest.words[:at])


def _by_verb(rest: _Clause, noun: frozenset[str], *, duty: bool) -> Need:
    happens = rest.has(frozenset(("happen",)), 2)
    if noun & lexicon.PLACE and rest.has(lexicon.USE, 3):
        return Need.IMPACT
    if rest.has(lexicon.IMPACT, 3) or (happens and "if" in rest.words):
        breaks = rest.has(frozenset(("break",)), 3)
        # "What happens if …" is told by a walk; "what depends on …" by those who call it. What happens if one
        # touches it was told apart before.
        return Need.IMPACT if breaks or not happens else Need.MECHANISM
    if rest.has(frozenset(("chang",)), 3) and rest.starts(*_PAST, "changed"):
        return Need.CHANGE
    if noun & lexicon.PLACE:
        return Need.PLACE
    if duty:
        return Need.POLICY
    return Need.MECHANISM if happens else Need.MEANING


def _why_in_other_words(rest: _Clause, noun: frozenset[str]) -> bool:
    """Return whether ``what`` asks for a reason: what is the point of, what made us, what went wrong."""
    if noun & lexicon.REASON or rest.starts("went"):
        return True
    if rest.has(lexicon.CAUSATIVES, 1) and "to" not in rest.words[:3]:
        return True
    state = rest.starts("is", "was", "were", "are", "goes")
    wrong = state and not lexicon.FAILURES.isdisjoint(rest.stems[1:4])
    each = rest.starts("is", "are") and not {"each", "they", "these", "those", "it"}.isdisjoint(
        rest.words[1:2]
    )
    if each and rest.words[-1:] == ("for",):
        return False  # what each of them is for is what it does
    meant = rest.words[-2:-1] in (("stand",), ("stands",), ("short",))
    return wrong or (rest.words[-1:] == ("for",) and "do" in rest.words[:3] and not meant)


def _noun(rest: _Clause) -> frozenset[str]:
    """Return the stems of the noun phrase after ``what`` or ``which``, or after its ``is the``."""
    place = 0
    if rest.starts(*lexicon.AUXILIARIES):
        place = 1
        article = rest.words[1:2] != () and rest.words[1] in ("the", "our", "a", "an", "its", "all")
        if not article and not rest.starts("are", "is"):
            return frozenset()
    phrase: list[str] = []
    for word, stemmed in zip(rest.words[place : place + 4], rest.stems[place : place + 4], strict=True):
        if word in lexicon.AUXILIARIES or word in _ENDS_NOUN or (phrase and word in _ARTICLES):
            break
        phrase.append(stemmed)
    return frozenset(phrase)


def _yes_no(clause: _Clause) -> Need:
    subject = clause.words[1:4]
    roles = [word for word in clause.words[1:] if stem(word) in lexicon.ROLES]
    ours = subject[:1] != () and (subject[0] in OURS or any(word in roles for word in subject))
    if clause.has(frozenset(("reason", "ground"))):
        return Need.REASON
    still = "still" in clause.words and clause.starts("is", "are", "do", "does")
    if still or clause.has(lexicon.JUDGE):
        return Need.JUDGEMENT
    if clause.starts(*_MODALS) and (ours or "be" not in clause.words[2:5]):
        return Need.POLICY
    if ours or (roles and clause.has(lexicon.DECIDE)):
        return Need.POLICY
    swayed = clause.starts("can", "could") and bool(OURS & set(clause.words))
    return Need.JUDGEMENT if swayed else Need.CONFIRM
