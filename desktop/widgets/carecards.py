"""Cards of the health page: what a check found, what a repair will do, and the one that deletes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.ticks import Tick
from desktop.widgets.words import button, tool, words
from desktop.widgets.wrapping import wrapping
from indexer.types import Finding, Severity

SIGNS = {
    Severity.OK: ("check", "grounded"),
    Severity.NOTICE: ("warn", "partial"),
    Severity.DAMAGED: ("warn", "missing"),
}
ORDER = (Severity.DAMAGED, Severity.NOTICE, Severity.OK)


class Card(QFrame):
    """A card with a sentence at its head; Escape puts it away."""

    left = Signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.theme = theme
        self.setProperty("kind", "banner")
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(14), theme.px(10), theme.px(10), theme.px(12))
        self.column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.addWidget(words(theme, title, tokens.STRONG, wrap=True), 1)
        self.close_button = tool(theme, "close", self.tr("Close"), 24)
        self.close_button.clicked.connect(self.left)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)

    def say(self, text: str, tone: str = "2") -> None:
        """Add a paragraph."""
        self.column.addWidget(words(self.theme, plain(text), tokens.INTERFACE, tone, wrap=True))

    def buttons(self, *made: QWidget) -> None:
        """Add a row of buttons, which goes to a second line where there is no room."""
        holder, row = wrapping(self.theme.px(8), self.theme.px(6))
        for each in made:
            row.addWidget(each)
        self.column.addSpacing(self.theme.px(4))
        self.column.addWidget(holder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class WorkingCard(Card):
    """Says what is being done now."""

    def __init__(self, theme: Theme, title: str, text: str) -> None:
        super().__init__(theme, title)
        self.close_button.hide()
        self.say(text)


class FindingsCard(Card):
    """What was checked, the worst first; offers a repair where something is damaged."""

    repairWanted = Signal()

    def __init__(self, theme: Theme, title: str, findings: Sequence[Finding]) -> None:
        super().__init__(theme, title)
        self.findings = tuple(sorted(findings, key=lambda each: ORDER.index(each.severity)))
        for each in self.findings:
            self.column.addWidget(finding_row(theme, each))
        if any(each.severity is Severity.DAMAGED for each in findings):
            repair = button(theme, self.tr("Repair"), primary=True)
            repair.clicked.connect(self.repairWanted)
            self.buttons(repair)


def finding_row(theme: Theme, finding: Finding) -> QWidget:
    """Return one line of what was found, with its sign."""
    tr = QCoreApplication.translate
    spoken = {
        Severity.OK: tr("FindingsCard", "Sound"),
        Severity.NOTICE: tr("FindingsCard", "Worth knowing"),
        Severity.DAMAGED: tr("FindingsCard", "Damaged"),
    }
    name, role = SIGNS[finding.severity]
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(10))
    sign = words(theme, "")
    sign.setPixmap(pixmap(name, getattr(theme.roles, role), theme.px(16), made.devicePixelRatioF()))
    sign.setFixedHeight(theme.px(20))
    sign.setAccessibleName(spoken[finding.severity])
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    text = plain(finding.message)
    if finding.remedy and "`lorebase" not in finding.remedy:
        # A remedy on the command line is a button here.
        text = f"{text} {plain(finding.remedy)}"
    tone = "2" if finding.severity is Severity.OK else ""
    row.addWidget(words(theme, text, tokens.INTERFACE, tone, wrap=True), 1)
    return made


class NoticeCard(QFrame):
    """One line that the engine wants known."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setAccessibleName(plain(text))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(9), theme.px(14), theme.px(9))
        column.addWidget(finding_row(theme, Finding("", Severity.NOTICE, text)))


class ConfirmCard(Card):
    """Asks once before something that takes a while."""

    agreed = Signal()

    def __init__(self, theme: Theme, title: str, text: str, deed: str) -> None:
        super().__init__(theme, title)
        self.say(text)
        self.agree = button(theme, deed, primary=True)
        self.agree.clicked.connect(self.agreed)
        cancel = button(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.left)
        self.buttons(self.agree, cancel)


class DeleteCard(Card):
    """Deletes only what is named: the repository's name must be typed."""

    agreed = Signal(bool)
    """True: what people wrote goes too."""

    def __init__(self, theme: Theme, name: str, size: str) -> None:
        title = QCoreApplication.translate("DeleteCard", "Delete the index of %s")
        super().__init__(theme, title % plain(name))
        self._name = name
        self.say(
            self.tr("Deletes %s that Lorebase keeps outside your repository, which is not touched."
                    " It can be read again at any time.") % (size or self.tr("what"))
        )  # fmt: skip
        self.people = Tick(theme, self.tr("Also delete notes, gaps and questions; this cannot be undone"))
        self.people.setFont(theme.font(tokens.INTERFACE))
        self.column.addWidget(self.people)
        self.field = QLineEdit()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setMaximumWidth(theme.px(320))
        self.field.setAccessibleName(self.tr("Type the name of the repository"))
        self.field.setPlaceholderText(self.tr("Type “%s” to delete") % plain(name))
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_agreed)
        self.column.addSpacing(theme.px(2))
        self.column.addWidget(self.field)
        self.agree = button(theme, self.tr("Delete"), "trash")
        self.agree.setEnabled(False)
        self.agree.clicked.connect(self._on_agreed)
        cancel = button(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.left)
        self.buttons(self.agree, cancel)

    def _on_typed(self, typed: str) -> None:
        self.agree.setEnabled(typed.strip() == self._name)

    def _on_agreed(self) -> None:
        if self.agree.isEnabled():
            self.agreed.emit(self.people.isChecked())
