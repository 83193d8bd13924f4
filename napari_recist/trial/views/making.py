"""The statements that make the views in a database, in their order."""

from collections.abc import Iterator
from pathlib import Path

from napari_recist.trial.views.dialects import Dialect, Wording
from napari_recist.trial.views.dictionary import View
from napari_recist.trial.views.of_reads import VIEWS_OF_READS
from napari_recist.trial.views.of_trial import VIEWS_OF_TRIAL

VIEWS: tuple[View, ...] = (*VIEWS_OF_READS, *VIEWS_OF_TRIAL)
"""Every view that is there to be queried."""

BUILT_UPON = ("standing_facts", "opened_visits")
"""Views that others stand on; nobody is asked to query them."""

SQL = Path(__file__).parent / "sql"


def view_statements(wording: Wording) -> Iterator[str]:
    """Yield the statements that make all views; each stands on those before it."""
    for name in (*BUILT_UPON, *(view.name for view in VIEWS)):
        text = wording.rendered((SQL / f"{name}.sql").read_text(encoding="utf-8"))
        guard = " WITH (security_invoker)" if wording.dialect is Dialect.POSTGRESQL else ""
        yield f"CREATE VIEW {name}{guard} AS\n{text}"


def comment_statements() -> Iterator[str]:
    """Yield what tells PostgreSQL the meaning of each view and column."""
    for view in VIEWS:
        yield f"COMMENT ON VIEW {view.name} IS {_quoted(view.description)}"
        for column in view.columns:
            told = f"{column.description} ({column.unit})" if column.unit else column.description
            yield f"COMMENT ON COLUMN {view.name}.{column.name} IS {_quoted(told)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
