"""What stands around a module: whom it uses and who uses it, its people, how often it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.citations import Sources
from indexer.answer.contacts import code_owners, day
from indexer.guide.modules.rows import LEAST_TOGETHER
from indexer.guide.modules.survey import MONTH, YEAR, Share, Survey
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import Module, TreeFile
from indexer.index.activity import GONE_SECONDS
from indexer.shapes.modules import Heat, ModuleEdge, ModuleLink, ModulePerson, PersonRole
from indexer.types import Contact

LINKS_SHOWN: Final = 10
ALWAYS_SHOWN: Final = 4
"""Links that are shown however thin; further ones only where more than one import makes them."""
TOGETHER_SHOWN: Final = 4
PEOPLE_SHOWN: Final = 5
LEFT_SHOWN: Final = 2
OWNER_FILES: Final = 300


def shown(found: Sequence[ModuleLink]) -> list[ModuleLink]:
    """Return the links that are told, of all of one direction, the strongest first."""
    return [each for at, each in enumerate(found[:LINKS_SHOWN]) if at < ALWAYS_SHOWN or each.imports > 1]


def links(
    teller: Teller, module: Module, edges: Sequence[ModuleEdge]
) -> tuple[list[ModuleLink], list[ModuleLink], list[ModuleLink]]:
    """Return what a module uses, who uses it, and what changes with it without an import either way."""
    uses, used_by, together = [], [], []
    tied = {each.target for each in edges if each.source == module.path and each.imports}
    tied |= {each.source for each in edges if each.target == module.path and each.imports}
    for each in edges:
        if each.source == module.path and each.imports:
            uses.append(_link(teller, each, each.target, "It uses"))
        elif each.target == module.path and each.imports:
            used_by.append(_link(teller, each, each.source, "It is used by"))
        if each.source == module.path and each.together >= LEAST_TOGETHER and each.target not in tied:
            text = (
                f"{each.together} commits of the last two years touched it and {_called(each.target)},"
                " without an import either way."
            )
            query = f"git log -- {module.folder or '.'} {each.target or '.'}"
            together.append(ModuleLink(each.target, 0, each.together, teller.counted(text, query, [])))
    for found in (uses, used_by):
        found.sort(key=lambda each: (-each.imports, each.path))
    together.sort(key=lambda each: (-each.together, each.path))
    return uses, used_by, together[:TOGETHER_SHOWN]


def _called(path: str) -> str:
    return path or "files at the top"


def _link(teller: Teller, edge: ModuleEdge, other: str, lead: str) -> ModuleLink:
    together = (
        f"; {edge.together} commits of the last two years touched both"
        if edge.together >= LEAST_TOGETHER
        else ""
    )
    links = "one link between files" if edge.imports == 1 else f"{edge.imports} links between files"
    if edge.named:
        links += ", by name" if edge.named == edge.imports else f", {edge.named} of them by name alone"
    text = f"{lead} {_called(other)} ({links}){together}."
    query = f"files of {_called(edge.source)} that take in or name files of {_called(edge.target)}"
    return ModuleLink(other, edge.imports, edge.together, teller.counted(text, query, edge.places))


def people(
    survey: Survey,
    shares: Sequence[Share],
    sources: Sources,
    teller: Teller,
    module: Module,
    files: Sequence[TreeFile],
) -> list[ModulePerson]:
    """Return owners, who wrote to a module lately, and who did and left."""
    out: list[ModulePerson] = []
    for owner, place in code_owners(sources, [file.path for file in files[:OWNER_FILES]]):
        path, _, line = place.rpartition(":")
        statement = teller.placed(f"{owner} is named as owner in {place}.", [(path, int(line))])
        if statement is not None:
            contact = Contact(owner, owner if "@" in owner[1:] else "", f"named as owner in {place}")
            out.append(ModulePerson(PersonRole.OWNER, contact, 0, 0, statement))
    total = sum(each.commits for each in shares)
    where = module.path or "the repository"
    there: list[Share] = []
    left: list[Share] = []
    for share in shares:
        gone = survey.ends - max(survey.seen.get(share.person, 0), share.last) > GONE_SECONDS
        (left if gone else there).append(share)
    for role, chosen, limit in (
        (PersonRole.RECENT, there, PEOPLE_SHOWN - len(out)),
        (PersonRole.LEFT, left, LEFT_SHOWN),
    ):
        for share in sorted(chosen, key=lambda each: -survey.worth(each))[: max(limit, 0)]:
            author = survey.people[share.person][1]
            name = author.name or author.email or "somebody without a name"
            reason = f"{share.commits:,} of {total:,} commits, the last on {day(share.last)}"
            gone_since = (
                f"; no commit anywhere since {day(survey.seen.get(share.person, share.last))}"
                if role is PersonRole.LEFT
                else ""
            )
            text = f"{name} wrote {reason}{gone_since}."
            query = f"git log --author={author.email or author.name} -- {module.folder or '.'}"
            statement = teller.counted(text, query, share.oids)
            contact = Contact(name, author.email, f"{reason} to {where}{gone_since}")
            out.append(ModulePerson(role, contact, share.commits, share.last, statement))
    return out


def heat(survey: Survey, teller: Teller, module: Module, lines: int) -> Heat | None:
    """Return how often a module changes, by months, and how that stands to its size."""
    inside = {file.path_id for file in survey.tree.files_below(module.path)}
    touches = [each for each in survey.touches if not inside.isdisjoint(each.paths)]
    months = [0] * 24
    for touch in touches:
        at = 23 - min(max(survey.ends - touch.authored, 0) // MONTH, 23)
        months[at] += 1
    changes = sum(months[12:])
    whole = Counter(each.authored > survey.ends - YEAR for each in survey.touches)[True]
    if not survey.ends:
        return None
    earlier = sum(months[:12])
    text = f"{_commits(changes)} touched it in the 12 months before {day(survey.ends)}"
    text += f", {earlier:,} in the 12 months before those"
    if module.parent is not None and changes:
        all_lines = sum(file.lines for file in survey.files.values() if file.language)
        share = changes / whole if whole else 0.0
        size = lines / all_lines if all_lines else 0.0
        text += f": {share:.0%} of all commits, for {size:.0%} of all lines" if size else ""
    oids = [each.oid for each in touches if each.authored > survey.ends - YEAR]
    query = f"git log --since={day(survey.ends - YEAR)} -- {module.folder or '.'}"
    return Heat(changes, earlier, lines, tuple(months), survey.ends, teller.counted(f"{text}.", query, oids))


def _commits(number: int) -> str:
    return "No commit" if not number else "One commit" if number == 1 else f"{number:,} commits"
