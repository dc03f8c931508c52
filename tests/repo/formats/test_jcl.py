"""A job gives its steps, what they run, and the data sets that they read and write."""

from __future__ import annotations

from indexer.repo.formats.jcl import direction

JOB = """
//POSTSALE JOB 'SALES',CLASS=A,
//  NOTIFY=&SYSUID
//*  Posts the sales of the day.
//BACKUP   PROC
//COPY1    EXEC PGM=IEBGENER
//SYSUT1   DD DSN=SHOP.LEDGER,DISP=SHR
//         PEND
//* Runs the posting program
//* after the backup.
//STEP10   EXEC PGM=POST01,
//             PARM='A,B C',COND=(0,NE)    a comment, with a comma
//STEPLIB  DD DISP=SHR,DSN=SHOP.LOADLIB
//DALYSALE DD DISP=SHR,
//         DSN=SHOP.SALES.DAILY
//         DD DISP=SHR,DSN=SHOP.SALES.LATE
//LEDGERDD DD DISP=SHR,DSN=SHOP.LEDGER.VSAM.KSDS
//RPTOUT   DD DISP=(NEW,CATLG,DELETE),UNIT=SYSDA,
//         DSN=SHOP.REPORT(+1)
//SYSIN    DD *
//STEP20   EXEC BACKUP
//COPY1.SYSUT2 DD DSN=SHOP.COPY,DISP=(MOD,CATLG)
//STEP30   EXEC PGM=IDCAMS
//IN1      DD DISP=SHR,DSN=SHOP.FLAT
//OUT1     DD DISP=OLD,DSN=SHOP.LEDGER.VSAM.KSDS
//SYSIN    DD *
  DELETE SHOP.OLD.VSAM CLUSTER
  DEFINE CLUSTER (NAME(SHOP.NEW.VSAM) -
     KEYS(16 0))
  REPRO INFILE(IN1) OUTFILE(OUT1)
/*
//STEP40   EXEC PGM=IKJEFT01
//SYSTSIN  DD *
  RUN PROGRAM(DB2PGM) PLAN(P)
/*
//STEP50   EXEC PGM=DFSRRC00,PARM='BMP,IMSPGM,IMSPSB'
//INC      INCLUDE MEMBER=COMMON
//CTL      DD DISP=SHR,DSN=&LIB(SORTCARD)
"""


def test_a_job_its_procedure_and_its_steps_are_symbols_with_their_comments(read) -> None:
    found = read(JOB, "jcl")
    assert found.symbols("job") == ["POSTSALE"]
    assert found.symbols("rule") == ["POSTSALE.BACKUP"]
    steps = [each for each in found.parse.symbols if each.kind == "step"]
    assert [each.name for each in steps] == ["COPY1", "STEP10", "STEP20", "STEP30", "STEP40", "STEP50"]
    assert steps[1].doc == "Runs the posting program after the backup."
    assert found.parse.symbols[0].doc == "Posts the sales of the day."


def test_a_step_runs_programs_also_those_that_its_input_names(read) -> None:
    found = read(JOB, "jcl")
    runs = {
        each.inside.rpartition(".")[2]: each.name for each in found.parse.references if each.kind == "execute"
    }
    assert runs == {
        "COPY1": "IEBGENER", "STEP10": "POST01", "STEP20": "BACKUP", "STEP30": "IDCAMS", "STEP40": "DB2PGM",
        "STEP50": "IMSPGM",
    }  # fmt: skip
    assert found.uses("execute")[-2:] == ["DFSRRC00", "IMSPGM"]
    assert found.uses("use") == ["IMSPSB"]
    assert found.uses("copy") == ["COMMON", "SORTCARD"]


def test_directions_are_named_only_where_they_are_certain(read) -> None:
    found = read(JOB, "jcl")
    step = found.symbols("step")[1]
    assert found.uses("read", step) == ["SHOP.LOADLIB", "SHOP.SALES.DAILY", "SHOP.SALES.LATE"]
    assert found.uses("write", step) == ["SHOP.REPORT"]
    assert "SHOP.LEDGER.VSAM.KSDS" in found.uses("data", step)
    assert {"DALYSALE", "LEDGERDD", "RPTOUT"} <= set(found.uses("data", step))


def test_control_cards_say_what_a_utility_does_to_data_sets(read) -> None:
    found = read(JOB, "jcl")
    step = found.symbols("step")[3]
    assert found.uses("read", step) == ["SHOP.FLAT", "IN1", "SHOP.FLAT"]
    assert found.uses("write", step) == ["SHOP.OLD.VSAM", "SHOP.NEW.VSAM", "OUT1", "SHOP.LEDGER.VSAM.KSDS"]
    assert any(each.endswith("SHOP.NEW.VSAM") for each in found.symbols("dataset"))


def test_deleting_without_a_program_is_writing() -> None:
    assert direction("DD1", "A.B", "(OLD,DELETE,DELETE)", "IEFBR14") == "write"
    assert direction("DD1", "A.B", "(OLD,DELETE)", "POST01") == "read"
    assert direction("DD1", "A.B", "&DISP") == "data"
    assert direction("SORTOUT", "A.B", "SHR") == "write"
    assert direction("DD1", "A.B", None) == "write"


def test_data_in_the_stream_is_not_read_as_statements(read) -> None:
    found = read(
        "//J JOB\n//S EXEC PGM=P\n//D DD DATA,DLM='@@'\n//X EXEC PGM=NO\n@@\n//T EXEC PGM=Q\n",
        "jcl",
        plain=True,
    )
    assert found.uses("execute") == ["P", "Q"]
