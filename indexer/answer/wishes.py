"""Questions that a list or a name answers, and the module that they ask it of."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.areas import Area, areas_named
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry
from indexer.answer.needs import Need, need_of
from indexer.answer.questions import content_terms
from indexer.index.symbols import find_symbols
from indexer.repo.words import stem, tokens
from indexer.shapes.inventory import InventoryKind

_ASKS: Final = (
    r"^(?:and |so )?(?:(?:which|what)(?: are)?|list|show(?: me)?|name|are there(?: any)?)"
    r"(?: all)?(?: of)?(?: the)?"
    r"\s+(?P<before>(?:[\w-]+\s+){0,2}?)"
)
_NAMED: Final = {
    InventoryKind.ENV: r"(?:environment(?:al)?[ -](?:variables?|settings)|env(?:ironment)?[ -]?vars?)",
    InventoryKind.ENDPOINTS: (
        r"(?:(?:(?:http|rest|api|web)\s+)*(?:end-?points|routes|urls)"
        r"|(?:(?:http|rest|api|web)\s+)+(?:calls|requests|operations|resources|methods))"
    ),
    InventoryKind.JOBS: r"(?:(?:scheduled|periodic|cron|recurring|timed)[ -](?:jobs|tasks)|cron ?jobs)",
    InventoryKind.COMMANDS: r"(?:management|cli|console|command[ -]line|manage\.py)[ -]commands",
    InventoryKind.TABLES: r"(?:(?:database|db|sql)[ -])?tables",
    InventoryKind.SETTINGS: (
        r"(?:(?:django|config(?:uration)?)[ -])?"
        r"(?:settings|config(?:uration)? (?:keys|options)|(?:java |jvm )?system[ -]properties)"
    ),
}
_LISTS: Final = tuple(
    (kind, re.compile(rf"{_ASKS}{named}\b(?P<after>.*)$", re.I)) for kind, named in _NAMED.items()
)

_WHOM: Final = re.compile(
    r"\bwho(?:m|'s| is| are)?\s+(?:"
    r"(?:should|can|could|do|shall|would)\s+(?:i|we|you|one)\s+(?:best\s+)?"
    r"(?:ask|talk to|talk with|speak to|speak with|contact|turn to|approach)\s+(?:about|regarding|on)"
    r"|to (?:ask|talk to|speak to|contact)\s+(?:about|regarding|on)"
    r"|(?:best |really |still |most likely )?(?:knows?(?: about)?|understands?)"
    r"|(?:currently |still |actually )?(?:maintains?|maintaining|looks after|looking after|takes care of)"
    r"|the (?:best )?(?:experts?|maintainers?) (?:on|of|for|in)"
    r"|the (?:best |right )?(?:person|one|contact|colleague) (?:to (?:ask|talk to|speak to|contact)"
    r"|for questions) (?:about|regarding|on)"
    r")\s+(?P<about>.+)$",
    re.I,
)

_FILLERS: Final = frozenset(
    stem(word)
    for word in (
        "read", "reads", "use", "uses", "have", "has", "define", "defines", "declare", "declares",
        "expose", "exposes", "provide", "provides", "exist", "exists", "accept", "accepts", "know",
        "available", "there", "app", "apps", "application", "applications", "module", "modules",
        "package", "packages", "component", "components", "folder", "directory", "area", "part",
        "subsystem", "project", "repository", "system", "team", "best", "most", "well", "every",
        "control", "controls", "govern", "affect", "affects", "influence", "default", "defaults", "value",
        "values", "set", "currently", "own", "consult", "heed", "honour", "honor", "respect", "recognise",
        "recognize", "understand", "matter",
    )
)  # fmt: skip
"""Stems that say how something is meant, not what is."""

_AT_LARGE: Final = (
    # What all of them do, or when; never which of them.
    (
        r"\b(?:change|alter|affect|influence|control|steer|govern|determine|decide|adjust|tune|modify|shape)s?"
        r"\s+(?:how|the way(?: that| in which)?)\s+(?P<whose>.+?)\s+"
        r"(?:runs?|works?|behaves?|acts?|operates?|executes?|is run|starts?(?: up)?)\b(?=\s*(?:$|[,;]|and\b))"
    ),
    r"\b(?:the )?behaviou?r of (?P<whose>.+)$|\b(?P<owner>its|the) (?:own )?behaviou?r\b",
    r"\b(?:right )?(?:from|at) the (?:very )?(?:start|beginning|outset)\b|\bout of the box\b|\bby default\b",
    r"\b(?:(?:starts?|begins?|comes?) (?:off |out )?with|to (?:start|begin) with|initial(?:ly)?|at first)\b",
    r"\b(?:a |an |the )?(?:brand[- ]new|newly (?:made|created)|fresh(?:ly (?:made|created))?)\b",
    r"\b(?:at|on|during) (?:run ?-?time|start-?up|boot|launch)\b|\bwhen it (?:starts|runs|boots)(?: up)?\b",
    r"\b(?:number|amount|count) of\b",
    (
        r"\b(?:the|this|our|your|a|its)\s+(?:(?:whole|entire|running|main)\s+)?"
        r"(?:process|program|daemon|binary|executable|tool|thing|software)\b"
    ),
)
_ALL_OF_THEM: Final = tuple(re.compile(each, re.I) for each in _AT_LARGE)
_FOLDER: Final = re.compile(r"\b(?:apps?|folder|directory|package)\b", re.I)
_JOINED: Final = re.compile(r"\w(?:,| and| or|/) ?\w", re.I)
_DUTY: Final = re.compile(r"\b(?:must|should|may|shall|allowed|supposed)\b", re.I)

_NO_LISTS: Final = frozenset((Need.REASON, Need.FIGURE, Need.POLICY, Need.JUDGEMENT))
"""What asks for no list, though it may begin like one: which settings we use in production."""

ABOUT: Final = 0.4
"""Share of what is asked about that must name a folder or a file, to be taken for it."""


def asks_whom(text: str) -> str:
    """Return what a question wants somebody named for ("who should I ask about …"), or nothing."""
    found = _WHOM.search(text.strip().rstrip("?. "))
    return "" if found is None else found["about"]


def list_asked(text: str) -> tuple[InventoryKind, str] | None:
    """Return the kind of list that a clause asks for, and the words that say of what; None when it does not.

    What people should or may set is no list.
    """
    text = text.strip().rstrip("?. ")
    if _DUTY.search(text) or need_of(f"{text}?") in _NO_LISTS:
        return None
    for kind, pattern in _LISTS:
        found = pattern.match(text)
        if found is not None:
            return kind, _narrowing(f"{found['before']} {found['after']}")
    return None


def _narrowing(about: str) -> str:
    """Return the words that may choose some of a list: without those that are true of all that is in it."""
    for pattern in _ALL_OF_THEM:
        about = pattern.sub(lambda found: f" {found.groupdict().get('whose') or ''} ", about)
    return about


def wanted_terms(text: str) -> list[str]:
    """Return the stems of what is asked about, in order, once each."""
    return [each for each in dict.fromkeys(content_terms(text)) if each not in _FILLERS]


def named_areas(inquiry: Inquiry, text: str) -> list[Area]:
    """Return the folders and files that a text names: the first, and files of the very same words."""
    terms = wanted_terms(text)
    found = areas_named(inquiry.reader, terms, joined=bool(_JOINED.search(text)))
    if not found:
        return []
    first = found[0]
    if first.is_folder and _FOLDER.search(text):
        return [first]
    return [first, *(each for each in found[1:] if not each.is_folder and each.held == first.held)]


def _file_within(inquiry: Inquiry, area: Area) -> str:
    """Return the file of a folder whose definition says far more of the question than the folder's name."""
    subject = inquiry.subject
    if subject is None or not area.is_folder or not area.holds(subject.symbol.path):
        return ""
    symbol, sharing = subject.symbol, inquiry.evidence.sharing
    told = sharing(f"{symbol.name} {symbol.doc[:300]} {symbol.path}")
    return symbol.path if told >= FURTHER * sharing(area.path) and told >= TOLD else ""


FURTHER: Final = 1.5
TOLD: Final = 0.6
"""What a definition must hold of the question, beside what the name of its folder holds, for its file alone
to be meant.
"""


_ALL_OF_IT: Final = re.compile(
    r"(?:it|this|that|all (?:of )?(?:it|this)|(?:this|the|your|our)(?: whole)?"
    r" (?:project|repo(?:sitory)?|code(?: ?base)?|library|package|program|app(?:lication)?|thing|tool))"
    r"(?: (?:now|today|nowadays|these days|currently))?$",
    re.I,
)


_TWO: Final = 2

_BACK: Final = re.compile(
    r"(?:it|this|that|them|these|those)(?: (?:now|today|nowadays|these days|currently))?", re.I
)
"""What may be said of what the question spoke of before."""


def _called_together(inquiry: Inquiry, text: str) -> str:
    """Return the definition that is called by all words of a text: "the test client" is `TestClient`."""
    words = [word.lower() for word in tokens(text) if word.lower() not in _ARTICLES]
    if not 1 < len(words) <= _WORDS_OF_NAME:
        return ""
    for joint in ("", "_"):
        found = [
            each for each in find_symbols(inquiry.reader, joint.join(words), 4) if not each.marks & MINOR
        ]
        whole = [each for each in found if each.name.lower() == joint.join(words) and each.kind in CALLABLE]
        if whole:
            return whole[0].name
    return ""


_ARTICLES: Final = frozenset(("the", "a", "an", "our", "this", "that", "all"))
_WORDS_OF_NAME: Final = 4


def person_target(inquiry: Inquiry, text: str) -> str:
    """Return what somebody is to be named for, as ``lorebase who`` takes it: a name, a path; or nothing."""
    back = _BACK.fullmatch(text.strip()) is not None
    if back and (before := inquiry.asked.text.partition(text)[0]) and len(wanted_terms(before)) > 1:
        # "Who wrote the parser, and whom can I ask about it?"
        text = before
    elif _ALL_OF_IT.match(text.strip()):
        return "."
    for naming in inquiry.namings:
        # "Nested JSON" is not the member of some class that is called so.
        if any(not (naming.name.isupper() and each.parent) for each in naming.symbols):
            return naming.name
        if naming.paths:
            return naming.paths[0]
    if called := _called_together(inquiry, text):
        return called
    terms = wanted_terms(text)
    weights = {term: inquiry.evidence.weights.get(term, 1 / max(len(terms), 1)) for term in terms}
    found = named_areas(inquiry, text)
    # Two words of one name are no chance.
    least = ABOUT if not found or len(found[0].held) < _TWO else ABOUT / _TWO
    if found and sum(weights[term] for term in found[0].held) >= least * sum(weights.values()):
        # "Offers and benefits" are the folder of both, whatever one of its files says.
        within = "" if _JOINED.search(text) else _file_within(inquiry, found[0])
        return within or found[0].path
    named = (each.symbol for each in inquiry.subjects if each.named)
    return next((each.name for each in named if not (each.name.isupper() and each.parent)), "")
