"""Programs that talk to a screen, and those who touch some data, as an operator asks for them."""

import pytest

from indexer.answer.programs import stands_for
from indexer.types import VerdictStatus
from tests.asking import opened
from tests.conftest import SmallRepository

SIGNON = """      * Program  : SHSGN00C
      * Function : Signon screen of the shop
       IDENTIFICATION DIVISION.
       PROGRAM-ID. SHSGN00C.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01 WS-USER-FILE PIC X(8) VALUE 'USRSEC'.
       PROCEDURE DIVISION.
       MAIN-PARA.
           PERFORM READ-USER-FILE.
       READ-USER-FILE.
           EXEC CICS READ
                DATASET (WS-USER-FILE)
           END-EXEC.
           EXEC CICS XCTL
                PROGRAM ('SHMEN00C')
           END-EXEC.
"""
MENU = """      * Function : Main menu, keeps the customer
       IDENTIFICATION DIVISION.
       PROGRAM-ID. SHMEN00C.
       PROCEDURE DIVISION.
       MAIN-PARA.
           EXEC CICS REWRITE
                DATASET ('CUSTDAT')
           END-EXEC.
"""


@pytest.fixture(scope="module")
def terminal(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "repo").mkdir()
    repository = SmallRepository(folder / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("Begin", {"cbl/SHSGN00C.cbl": SIGNON, "cbl/SHMEN00C.cbl": MENU})
    with opened(repository, folder / "data") as asking:
        yield asking


def test_signing_on_is_found_where_it_is_written_as_one_word_and_followed_to_the_next_program(terminal):
    answer = terminal.ask("How does a user sign on, and which program is started afterwards?")
    said = "\n".join(each.text for each in answer.statements)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert said.startswith(
        "The program for it is `SHSGN00C`, cbl/SHSGN00C.cbl:4: “Signon screen of the shop”"
    )
    assert "`SHSGN00C` reads USRSEC." in said
    assert "From `SHSGN00C` control goes to `SHMEN00C` (cbl/SHMEN00C.cbl)." in said


def test_who_writes_some_data_is_told_by_the_statements_that_write_it(terminal):
    answer = terminal.ask("Which programs update the customer file?")
    assert [each.text for each in answer.statements] == ["`SHMEN00C` (cbl/SHMEN00C.cbl) writes CUSTDAT."]


@pytest.mark.parametrize(
    ("name", "word", "does"),
    [("ACCTDAT", "account", True), ("CUST-FILE", "custom", True), ("CARDXREF", "account", False)],
)
def test_a_shortened_name_stands_for_a_word_only_with_its_letters_in_order(name, word, does):
    assert stands_for(name, word) is does
