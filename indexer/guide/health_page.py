"""The tables of the health page: what is left out, which secrets were cut out, languages, the log's end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from indexer.guide.including import Including
from indexer.index import contents
from indexer.index.catalog import Catalog
from indexer.pages import HealthPage, LanguageRow, SecretRow, SkippedRow, SkippedWanted
from indexer.repo.languages import includable
from indexer.repo.secrets import redact
from indexer.types import ReadAs, shown_path

MOST_ROWS: Final = 2_000
MOST_SECRETS: Final = 1_000
LOG_BYTES: Final = 65_536
LOG_LINES: Final = 200
INCLUDED: Final = "you included it"


class HealthTables:
    """Callable from several threads. ``log_file`` is the engine's own log."""

    def __init__(self, catalog: Catalog, including: Including, log_file: Path) -> None:
        self._catalog = catalog
        self._including = including
        self._log_file = log_file

    def page(self, wanted: SkippedWanted) -> HealthPage:
        """Return the tables; what is left out comes in slices, files before what is only read in a
        lesser way.
        """
        with self._catalog.snapshot() as reader:
            sizes: dict[str, int] = dict(
                reader.execute(
                    "SELECT shown, entry.size FROM entry JOIN path ON path.id = path_id LEFT JOIN blob"
                    " ON blob.id = blob_id WHERE entry.skipped != '' OR notice != ''"
                ).fetchall()
            )
            skipped = [
                SkippedRow(
                    each.path,
                    each.reason,
                    sizes.get(each.path, -1),
                    searchable,
                    includable=not searchable and includable(each.reason),
                )
                for searchable, listed in (
                    (False, contents.skipped_list(reader)),
                    (True, contents.fallback_list(reader)),
                )
                for each in listed
            ]
            secrets = [
                SecretRow(kind, path, line, count)
                for kind, path, line, count in reader.execute(_SECRETS, (MOST_SECRETS,))
            ]
            chosen = self._including.paths()
            included = [
                SkippedRow(path, INCLUDED, size, searchable=True, included=True)
                for path, size in reader.execute(_CHOSEN, (json.dumps(sorted(chosen)),))
            ]
            languages = tuple(
                LanguageRow(language, ReadAs(read_as), files, lines)
                for language, read_as, files, lines in reader.execute(_LANGUAGES)
            )
            total = contents.count_redactions(reader)
        skipped = [*included, *(each for each in skipped if each.path not in chosen)]
        start = max(wanted.start, 0)
        return HealthPage(
            skipped=tuple(skipped[start : start + min(max(wanted.count, 0), MOST_ROWS)]),
            skipped_total=len(skipped),
            secrets=tuple(secrets),
            languages=languages,
            log=self._log_tail(),
            secrets_total=total,
        )

    def _log_tail(self) -> tuple[str, ...]:
        try:
            with self._log_file.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - LOG_BYTES, 0))
                data = file.read(LOG_BYTES)
        except OSError:
            return ()
        lines = data.decode("utf-8", "replace").splitlines()
        if size > LOG_BYTES:
            lines = lines[1:]  # the first one was cut in the middle
        return tuple(
            shown_path(line) for line in redact("\n".join(lines[-LOG_LINES:]))[0].split("\n") if line
        )


_CHOSEN: Final = """
    SELECT shown, entry.size FROM entry JOIN path ON path.id = path_id
    WHERE shown IN (SELECT value FROM json_each(?)) ORDER BY shown
"""

_SECRETS: Final = """
    SELECT type, shown, min(start_line), count(*) FROM redaction
    JOIN entry ON entry.blob_id = redaction.blob_id JOIN path ON path.id = path_id
    GROUP BY type, shown
    UNION ALL
    SELECT type, 'commit ' || substr(oid, 1, 10), min(start_line), count(*) FROM redaction
    JOIN commits ON commits.id = redaction.commit_id WHERE reachable = 1 GROUP BY type, oid
    ORDER BY 2, 3 LIMIT ?
"""

_LANGUAGES: Final = """
    SELECT language, read_as, count(*), sum(lines) FROM entry JOIN blob ON blob.id = blob_id
    WHERE entry.skipped = '' AND blob.skipped = '' GROUP BY language, read_as
    ORDER BY count(*) DESC, language, read_as
"""
