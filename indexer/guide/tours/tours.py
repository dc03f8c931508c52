"""Tours: derived, kept, edited, published as files and read back from them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final

import msgspec

from indexer.answer.contacts import day
from indexer.errors import NotFoundError, StorageError, UsageError
from indexer.guide.anchors import Anchors
from indexer.guide.desk import Desk
from indexer.guide.lore_file import digest_of
from indexer.guide.tours.editing import merged
from indexer.guide.tours.fresh import Freshener
from indexer.guide.tours.ground import Beside
from indexer.guide.tours.publishing import put_tour, tour_folder
from indexer.guide.tours.route import SHORTEST, derive
from indexer.guide.tours.tour_file import (
    NotATourError,
    TourFile,
    begins_like_a_tour,
    read_tour,
    refused,
    written,
)
from indexer.index.history import commits_touching
from indexer.index.people import PublishedAs
from indexer.index.walks import TOUR, TourRow
from indexer.method import Nothing
from indexer.shapes.onboarding import (
    Tour,
    TourEdit,
    TourHead,
    TourList,
    TourName,
    TourPublish,
    TourRole,
    TourStep,
    TourText,
    TourVersions,
    TourWanted,
)
from indexer.types import Control, Person, PublishReport, Skipped

FOLDER: Final = "docs/tours"
"""Where tours are published, and read from."""

MOST_FILES: Final = 200
DERIVED: Final = "derived"
BY_A_PERSON: Final = "person"
_STEPS: Final = msgspec.json.Decoder(tuple[TourStep, ...])


class Tours:
    """Keeps tours; callable from several threads."""

    def __init__(self, desk: Desk, beside: Beside | None = None) -> None:
        self._desk = desk
        self._beside = beside
        self._walks = desk.people.walks
        self._fresh = Freshener(desk)
        self._anchors = Anchors(desk.catalog, desk.repository, desk.sources)

    # ------------------------------------------------------------------------ made and shown

    def new(self, wanted: TourWanted, control: Control) -> Tour:
        """Derive a tour and keep it. Raises NotFoundError for an area that there is not."""
        ground, steps = derive(self._desk, wanted.area, wanted.role, control, self._beside)
        notices = list(ground.notices)
        if len(steps) < SHORTEST:
            notices.append(f"{ground.called} is small: {len(steps)} steps are all that can be told of it.")
        if ground.dropped:
            notices.append(
                f"{ground.dropped} statements were left out, since their sources do not bear them out."
            )
        tour = Tour(
            id="",
            title=ground.title,
            area=ground.area,
            role=wanted.role,
            version=0,
            written=int(time.time()),
            by=wanted.by.name,
            email=wanted.by.email,
            commit_id=self._desk.catalog.get("head"),
            steps=steps,
            source=DERIVED,
            dropped=ground.dropped,
            notices=tuple(notices),
        )
        return self._keep(tour)

    def all(self) -> TourList:
        """Return all tours: one's own, and those that are files of the repository."""
        files, problems = self._read_back()
        counted: dict[str, int] = {}
        for session in self._walks.sessions():
            counted[session.tour_id] = counted.get(session.tour_id, 0) + 1
        published = self._desk.people.published()
        own = [self._tour(row) for row in self._walks.tours()]
        hidden = {row.tour_id for row in self._walks.tours()}
        heads = [
            _head(tour, counted.get(tour.id, 0), published[tour.id][-1].path if tour.id in published else "")
            for tour in own
        ]
        heads += [_head(tour, 0, tour.source) for tour in files if tour.id not in hidden]
        heads.sort(key=lambda each: (-each.written, each.id))
        return TourList(tuple(heads), tuple(problems))

    def show(self, wanted: TourName) -> Tour:
        """Return a tour as it stands now. Raises NotFoundError."""
        return self._fresh.as_now(self.kept(wanted))

    def kept(self, wanted: TourName) -> Tour:
        """Return a tour as it was written. Raises NotFoundError."""
        files, _ = self._read_back()
        try:
            tour = self._tour(self._walks.tour(wanted.id, wanted.version))
        except NotFoundError:
            found = [each for each in files if wanted.id and each.id.startswith(wanted.id)]
            if len(found) != 1:
                raise
            return found[0]
        return replace(tour, notices=(*tour.notices, *self._told(tour, files)))

    def adopted(self, tour_id: str) -> Tour:
        """Return the newest version of a tour, kept here from now on even if its file goes."""
        tour = self.kept(TourName(tour_id))
        if any(row.tour_id == tour.id for row in self._walks.tours()):
            return tour
        return self._keep(tour)

    def versions(self, wanted: TourName) -> TourVersions:
        """Return every version, the oldest first. Raises NotFoundError."""
        row = self._walks.tour(wanted.id)
        return TourVersions(
            tuple(_head(self._tour(each), 0, "") for each in self._walks.versions(row.tour_id))
        )

    # ------------------------------------------------------------------------ edited

    def text(self, wanted: TourName) -> TourText:
        """Return a tour as the Markdown that is edited. Raises NotFoundError."""
        tour = self.kept(wanted)
        return TourText(tour.id, tour.version, written(tour))

    def edit(self, change: TourEdit) -> Tour:
        """Keep an edited text as the next version. Where somebody else wrote one meanwhile both are
        kept, and their steps laid together; a notice tells. Raises UsageError, NotFoundError.
        """
        newest = self.adopted(change.id)
        base = self.kept(TourName(newest.id, change.base)) if change.base else newest
        try:
            file = read_tour(change.text, change.by.name, self._desk.sources, self._anchors.anchor, base)
        except NotATourError as error:
            raise refused(error) from error
        return self._fresh.as_now(self._take(newest, base, file, change.by, BY_A_PERSON, ""))

    def delete(self, wanted: TourName) -> Nothing:
        """Put a tour away. Raises NotFoundError."""
        self._walks.hide(TOUR, wanted.id, int(time.time()))
        return Nothing()

    def restore(self, wanted: TourName) -> Nothing:
        """Take back `delete`. Raises NotFoundError."""
        self._walks.show_again(TOUR, wanted.id)
        return Nothing()

    def publish(self, wanted: TourPublish) -> PublishReport:
        """Write tours into the work tree, for people to commit. Raises UsageError, NotFoundError."""
        if self._desk.work_tree is None:
            raise UsageError(
                "A bare repository has no work tree to write tours into.",
                "Run it in a clone or a worktree of this repository.",
            )
        self._read_back()
        folder = tour_folder(wanted.into or FOLDER)
        chosen = [self._walks.tour(each) for each in wanted.tours] or self._walks.tours()
        files = []
        for row in chosen:
            tour = self._tour(row)
            known = self._desk.people.published().get(tour.id, ())
            home = next((each.path for each in reversed(known) if each.path.startswith(f"{folder}/")), "")
            try:
                put, digest = put_tour(
                    self._desk.work_tree, folder, home, tour, {each.digest for each in known}
                )
            except OSError as error:
                raise StorageError(
                    f"The tour cannot be written: {error.strerror or error}.",
                    "Free some space, or mend the folder's permissions; what was written before stays.",
                ) from error
            if digest:
                self._desk.people.keep_published(
                    tour.id, PublishedAs(put.path, digest, tour.version), int(time.time())
                )
            files.append(put)
        told = () if folder == FOLDER else (f"Tours are read back from {FOLDER}/ alone.",)
        return PublishReport(folder, tuple(files), told)

    # ------------------------------------------------------------------------ private

    def _take(self, newest: Tour, base: Tour, file: TourFile, by: Person, source: str, digest: str) -> Tour:
        steps = file.steps
        notices: tuple[str, ...] = ()
        if newest.version != base.version:
            steps, told = merged(base, file.steps, newest)
            who = newest.by or "somebody"
            notices = (
                f"{who} wrote version {newest.version} since version {base.version}, which you began with:"
                f" both are"
                f" kept, and laid together here. {told}".strip(),
            )
        tour = replace(
            newest,
            title=file.title,
            version=0,
            written=max(int(time.time()), newest.written),
            by=by.name,
            email=by.email,
            steps=steps,
            source=source,
            base=base.version,
            notices=notices,
        )
        return self._keep(tour, digest)

    def _keep(self, tour: Tour, digest: str = "") -> Tour:
        row = self._walks.add_tour(
            TourRow(
                tour.id,
                0,
                tour.base,
                tour.written,
                tour.by,
                tour.email,
                tour.source,
                digest,
                _body(tour),
            )
        )
        return replace(tour, id=row.tour_id, version=row.version)

    def _tour(self, row: TourRow) -> Tour:
        fields = json.loads(row.body)
        return Tour(
            id=row.tour_id,
            title=fields["title"],
            area=fields["area"],
            role=TourRole(fields["role"]),
            version=row.version,
            written=row.written,
            by=row.name,
            email=row.email,
            commit_id=fields["commit_id"],
            steps=_STEPS.decode(json.dumps(fields["steps"]).encode()),
            source=row.source,
            base=row.base,
            dropped=fields["dropped"],
            notices=tuple(fields["notices"]),
        )

    # --------------------------------------------------------------------- files of the repository

    def _read_back(self) -> tuple[list[Tour], list[Skipped]]:
        """Return the tours that are files here and not one's own; take over what colleagues changed in
        the files of one's own.
        """
        found: list[Tour] = []
        problems: list[Skipped] = []
        rows = (
            self._desk.catalog.reader().execute(_FILES, (f"{FOLDER}/", f"{FOLDER}0", MOST_FILES)).fetchall()
        )
        for path_id, path, working in rows:
            source = self._desk.sources.file(path)
            if source is None or not begins_like_a_tour(source.lines):
                continue
            text = "\n".join(source.lines)
            by, email, at = self._signed(path_id, working=bool(working))
            try:
                own = self._own(text)
                base = own if own is not None else None
                file = read_tour(text, by, self._desk.sources, self._anchors.anchor, base)
            except NotATourError as error:
                problems.append(Skipped(path, f"not read as a tour: {error}"))
                continue
            if own is not None:
                self._take_edit(own, file, path, digest_of(text), Person(by, email), working=bool(working))
                continue
            tour = Tour(
                id="f" + blake2b(path.encode(), digest_size=4).hexdigest(),
                title=file.title,
                area=file.area,
                role=file.role,
                version=0,
                written=at,
                by=by,
                email=email,
                commit_id=file.commit_id,
                steps=file.steps,
                source=path,
                published=path,
            )
            self._refresh_adopted(tour, digest_of(text))
            found.append(tour)
        return found, problems

    def _own(self, text: str) -> Tour | None:
        """Return the version of one's own tour that a file was made from, if it was."""
        claimed = re.search(r"^id:\s*\"?(t[0-9a-f]{8})\"?\s*$", text[:2_000], re.M)
        version = re.search(r"^tour:\s*(\d{1,6})\s*$", text[:2_000], re.M)
        if claimed is None:
            return None
        try:
            newest = self._walks.tour(claimed[1])
        except NotFoundError:
            return None
        wanted = int(version[1]) if version else 0
        rows = {row.version: row for row in self._walks.versions(newest.tour_id)}
        return self._tour(rows.get(wanted, newest))

    def _take_edit(
        self, base: Tour, file: TourFile, path: str, digest: str, by: Person, *, working: bool
    ) -> None:
        known = self._desk.people.published().get(base.id, ())
        rows = self._walks.versions(base.id)
        if (
            working
            or any(each.digest == digest for each in known)
            or any(row.digest == digest for row in rows)
        ):
            return
        if digest_of(written(base)) != digest:
            self._take(self._tour(rows[-1]), base, file, by, path, digest)
        self._desk.people.keep_published(base.id, PublishedAs(path, digest, base.version), int(time.time()))

    def _refresh_adopted(self, tour: Tour, digest: str) -> None:
        """Keep the file's new content as a version, where a session walks an older one."""
        rows = self._walks.versions(tour.id)
        if not rows or any(row.digest == digest for row in rows):
            return
        if self._tour(rows[-1]).steps != tour.steps:
            self._keep(replace(tour, base=rows[-1].version), digest)

    def _told(self, tour: Tour, files: Sequence[Tour]) -> tuple[str, ...]:
        if "/" not in tour.source or tour.source == DERIVED or not tour.id.startswith("f"):
            return ()
        if any(each.id == tour.id for each in files):
            return ()
        when = day(tour.written) or "an unknown day"
        return (f"The file {tour.source} is not there any more: this is its content of {when}, kept here.",)

    def _signed(self, path_id: int, *, working: bool) -> tuple[str, str, int]:
        if working:
            return "not committed yet", "", 0
        with self._desk.catalog.snapshot() as reader:
            found = commits_touching(reader, [path_id], 1)
        return (found[0].author, found[0].email, found[0].authored) if found else ("somebody", "", 0)


_FILES: Final = """
    SELECT e.path_id, p.shown, e.working FROM path p JOIN entry e ON e.path_id = p.id
    JOIN blob b ON b.id = e.blob_id
    WHERE p.shown >= ? AND p.shown < ? AND lower(p.shown) GLOB '*.md' AND e.skipped = '' AND b.skipped = ''
    ORDER BY p.shown LIMIT ?
"""


def _body(tour: Tour) -> str:
    fields = {
        "title": tour.title,
        "area": tour.area,
        "role": tour.role.value,
        "commit_id": tour.commit_id,
        "dropped": tour.dropped,
        "notices": list(tour.notices),
        "steps": msgspec.to_builtins(tour.steps),
    }
    return json.dumps(fields)


def _head(tour: Tour, sessions: int, published: str) -> TourHead:
    return TourHead(
        id=tour.id,
        title=tour.title,
        area=tour.area,
        role=tour.role,
        version=tour.version,
        written=tour.written,
        by=tour.by,
        source=tour.source,
        steps=len(tour.steps),
        minutes=tour.minutes,
        sessions=sessions,
        published=published,
    )
