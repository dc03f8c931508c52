"""Which view shows which place; a view's module is loaded when it is first seen.

The window must be painted before it has loaded a view that nobody looks at yet: that is why the
imports stand inside functions here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.places import (
    AskPlace,
    ChangesPlace,
    CommitPlace,
    HealthPlace,
    HistoryPlace,
    HomePlace,
    KnowledgePlace,
    LogPlace,
    ModulesPlace,
    OnboardingPlace,
    SettingsPlace,
    SourcePlace,
)
from desktop.theme import Theme
from desktop.widgets.rail import Place, RailItem

if TYPE_CHECKING:
    from desktop.views.evidence import EvidencePane
    from desktop.widgets.answerside import AnswerSide


def rail_items() -> tuple[RailItem, ...]:
    """Return the views that there are, in the order of the rail."""
    tr = QCoreApplication.translate
    every = (
        RailItem(Place.HOME, tr("Rail", "Home"), "home"),
        RailItem(Place.ASK, tr("Rail", "Ask"), "ask"),
        RailItem(Place.MODULES, tr("Rail", "Modules"), "modules"),
        RailItem(Place.ONBOARDING, tr("Rail", "Onboarding"), "onboarding"),
        RailItem(Place.HISTORY, tr("Rail", "History"), "history"),
        RailItem(Place.KNOWLEDGE, tr("Rail", "Knowledge"), "knowledge"),
        RailItem(Place.HEALTH, tr("Rail", "Health"), "health"),
        RailItem(Place.SETTINGS, tr("Rail", "Settings"), "settings"),
    )
    return tuple(each for each in every if exists(each.place))


def exists(place: Place) -> bool:
    """Say whether this edition has the view."""
    return find_spec(f"desktop.views.{place.value}") is not None


def first_place(view: Place) -> object:
    """Return where a view begins when it is chosen in the rail."""
    return {
        Place.HOME: HomePlace,
        Place.ASK: AskPlace,
        Place.MODULES: ModulesPlace,
        Place.ONBOARDING: OnboardingPlace,
        Place.HISTORY: HistoryPlace,
        Place.KNOWLEDGE: KnowledgePlace,
        Place.HEALTH: HealthPlace,
        Place.SETTINGS: SettingsPlace,
    }[view]()


def view_of(place: object, front: Place) -> Place:
    """Return the view that shows ``place``; ``front`` is the one in front, which is kept if it can."""
    if isinstance(place, CommitPlace):
        return Place.ASK if front is Place.ASK or not exists(Place.HISTORY) else Place.HISTORY
    for kind, view in (
        (HomePlace, Place.HOME),
        (AskPlace, Place.ASK),
        (LogPlace, Place.ASK),
        (SourcePlace, Place.ASK),
        (ModulesPlace, Place.MODULES),
        (OnboardingPlace, Place.ONBOARDING),
        (HistoryPlace, Place.HISTORY),
        (ChangesPlace, Place.HISTORY),
        (KnowledgePlace, Place.KNOWLEDGE),
        (HealthPlace, Place.HEALTH),
        (SettingsPlace, Place.SETTINGS),
    ):
        if isinstance(place, kind):
            return view
    return Place.HOME


@dataclass
class AskSides:
    """The two sides of the view of answers, as far as they are made before it."""

    evidence: EvidencePane | None = None
    left: AnswerSide | None = None


def make_view(
    place: Place, theme: Theme, parent: QWidget | None = None, sides: AskSides | None = None
) -> QWidget:
    """Return a new view within ``parent``: a view that moves afterwards is styled twice.

    The view of answers takes the ``sides`` that were made for it.
    """
    return _ask(theme, parent, sides or AskSides()) if place is Place.ASK else _MAKERS[place](theme, parent)


def make_evidence(theme: Theme, parent: QWidget) -> EvidencePane:
    """Return the right half of the view of answers, the larger one."""
    from desktop.views.evidence import EvidencePane

    return EvidencePane(theme, parent)


def make_answer_side(theme: Theme, parent: QWidget) -> AnswerSide:
    """Return its left half."""
    from desktop.widgets.answerside import AnswerSide

    return AnswerSide(theme, parent)


def _home(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.home import HomeView

    return HomeView(theme, parent)


def _ask(theme: Theme, parent: QWidget | None, sides: AskSides) -> QWidget:
    from desktop.views.ask import AskView

    return AskView(theme, parent, sides.evidence, sides.left)


def _modules(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.modules import ModulesView

    return ModulesView(theme, parent)


def _onboarding(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.onboarding import OnboardingView

    return OnboardingView(theme, parent)


def _history(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.history import HistoryView

    return HistoryView(theme, parent)


def _knowledge(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.knowledge import KnowledgeView

    return KnowledgeView(theme, parent)


def _health(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.health import HealthView

    return HealthView(theme, parent)


def _settings(theme: Theme, parent: QWidget | None) -> QWidget:
    from desktop.views.settings import SettingsView

    return SettingsView(theme, parent)


_MAKERS: dict[Place, Callable[[Theme, QWidget | None], QWidget]] = {
    Place.HOME: _home,
    Place.MODULES: _modules,
    Place.ONBOARDING: _onboarding,
    Place.HISTORY: _history,
    Place.KNOWLEDGE: _knowledge,
    Place.HEALTH: _health,
    Place.SETTINGS: _settings,
}
