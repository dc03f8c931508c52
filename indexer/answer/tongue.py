"""Whether a question is in another language than English, whose clauses we read.

Such a question is still searched for by its words, names and numbers; but whether it asks for a
reason, a person or a rule is not known, so that no answer to it may be called complete.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from indexer.answer import lexicon

NOT_READ: Final = (
    "This question does not look like English, so only its words were searched for: whether it asks"
    " for a reason, a person or a rule was not read. Ask it in English for a full answer."
)

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE: Final = re.compile(r"`[^`]*`|\S*[_./()]\S*\w")
"""Names are of no language."""

_SHARED: Final = frozenset("a am an as come die do hat i in is it me no on or so was war will".split())  # noqa: SIM905
"""Words of English and of others: they tell nothing."""

_OTHERS: Final = frozenset(
    """
    warum wieso weshalb wie wer wen wem wessen wo wann welche welcher welches welchen wofür wozu woher wohin
    und oder nicht ist sind wird werden wurde wurden haben kann können muss müssen darf dürfen soll sollte der
    das den dem ein eine einer eines einen kein keine wir unser unsere für von mit bei nach über zum zur macht
    gibt im
    pourquoi comment qui quand où quel quelle quels quelles est sont le la les un une des du de et ne pas nous
    notre nos avec dans sur par que quoi fait faut peut doit cette
    por qué quién quiénes cómo cuándo dónde cuál cuáles son el los las una y se nuestro nuestra con del para
    perché chi quando dove quale quali è sono il lo gli non nostro nostra della di
    quem onde qual quais é são os um uma não nosso nossa com da dos
    waarom hoe wie wanneer waar welke het een niet wij onze voor met van wordt worden moet kan
    dlaczego jak kto kiedy gdzie jaki jest są nie nasz dla
    varför hur vem när vilken är inte vår och hvorfor hvordan hvem hvornår hvor er ikke vores og
    """.split()  # noqa: SIM905
)
"""What questions are made of elsewhere: question words, articles, auxiliaries of some languages."""

_ENGLISH: Final = (lexicon.INTERROGATIVES | lexicon.AUXILIARIES | lexicon.FUNCTION_WORDS) - _SHARED - _OTHERS


def is_other_language(question: str) -> bool:
    """Return whether a question is put in another language; words and names alone are in none."""
    words = [word.casefold() for word in _WORD.findall(_CODE.sub(" ", question))]
    letters = "".join(words)
    if letters and sum(not _is_latin(letter) for letter in letters) > len(letters) / 2:
        return True
    others = sum(word in _OTHERS for word in words)
    return others > sum(word in _ENGLISH for word in words)


def without_small_words(question: str) -> str:
    """Return the question without the words that only say how it is asked in its language."""
    return _WORD.sub(lambda word: "" if word[0].casefold() in _OTHERS | _SHARED else word[0], question)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or "LATIN" in unicodedata.name(letter, "")
