"""Text that cannot be read is a defect that a test can find."""

import pytest

from desktop.tokens import DARK, LIGHT, Roles, contrast

GROUNDS = ("page", "surface", "raised", "sunken", "cite", "hover")
READ_ANYWHERE = ("text", "text_2", "text_3", "link", "keyword", "string", "comment", "number", "name")
ON_SELECTION = ("text", "text_2", "keyword", "string", "number", "name")
PAIRS = [
    *((front, ground) for front in READ_ANYWHERE for ground in GROUNDS),
    *((front, ground) for front in ON_SELECTION for ground in ("selection", "selection_idle")),
    ("text", "match"), ("on_accent", "accent"), ("on_accent", "accent_hover"),
    ("grounded", "grounded_fill"), ("grounded", "page"), ("grounded", "surface"), ("grounded", "raised"),
    ("partial", "partial_fill"), ("partial", "page"), ("partial", "surface"),
    ("missing", "page"), ("missing", "surface"), ("missing", "raised"), ("unknown", "page"),
]  # fmt: skip


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), PAIRS)
def test_every_pair_of_text_and_ground_can_be_read(roles: Roles, front: str, ground: str) -> None:
    assert contrast(getattr(roles, front), getattr(roles, ground)) >= 4.5


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
def test_fields_and_hatch_stand_out_from_their_ground(roles: Roles) -> None:
    for ground in ("page", "surface"):
        assert contrast(roles.border, getattr(roles, ground)) >= 3.0
        assert contrast(roles.hatch, getattr(roles, ground)) >= 3.0


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
def test_labels_on_every_step_of_heat_can_be_read(roles: Roles) -> None:
    for heat, label in zip(roles.heat, roles.on_heat, strict=True):
        assert contrast(label, heat) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
