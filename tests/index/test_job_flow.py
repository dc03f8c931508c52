"""Which job posts the sales, and what does it read and write: along job, program and data set."""

from __future__ import annotations

import pytest

from indexer.index.job_flow import job_flow, jobs_that_run
from indexer.index.symbols import find_symbols, imports_of
from tests.conftest import Bench
from tests.index.conftest import Index, OpenIndex

POST01 = """\
       IDENTIFICATION DIVISION.
       PROGRAM-ID. POST01.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT SALES ASSIGN TO DALYSALE.
           SELECT BOOK ASSIGN TO LEDGERDD.
       DATA DIVISION.
       FILE SECTION.
       FD  SALES.
       01  SALE                    PIC X(80).
       FD  BOOK.
       01  ENTRY-REC               PIC X(80).
       WORKING-STORAGE SECTION.
       COPY SALEREC.
       PROCEDURE DIVISION.
           OPEN INPUT SALES I-O BOOK.
           CALL 'RPT01'.
           GOBACK.
"""
RPT01 = """\
       PROGRAM-ID. RPT01.
       ENVIRONMENT DIVISION.
       FILE-CONTROL.
           SELECT RPT ASSIGN TO RPTOUT.
       PROCEDURE DIVISION.
           OPEN OUTPUT RPT.
           GOBACK.
"""
JOB = """\
//POSTSALE JOB 'SALES'
//* Posts the sales of the day.
//STEP10   EXEC PGM=POST01
//STEPLIB  DD DISP=SHR,DSN=SHOP.LOADLIB
//DALYSALE DD DISP=SHR,DSN=SHOP.SALES.VSAM.KSDS
//LEDGERDD DD DISP=SHR,DSN=SHOP.LEDGER.VSAM.KSDS
//RPTOUT   DD DISP=OLD,DSN=SHOP.REPORT.VSAM.ESDS
//OTHER    DD DISP=SHR,DSN=SHOP.OTHER.VSAM.KSDS
//STEP20   EXEC PROC=BACKUP
//FILEIN   DD DISP=SHR,DSN=SHOP.LEDGER.VSAM.KSDS
//FILEOUT  DD DISP=(NEW,CATLG),DSN=SHOP.BACKUP(+1)
"""
PROCEDURE = """\
//BACKUP   PROC
//COPY1    EXEC PGM=IDCAMS
//SYSIN    DD DISP=SHR,DSN=&LIB(REPROCT)
//         PEND
"""


@pytest.fixture
def index(bench: Bench, open_index: OpenIndex) -> Index:
    source = bench.make()
    files = {
        "cbl/POST01.cbl": POST01,
        "cbl/RPT01.CBL": RPT01,
        "cpy/SALEREC.cpy": "       01 SALE-RECORD.\n          05 SALE-ID PIC X(8).\n",
        "jcl/POSTSALE.jcl": JOB,
        "proc/BACKUP.prc": PROCEDURE,
        "ctl/REPROCT.ctl": " REPRO INFILE(FILEIN) OUTFILE(FILEOUT)\n",
    }
    source.commit("Begin", dict(files))
    made = open_index(source)
    made.words()
    return made


def test_a_job_tells_what_it_reads_and_writes_as_its_programs_do_it(index: Index) -> None:
    reader = index.catalog.reader()
    job = find_symbols(reader, "POSTSALE")[0]
    posting, backup = job_flow(reader, job).steps
    assert posting.program is not None
    assert posting.program.path == "cbl/POST01.cbl"
    assert {each.dataset: (each.reads, each.writes) for each in posting.data} == {
        "SHOP.SALES.VSAM.KSDS": (True, False),
        "SHOP.LEDGER.VSAM.KSDS": (True, True),
        "SHOP.REPORT.VSAM.ESDS": (False, True),
        "SHOP.OTHER.VSAM.KSDS": (False, False),
    }
    report = next(each for each in posting.data if each.dd == "RPTOUT")
    assert (report.program_path, report.evidence) == ("cbl/RPT01.CBL", (6,))
    assert {each.dataset: (each.reads, each.writes) for each in backup.data} == {
        "SHOP.LEDGER.VSAM.KSDS": (True, False),
        "SHOP.BACKUP": (False, True),
    }


def test_a_program_tells_the_jobs_that_run_it(index: Index) -> None:
    found = jobs_that_run(index.catalog.reader(), "post01")
    assert [(job.name, line) for job, line in found] == [("POSTSALE", 3)]


def test_programs_copybooks_procedures_and_members_are_linked(index: Index) -> None:
    reader = index.catalog.reader()

    def taken(path: str) -> set[str]:
        path_id = int(str(index.column("SELECT id FROM path WHERE shown = ?", path)[0]))
        return {each.path for each in imports_of(reader, path_id)}

    assert taken("cbl/POST01.cbl") == {"cpy/SALEREC.cpy", "cbl/RPT01.CBL"}
    assert taken("jcl/POSTSALE.jcl") == {"cbl/POST01.cbl", "proc/BACKUP.prc"}
    assert taken("proc/BACKUP.prc") == {"ctl/REPROCT.ctl"}
