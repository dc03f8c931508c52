"""What can be set is the product's own: what helpers and the terminal read is told last or not at all."""

from __future__ import annotations

import pytest

from indexer.shapes.onboarding import StepKind, TourStep
from tests.guide.tours.conftest import derived, opened_with
from tests.guide.tours.test_route import said, step_of

SHOP = '''"""The shop."""

import os


def dumb():
    return os.environ.get("TERM") == "dumb"


def opened():
    return os.environ.get("BAKERY_OPEN")


def lines():
    return os.environ.get("SHELF_ROWS")
'''
DEFAULTS = '''"""What holds unless somebody says otherwise."""

import os
import sys

# How many loaves one oven takes.
OVEN_SIZE = 12
BREAD_NAME = "rye"
OPENS_AT = 6
CLOSES_AT = 18
'''
URLS = '''"""Where pages are."""


class Config:
    def urls(self):
        found = ["/", "/loaves"]
        found.append("/ovens")
        return found


config = Config()
'''
SETTINGS = """Settings
========

All that a baker can choose is listed here.

``OPENS_AT``
------------

Default: ``6``

The hour that the shop opens at.
"""
SCRIPT = "#!/bin/sh\nBAKERY_HOST=${BAKERY_HOST-localhost}\nset_up() {\n  echo $BAKERY_HOST\n}\nset_up\n"
JAVA = """package bakery;

public interface OvenConfig {

    @Config("bakery.oven.heat")
    @Default("220")
    @Description("How hot the oven is")
    int getHeat();
}
"""
SPRING = """package bakery;

@ConfigurationProperties(prefix = "bakery.shelf")
public class ShelfProperties {

    private static final int MANY = 9;
    private int rows = 4;
    private String wood;

    @Value("${bakery.door:white}")
    private String door;
}
"""
GO = """package bakery

// Oven bakes.
type Oven struct {
	// Heat is how hot it becomes, in degrees.
	Heat int
	// Fan moves the air.
	Fan bool
	Door string
	Name string
	racks []int
}

func New() *Oven {
	oven := &Oven{
		Heat: 220,
		Fan: true,
		Door: "glass",
		Name: "oven",
		racks: make([]int, 0),
	}
	return oven
}
"""
PROPERTIES = "# Where money is kept.\nbakery.till.place=drawer\nbakery.a=1\nbakery.b=2\nbakery.c=3\n"


@pytest.fixture(scope="module")
def settings_step(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> TourStep:
    files = {
        "README.md": "# Bakery\n\nThe bakery is a small shop that sells bread. See `BAKERY_OPEN`.\n",
        "docs/settings.rst": SETTINGS,
        "bakery/__init__.py": "",
        "bakery/shop.py": SHOP,
        "bakery/defaults.py": DEFAULTS,
        "bakery/config.py": URLS,
        "bakery/oven/OvenConfig.java": JAVA,
        "bakery/shelf/ShelfProperties.java": SPRING,
        "bakery/oven.go": GO,
        "bakery/bakery-server.properties": PROPERTIES,
        "sandbox/settings.py": "SANDBOX_ONE = 1\nSANDBOX_TWO = 2\nSANDBOX_THREE = 3\nSANDBOX_FOUR = 4\n",
        "bin/import-bread": SCRIPT,
    }
    with opened_with(tmp_path_factory, git_environment, "bakery", files) as knowledge:
        return step_of(derived(knowledge), StepKind.SETTINGS)


def test_the_document_of_settings_is_named_and_quoted(settings_step: TourStep) -> None:
    assert (
        "docs/settings.rst describes what can be set: “All that a baker can choose is listed here.”"
        in said(settings_step)
    )


def test_a_setting_is_told_with_its_default_and_what_the_document_says_below_its_name(
    settings_step: TourStep,
) -> None:
    told = "`OPENS_AT` (bakery/defaults.py:9), `6` unless it is set: “The hour that the shop opens at.”"
    assert told in said(settings_step)
    assert settings_step.check is not None
    assert settings_step.check.question.startswith("What does `OPENS_AT` set")


def test_a_module_of_constants_is_read_from_where_they_begin(settings_step: TourStep) -> None:
    assert "`bakery/defaults.py` gives 4 settings a default from line 7 on" in said(settings_step)


def test_annotations_constructors_and_shipped_files_give_settings(settings_step: TourStep) -> None:
    text = said(settings_step)
    assert "4 settings are declared with annotations in 2 files" in text
    assert "`New` in bakery/oven.go gives 4 public fields a default" in text
    assert "`bakery/bakery-server.properties` gives 4 settings a value" in text


def test_a_module_that_is_called_config_and_sets_nothing_is_none(settings_step: TourStep) -> None:
    assert "bakery/config.py" not in said(settings_step)


def test_variables_of_the_product_come_first_and_those_of_others_not_at_all(settings_step: TourStep) -> None:
    text = said(settings_step)
    told = "2 environment variables are read, beside those of the system and of helpers, `BAKERY_OPEN`"
    assert told in text
    assert "TERM" not in text
    assert "BAKERY_HOST" not in text
    assert "SANDBOX" not in text
