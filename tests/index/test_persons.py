"""Names and addresses that are one person's."""

from __future__ import annotations

from indexer.index.persons import same_people


def test_one_person_writes_under_several_names_and_addresses() -> None:
    people = [
        ("Stéphane Brossier", "stephane@kill-bill.org"),
        ("Ada Lovelace", "ada@example.com"),
        ("stephane brossier", "sbrossier@old.example.com"),
        ("reshmabidikar", "r@noreply.example.com"),
        ("A. L.", "ADA@example.com"),
        ("Reshma Bidikar", "reshma@example.com"),
    ]
    assert same_people(people) == [0, 1, 0, 3, 1, 3]


def test_what_ties_two_late_makes_all_of_them_one() -> None:
    people = [("Ada", "one@example.com"), ("Countess", "two@example.com"), ("Ada", "two@example.com")]
    assert same_people(people) == [0, 0, 0]


def test_nobodys_name_and_address_tie_nobody() -> None:
    assert same_people([("", "a@example.com"), ("", "b@example.com"), ("x", ""), ("y", "")]) == [0, 1, 2, 3]
    assert same_people([("***", ""), ("???", "")]) == [0, 1]
