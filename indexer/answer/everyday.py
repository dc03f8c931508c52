"""Everyday words for what code calls otherwise: "run again" is a retry, "at the same time" concurrency.

Who does not know a codebase asks in plain words, and documents and names use the terms of the trade. These
pairs are of the trade, not of any repository; a term that a repository does not have is not searched for.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.repo.words import tokens

MOST: Final = 4
"""Terms that are added to one question: more would outweigh what was asked."""

_PAIRS: Final = (
    (r"(?:run|runs|tried|try|tries|sent|done|happen\w*) (?:once )?(?:again|more)\b|again after",
     "retry rerun"),
    (r"(?:another|second|further) (?:attempt|try|go)\b", "retry retries"),
    (r"at the same time|simultaneous\w*|side by side|all at once", "parallel concurrency concurrent group"),
    (r"one after (?:the )?(?:other|another)|in a row", "chain sequence sequential"),
    (r"(?:thr[eo]w\w*|toss\w*|chuck\w*) (?:it |them )?(?:away|out)", "discard drop revoke expire"),
    (r"call\w* off|take\w* back|stop\w* a running", "cancel revoke abort"),
    (r"how long (?:\w+ ){1,5}(?:kept|stored|remembered|held|cached|valid|there|live|last)\b",
     "expires expiry retention lifetime ttl"),
    (r"give\w* up|gave up", "timeout abort retries"),
    (r"too long|takes? forever|hang(?:s|ing)?\b|stuck", "timeout"),
    (r"(?:every|each) (?:night|day|hour|minute|week|morning)|on a schedule|at set times|regular\w*",
     "schedule periodic cron"),
    (r"(?:log\w*|sign\w*) (?:in|on)\b", "login authentication"),
    (r"who (?:somebody|someone|a user|the user|they) (?:is|are)|prove\w* (?:who|their)", "authentication"),
    (r"is (?:not )?allowed|are (?:not )?allowed|may (?:not )?(?:see|do|use)", "permission authorize"),
    (r"sent (?:on )?to (?:another|a different) (?:page|address|url|place)|moved to another", "redirect"),
    (r"go(?:es)? wrong|crash\w*|break\w* down", "error exception failure"),
    (r"pick\w* (?:up|out)|take\w* the next|get\w* the next", "fetch reserve consume poll"),
    (r"hand\w* (?:over|on|out)|pass\w* on", "dispatch send"),
    (r"turn\w* into|changed into|made into", "compile convert serialize"),
    (r"figure\w* out|guess\w*|finds? out", "detect resolve infer"),
    (r"put together|stitch\w*|glu\w* together", "merge assemble build"),
    (r"which (?:handler|function|page|view|controller) (?:gets|is called|answers|runs|handles)",
     "route router dispatch match"),
    (r"without (?:cutting|breaking|dropping|losing|killing)|stop\w* gently", "graceful shutdown"),
    (r"(?:every|all|each)\b.{1,30}\b(?:but|except)\b|leave\w* out", "exclude ignore skip"),
    (r"(?<!long )in between|on the way in|before each|around every", "middleware hook filter"),
    (r"add-?ons?|extra pieces?", "plugin extension"),
    (r"told (?:when|about|that)|let\w* (?:\w+ )?know", "signal event notify callback"),
    (r"then (?:do|run|call)|when (?:all|it|they) (?:is|are) (?:done|finished|ready)", "callback then"),
    (r"left ?over|old ones|no longer needed|tid(?:y|ied|ies)", "cleanup stale prune expire"),
    (r"how many at most|no more than|at most", "limit maximum"),
    (r"slow\w* down|too many (?:requests|calls)|too (?:fast|often)", "throttle rate limit backoff"),
    (r"mak\w* sure|checks? (?:that|whether|if)", "validate verify"),
    (r"money back|pay\w* back", "refund"),
    (r"not pay\w*|unpaid|ow(?:es?|ed|ing)\b|late (?:in )?pay\w*", "overdue dunning arrears"),
    (r"cut off|lock\w* out|shut out", "block suspend disable"),
    (r"part of (?:a|the|one) (?:day|week|month|year|period)|(?:half|rest of) (?:a|the) month",
     "prorate proration"),
    (r"(?:gets?|is|are|was|were|being) made\b|com\w* (?:about|into being)", "create generate build"),
    (r"kept? apart|kept? separate|see each other['’]s", "tenant isolate scope separate"),
    (r"what (?:time|day) it is|(?:current|present) time|today['’]s date", "clock now"),
    (r"press\w* tab|hit\w* tab|tab key|finish\w* what (?:i|you|they) type", "completion autocomplete"),
    (r"without showing|not show\w*|hidden", "hide mask"),
    (r"ask\w* (?:the user|somebody|someone) for|types? in", "prompt input"),
    (r"any number|as many as|several values|more than one value", "multiple variadic"),
    (r"own file|separate files?|different files?|split (?:up|over)", "module package"),
    (r"keep\w* (?:in mind|track)|remember\w*", "cache state store"),
    (r"look\w* (?:it )?up", "lookup resolve find"),
    (r"start\w* (?:itself )?up|boot\w*|com\w* up\b", "startup initialize bootstrap"),
    (r"shut\w* down|stop\w* cleanly|end\w* cleanly", "shutdown graceful stop"),
    (r"read\w* in\b|load\w* from disk", "load parse"),
    (r"undo\w*|undone|roll\w* back", "rollback revert"),
    (r"only once|exactly once|twice|two times|a second time", "idempotent duplicate unique lock"),
    (r"speed\w* up|faster", "cache optimize performance"),
    (r"copies? of|same thing twice", "duplicate clone"),
    (r"secret|kept from (?:others|view)", "credential token password"),
    (r"squeez\w*|(?:made|make\w*) smaller|save\w* bandwidth", "compress gzip encoding"),
    (r"take\w* (?:everything|it all|the (?:whole )?(?:server|process|app)) down", "recover panic"),
    (r"web address(?:es)?|(?:part|piece) of the address", "url path param"),
    (r"(?:my|our|your|one['’]s) own\b|home-?made", "custom"),
    (r"folders?", "directory filesystem"),
    (r"blow\w* up|fall\w* over|die[sd]?\b", "panic recover exception"),
    (r"giant|huge|too (?:big|large)|how (?:big|large)", "limit size maximum"),
    (r"ctrl-?\+?c\b|still in progress|in flight|half[ -]done", "graceful shutdown signal"),
    (r"hammer\w*|flood\w*", "throttle rate limit"),
    (r"logged out|log\w* (?:\w+ )?out\b", "logout session"),
    (r"(?:all )?(?:the|my) cores|every core", "cpu processes fork"),
    (r"extra (?:keys?|fields?|values?)|never declared|not declared", "unknown undeclared"),
    (r"only (?:some|a few|part) of|some of the", "partial"),
    (r"(?:go(?:es|ing)?|sen[dt]\w*) (?:back )?out\b", "serialize output"),
    # A request that comes in arrives; data that come in are read.
    (r"(?!(?:request|call|message|connection|event|job|user|packet)s?\b)\w+ (?:coming|comes?) in\b",
     "deserialize input"),
    (r"(?:keep|leave|hide)\b.{1,30}\bout of|kept out of", "exclude hide omit"),
    (r"fingerprint\w*", "hash checksum digest etag"),
    (r"visitors?", "client remote user"),
    (r"load balancers?|in front of (?:it|us|the server)", "proxy forwarded upstream"),
    (r"mistyp\w*|misspel\w*|typos?|typed wrong\w*|wrongly typed", "suggest suggestion similar"),
    (r"(?:must|has to|have to|needs? to) (?:always )?be (?:given|there|set|filled in)|mandatory|obligatory",
     "required require"),
    (r"quiet\w*|no output|shut up|print\w* nothing", "silent silence suppress verbose"),
    (r"(?:put |sits? |live )inside (?:of )?(?:an?|the|another)\b|one \w+ in(?:side)? another",
     "mount nested embed"),
    (r"used together|both at once|not both|given together", "exclusive conflict mutually"),
    (r"(?:nobody|no one|nothing) (?:catch\w*|handles?)|uncaught", "unhandled uncaught fallback"),
    (r"missing|not there|(?:do|does)(?:n['’]t| not) exist|cannot be found|can['’]t be found|nowhere",
     "found exist absent"),
    (r"(?:find|notice|know|tell|detect)\w*(?: out)? (?:that|if|whether) .{1,40}(?:died|dead|gone|alive|down)",
     "heartbeat alive ping"),
    (r"(?:do|does)(?:n['’]t| not) match|no (?:\w+ )?match\w*|matches nothing", "found fallback default"),
    (r"how wide", "width"), (r"how (?:high|tall)", "height"), (r"how deep(?:ly)?", "depth nesting"),
    (r"how (?:often|frequently)", "interval frequency"),
    (r"what (?:a|the|an?) user types|what is typed|typed in", "argument args input"),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(rf"\b(?:{said})", re.I), tuple(terms.split())) for said, terms in _PAIRS)


def otherwise_called(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a text says in everyday words, each with what code may call it."""
    found = [(match.group(), terms) for said, terms in _COMPILED if (match := said.search(text))]
    words = {word.lower() for word in tokens(text)}
    return [(said, tuple(term for term in terms if term not in words)) for said, terms in found]
