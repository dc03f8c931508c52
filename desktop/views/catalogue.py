"""Which view shows which place; a view's module is loaded when it is first seen.

The window must be painted before it has loaded a view that nobody looks at yet: that is why the
imports stand inside functions here.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

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


def make_view(place: Place, theme: Theme) -> QWidget:
    """Return a new view."""
    return _MAKERS[place](theme)


def _home(theme: Theme) -> QWidget:
    from desktop.views.home import HomeView

    return HomeView(theme)


def _ask(theme: Theme) -> QWidget:
    from desktop.views.ask import AskView

    return AskView(theme)


def _modules(theme: Theme) -> QWidget:
    from desktop.views.modules import ModulesView

    return ModulesView(theme)


def _onboarding(theme: Theme) -> QWidget:
    from desktop.views.onboarding import OnboardingView

    return OnboardingView(theme)


def _history(theme: Theme) -> QWidget:
    from desktop.views.history import HistoryView

    return HistoryView(theme)


def _knowledge(theme: Theme) -> QWidget:
    from desktop.views.knowledge import KnowledgeView

    return KnowledgeView(theme)


def _health(theme: Theme) -> QWidget:
    from desktop.views.health import HealthView

    return HealthView(theme)


def _settings(theme: Theme) -> QWidget:
    from desktop.views.settings import SettingsView

    return SettingsView(theme)


_MAKERS: dict[Place, Callable[[Theme], QWidget]] = {
    Place.HOME: _home,
    Place.ASK: _ask,
    Place.MODULES: _modules,
    Place.ONBOARDING: _onboarding,
    Place.HISTORY: _history,
    Place.KNOWLEDGE: _knowledge,
    Place.HEALTH: _health,
    Place.SETTINGS: _settings,
}
