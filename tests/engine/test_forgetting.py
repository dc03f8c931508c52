"""Deleting an index: what was read goes, what people wrote stays unless they say so."""

import pytest

from indexer.protocol import FORGET, INDEX, NOTE_ADD, NOTE_LIST, Forget, IndexRequest, Nothing
from indexer.types import NoteDraft
from tests.conftest import SmallRepository
from tests.engine.conftest import Engines, until


@pytest.mark.parametrize("people", [False, True])
def test_a_deleted_index_is_gone_and_notes_go_only_when_asked(
    engines: Engines, small_repository: SmallRepository, people: bool
) -> None:
    client = engines.client(small_repository)
    client.call(INDEX, IndexRequest())
    client.call(NOTE_ADD, NoteDraft(title="Why", text="Because the broker asked for it."))
    process = engines.process(client)
    folder = client.location.index_dir

    client.call(FORGET, Forget(people=people))
    until(lambda: not process.is_running())

    assert not (folder / "catalog.db").exists()
    assert not [each for each in folder.parent.iterdir() if each != folder], "something was left beside it"
    after = engines.client(small_repository)
    assert len(after.call(NOTE_LIST, Nothing()).notes) == (0 if people else 1)
