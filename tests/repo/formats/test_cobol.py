"""COBOL is read by its columns: what a program is made of, and what it touches."""

from __future__ import annotations

PROGRAM = """\
      ******************************************************************
      * Program     : POST01.CBL
      * Function    : Post the day's sales.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID.    POST01.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT SALES-FILE ASSIGN TO UT-S-DALYSALE
                  ORGANIZATION IS SEQUENTIAL.
           SELECT OPTIONAL LEDGER ASSIGN TO LEDGERDD.
           SELECT REPORT-FILE ASSIGN TO "RPTOUT".
       DATA DIVISION.
       FILE SECTION.
       FD  SALES-FILE.
       01  SALE-REC                PIC X(80).
       FD  LEDGER.
       01  LEDGER-REC.
           05 LEDGER-KEY           PIC X(16).
       FD  REPORT-FILE.
       01  REPORT-LINE             PIC X(80).
       WORKING-STORAGE SECTION.
       COPY SALEREC REPLACING ==:A:== BY ==B==.
      *COPY NOTTHIS.
       01  WS-COUNTERS.
           05 WS-COUNT             PIC 9(4) VALUE 0.
              88 WS-NONE           VALUE 0.
       01  WS-NEXT                 PIC X(8).
       01  WS-SUB                  PIC X(8) VALUE 'TAXCALC'.
       PROCEDURE DIVISION.
           PERFORM 1000-OPEN.
           CALL WS-SUB USING WS-COUNTERS.
           MOVE 'RATES01' TO WS-NEXT.
           CALL WS-NEXT.
           GOBACK.
      * Opens everything.
       1000-OPEN.
           OPEN INPUT SALES-FILE
                I-O   LEDGER
           OPEN OUTPUT REPORT-FILE.
           READ SALES-FILE AT END CONTINUE END-READ.
           IF WS-NONE
              DISPLAY 'CALL NOBODY'
              PERFORM 9000-END THRU 9000-EXIT
           END-IF.
       2000-WRITE SECTION.
       2100-ONE.
           WRITE REPORT-LINE FROM SALE-REC.
           REWRITE LEDGER-REC.
           GO TO 9000-END.
       9000-END.
           EXIT.
       9000-EXIT.
           EXIT.                                                        00010000
"""

ONLINE = """\
       IDENTIFICATION DIVISION.
       PROGRAM-ID. MENU01.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
         05 WS-USER-FILE           PIC X(08) VALUE 'USERS   '.
         05 WS-TO                  PIC X(08).
       PROCEDURE DIVISION.
       MAIN-PARA.
           MOVE 'SIGNON' TO WS-TO
           EXEC CICS XCTL PROGRAM(WS-TO)
                COMMAREA(AREA-1)
           END-EXEC.
           EXEC CICS LINK PROGRAM ('RATES01') END-EXEC.
           EXEC CICS SEND MAP('MENU1A') MAPSET('MENU01') ERASE END-EXEC
           EXEC CICS RECEIVE MAP('MENU1A') MAPSET('MENU01') END-EXEC
           EXEC CICS READ DATASET (WS-USER-FILE) INTO(X)
                LENGTH (LENGTH OF X) END-EXEC
           EXEC CICS REWRITE FILE('ACCTS') FROM(X) END-EXEC
           EXEC CICS START TRANSID('TR01') END-EXEC
           EXEC SQL
             SELECT A.NAME INTO :WS-NAME FROM SHOP.CUSTOMER A
               JOIN SHOP.ORDERS B ON A.ID = B.ID
           END-EXEC
           EXEC SQL DELETE FROM SHOP.ORDERS WHERE ID = :X END-EXEC
           EXEC SQL INSERT INTO SHOP.AUDIT (A) VALUES (:B) END-EXEC
           EXEC SQL UPDATE SHOP.CUSTOMER SET N = 1 END-EXEC
           EXEC SQL INCLUDE SQLCA END-EXEC.
           EXEC DLI GU USING PCB(1) SEGMENT (ROOTSEG) INTO(X) END-EXEC.
"""


def test_every_part_of_a_program_is_a_symbol(read) -> None:
    found = read(PROGRAM, "cobol", plain=True)
    assert found.symbols("program") == ["POST01"]
    assert found.symbols("paragraph") == [
        "POST01.1000-OPEN", "POST01.2000-WRITE.2100-ONE", "POST01.2000-WRITE.9000-END",
        "POST01.2000-WRITE.9000-EXIT",
    ]  # fmt: skip
    assert "POST01.2000-WRITE" in found.symbols("section")
    assert found.symbols("dataset") == ["POST01.SALES-FILE", "POST01.LEDGER", "POST01.REPORT-FILE"]
    assert "POST01.WS-COUNTERS.WS-COUNT.WS-NONE" in found.symbols("constant")
    assert "POST01.LEDGER.LEDGER-REC.LEDGER-KEY" in found.symbols("field")
    program = found.parse.symbols[0]
    assert "Post the day's sales." in program.doc


def test_a_paragraph_keeps_the_comment_above_it(read) -> None:
    found = read(PROGRAM, "cobol", plain=True)
    paragraph = next(each for each in found.parse.symbols if each.name == "1000-OPEN")
    assert paragraph.doc == "Opens everything."
    assert any(
        symbol == "POST01.1000-OPEN" and start == paragraph.start_line == paragraph.name_line - 1
        for start, _, symbol in found.cuts()
    )


def test_files_are_referred_to_by_their_own_and_their_dd_name(read) -> None:
    found = read(PROGRAM, "cobol", plain=True)
    inside = "POST01.1000-OPEN"
    assert found.uses("read", inside) == [
        "SALES-FILE", "DALYSALE", "LEDGER", "LEDGERDD", "SALES-FILE", "DALYSALE",
    ]  # fmt: skip
    assert found.uses("write", inside) == ["LEDGER", "LEDGERDD", "REPORT-FILE", "RPTOUT"]
    assert found.uses("write", "POST01.2000-WRITE.2100-ONE") == [
        "REPORT-FILE",
        "RPTOUT",
        "LEDGER",
        "LEDGERDD",
    ]


def test_calls_by_a_variable_name_what_it_holds(read) -> None:
    found = read(PROGRAM, "cobol", plain=True)
    assert found.uses("call", "POST01.PROCEDURE DIVISION") == ["1000-OPEN", "TAXCALC", "RATES01"]
    assert found.uses("call", "POST01.1000-OPEN") == ["9000-END"]
    assert found.uses("copy") == ["SALEREC"]


def test_cics_sql_and_dli_blocks_name_programs_maps_files_and_tables(read) -> None:
    found = read(ONLINE, "cobol", plain=True)
    assert found.uses("execute") == ["SIGNON", "RATES01", "TR01"]
    assert found.uses("use") == ["MENU01"]
    assert found.uses("read") == ["MENU1A", "USERS", "CUSTOMER", "ORDERS", "ROOTSEG"]
    assert found.uses("write") == ["MENU1A", "ACCTS", "ORDERS", "AUDIT", "CUSTOMER"]
    assert found.uses("copy") == ["SQLCA"]
    assert all(each.inside == "MENU01.MAIN-PARA" for each in found.parse.references)


def test_a_copybook_gives_records_and_fields_and_what_its_values_name(read) -> None:
    found = read(
        """\
       01 MENU-TABLE.
         05 FILLER           PIC X(8) VALUE 'ACCT01C'.
         05 MENU-PROGRAM     PIC X(8).
      *    05 OLD            PIC X.
""",
        "cobol",
        plain=True,
    )
    assert found.symbols() == ["MENU-TABLE", "MENU-TABLE.MENU-PROGRAM"]
    assert found.uses("use") == ["ACCT01C"]


def test_sequence_numbers_are_no_code(read) -> None:
    found = read(
        "001000 IDENTIFICATION DIVISION.                                         00100000\n"
        "002000 PROGRAM-ID.                                                      00200000\n"
        "003000     SEQ01.                                                       00300000\n"
        "004000 PROCEDURE DIVISION.                                              00400000\n"
        "005000 A-PARA.                                                          00500000\n"
        "006000*    CALL 'NO'.                                                   00600000\n"
        "007000     CALL 'YES'.                                                  CALL 'NO\n",
        "cobol",
        plain=True,
    )
    assert found.symbols("program") == ["SEQ01"]
    assert found.symbols("paragraph") == ["SEQ01.A-PARA"]
    assert found.uses("call") == ["YES"]


def test_free_layout_is_told_from_where_the_division_stands(read) -> None:
    found = read(
        "identification division.\nprogram-id. free01.\nprocedure division.\nmain-para.\n"
        "    call 'sub01'. *> and why\n    perform second-para.\nsecond-para.\n    goback.\n",
        "cobol",
        plain=True,
    )
    assert found.symbols("paragraph") == ["FREE01.MAIN-PARA", "FREE01.SECOND-PARA"]
    assert found.uses("call") == ["SUB01", "SECOND-PARA"]


def test_a_block_that_never_ends_does_not_swallow_the_program(read) -> None:
    broken = "           EXEC CICS LINK PROGRAM('A')\n" + "           MOVE X TO Y.\n" * 2000
    found = read(
        f"       PROCEDURE DIVISION.\n{broken}       LATE-PARA.\n           EXIT.\n", "cobol", plain=True
    )
    assert found.symbols("paragraph") == ["PROCEDURE DIVISION.LATE-PARA"] or "LATE-PARA" in str(
        found.symbols()
    )
