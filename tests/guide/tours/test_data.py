"""Tables that others point to come first, and those of one way to store are said to be that."""

from __future__ import annotations

import pytest

from indexer.shapes.onboarding import StepKind
from tests.guide.tours.conftest import derived, opened_with
from tests.guide.tours.test_route import said, step_of

BACKEND = '''"""Keeps loaves in {where}."""

from store.kinds.base import BaseBackend


class {name}Backend(BaseBackend):
    """Keeps loaves in {where}."""

    def keep(self, loaf):
        """Keep a loaf there."""
        return self.write("{where}", loaf)
'''
BASE = '''"""What all of them have."""


class BaseBackend:
    """Keeps loaves."""

    def write(self, where, loaf):
        """Write one down."""
        return where, loaf
'''
MODELS = '''"""Loaves as rows."""

from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Apple(Base):
    """An apple, which lies on a loaf."""

    __tablename__ = "apples"

    id = Column(Integer, primary_key=True)
    loaf = Column(Integer, ForeignKey("loaves.id"))


class Loaf(Base):
    """A loaf that somebody waits for."""

    __tablename__ = "loaves"

    id = Column(Integer, primary_key=True)
'''
SQL = """CREATE TABLE bags (
    record_id serial,
    oven_id int,
    PRIMARY KEY (record_id)
);

CREATE TABLE crates (
    record_id serial,
    oven_id int,
    PRIMARY KEY (record_id)
);

CREATE TABLE ovens (
    record_id serial,
    name varchar(36),
    PRIMARY KEY (record_id)
);
"""


@pytest.mark.parametrize("others", [("memory", "disk"), ()])
def test_tables_of_one_of_several_ways_to_store_are_said_to_be_that(
    others: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    files = {
        "README.md": "# Store\n",
        "store/kinds/base.py": BASE,
        "store/kinds/rows/__init__.py": BACKEND.format(name="Row", where="rows"),
        "store/kinds/rows/models.py": MODELS,
        **{f"store/kinds/{each}.py": BACKEND.format(name=each.title(), where=each) for each in others},
    }
    with opened_with(tmp_path_factory, git_environment, "store", files) as knowledge:
        text = said(step_of(derived(knowledge), StepKind.DATA))
    assert ("`store/kinds/rows/`, one of 3 alternatives in `store/kinds/`" in text) is bool(others)
    assert ("It says of itself: “Keeps loaves in rows.”" in text) is bool(others)
    assert text.index("`Loaf`, the table `loaves`") < text.index("`Apple`, the table `apples`")
    assert "; 1 other table points to it: “A loaf that somebody waits for.”" in text


def test_a_table_whose_id_others_hold_comes_first(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    files = {"README.md": "# Larder\n", "larder/main.py": "def run():\n    return 1\n", "larder/ddl.sql": SQL}
    with opened_with(tmp_path_factory, git_environment, "larder", files) as knowledge:
        step = step_of(derived(knowledge), StepKind.DATA)
    told = said(step)
    assert "Table `ovens`, 2 columns, larder/ddl.sql:13; 2 other tables have a column for its id" in told
    assert told.index("Table `ovens`") < told.index("Table `bags`")
    assert len(step.reading) == 1  # the file that it is declared in is not read twice
