"""Drafts."""

from __future__ import annotations


def drafts(*a):
    return ()
