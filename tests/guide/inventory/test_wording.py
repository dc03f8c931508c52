"""Short texts of an inventory."""

import pytest

from indexer.guide.inventory.wording import without_secret


@pytest.mark.parametrize(
    ("name", "default", "shown"),
    [
        ("SECRET_KEY", "'UajFCuyjDKmWHe29neauXzHi9eZoRXr6RMbT5JyAdPiACBP6Cra2'", "[hidden]"),
        ("DB_PASSWORD", '"correct horse battery"', "[hidden]"),
        ("API_KEY", "''", "''"),
        ("SECRET_KEY", "os.environ.get", "os.environ.get"),
        ("TOKEN_LIFETIME", "3600", "3600"),
        ("TIMEOUT", "'thirty seconds'", "'thirty seconds'"),
    ],
)
def test_what_a_key_is_set_to_is_not_listed(name: str, default: str, shown: str) -> None:
    assert without_secret(name, default) == shown
