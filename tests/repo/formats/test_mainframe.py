"""Screens, databases, assembler and resource definitions around COBOL, and SQL by pattern."""

from __future__ import annotations

from indexer.repo.formats import parse_format


def card(text: str, more: bool) -> str:
    return text.ljust(71) + ("-" if more else "") + "\n"


def test_a_mapset_holds_maps_and_these_their_named_fields(read) -> None:
    text = (
        "*    Shop - menu\n"
        + card("MENU01 DFHMSD CTRL=(ALARM),", True)
        + card("               TYPE=&&SYSPARM", False)
        + card("MENU1A DFHMDI SIZE=(24,80)", False)
        + card("        DFHMDF POS=(1,1),", True)
        + card("               INITIAL='User :'", False)
        + card("USERID  DFHMDF POS=(1,8),LENGTH=8", False)
        + card("        DFHMSD TYPE=FINAL", False)
    )
    found = read(text, "bms", plain=True)
    assert found.symbols("map") == ["MENU01", "MENU01.MENU1A"]
    assert found.symbols("field") == ["MENU01.MENU1A.USERID"]
    assert found.parse.symbols[2].doc == "User :"
    assert found.parse.symbols[0].doc == "Shop - menu"


def test_databases_have_segments_and_views_say_what_they_allow(read) -> None:
    dbd = read(
        "       DBD     NAME=SALESDB,ACCESS=(HIDAM,VSAM)\n       SEGM    NAME=ROOTSEG,PARENT=0\n"
        "       FIELD   NAME=(KEY1,SEQ,U),START=1\n",
        "ims",
        plain=True,
    )
    assert dbd.symbols() == ["SALESDB", "SALESDB.ROOTSEG", "SALESDB.ROOTSEG.KEY1"]
    psb = read(
        "P1  PCB   TYPE=DB,DBDNAME=SALESDB,PROCOPT=G\n    SENSEG NAME=ROOTSEG,PARENT=0\n"
        "P2  PCB   TYPE=DB,DBDNAME=OTHERDB,PROCOPT=AP\n    PSBGEN LANG=COBOL,PSBNAME=SALEPSB\n",
        "ims",
        plain=True,
    )
    assert psb.symbols() == ["SALEPSB", "SALEPSB.P1", "SALEPSB.P2"]
    assert psb.uses("read") == ["SALESDB"]
    assert psb.uses("data") == ["ROOTSEG", "OTHERDB"]


def test_ibm_assembler_is_read_and_other_assembler_is_left_to_its_grammar(read) -> None:
    found = read(
        "WAIT01   CSECT\n         USING *,15\n         COPY  REGS\n"
        "         SHOPWAIT ECB1\n         CALL  SUB01\n",
        "asm",
        plain=True,
    )
    assert found.symbols("program") == ["WAIT01"]
    assert found.uses("copy") == ["REGS", "SHOPWAIT"]
    assert found.uses("call") == ["SUB01"]
    assert parse_format("section .text\n  mov eax, 1\n", "a.asm", "asm") is None


def test_cics_definitions_tie_transactions_to_programs_and_files_to_data_sets(read) -> None:
    found = read(
        " DEFINE TRANSACTION(MN01) GROUP(SHOP)\n        PROGRAM(MENU01) PROFILE(X)\n"
        " DEFINE FILE(ACCTS) GROUP(SHOP)\n        DSNAME(SHOP.ACCTS.VSAM)\n",
        "csd",
        plain=True,
    )
    assert found.symbols() == ["MN01", "ACCTS"]
    assert found.uses("execute", "MN01") == ["MENU01"]
    assert found.uses("data", "ACCTS") == ["SHOP.ACCTS.VSAM"]


def test_sql_tables_columns_routines_and_what_statements_touch(read) -> None:
    found = read(
        """
        -- Who buys.
        CREATE TABLE shop.customer
          (id INTEGER NOT NULL,
           name VARCHAR(50) DEFAULT 'a, b (c)',
           PRIMARY KEY (id),
           FOREIGN KEY (id) REFERENCES shop.person (id));
        CREATE UNIQUE INDEX shop.xcust ON shop.customer (id);
        CREATE OR REPLACE PACKAGE BODY billing AS
          PROCEDURE charge(x NUMBER) IS
          BEGIN
            INSERT INTO invoice SELECT * FROM customer c JOIN "Orders" o ON o.id = c.id;
            UPDATE ledger SET a = 1;
            DELETE FROM basket;
          END;
        END billing;
        """,
        "plsql",
    )
    assert found.symbols("table") == ["customer"]
    assert found.symbols("field") == ["customer.id", "customer.name"]
    assert found.symbols("function") == ["billing.charge"]
    assert found.uses("write", "billing.charge") == ["invoice", "ledger", "basket"]
    assert found.uses("read", "billing.charge") == ["customer", "Orders"]
    assert "person" in found.uses("use")


def test_visual_basic_and_jsp_are_read_by_pattern(read) -> None:
    basic = read(
        "Imports System.Data\nPublic Class Invoice\n  ' Adds it up.\n"
        "  Public Function Total(a As Integer) As Long\n"
        "    Call Audit.Log(a)\n  End Function\nEnd Class\n",
        "vb",
        plain=True,
    )
    assert basic.symbols() == ["Invoice", "Invoice.Total"]
    assert basic.uses("import") == ["System.Data"]
    assert basic.uses("call") == ["Audit.Log"]
    page = read(
        '<%@ page import="shop.Cart, shop.Item" %>\n<%@ include file="/head.jsp" %>\n<h1>Basket</h1>\n'
        '<jsp:useBean id="cart" class="shop.Cart"/>\n<form action="/pay.do">\n',
        "jsp",
        plain=True,
    )
    assert page.uses("import") == ["shop.Cart", "shop.Item"]
    assert page.uses("copy") == ["/head.jsp"]
    assert page.uses("execute") == ["/pay.do"]
    assert "Basket" in page.symbols("heading")
