"""``napari-recist trial adjudicate``: the adjudication room, or the cases that wait as text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from napari_recist.cli.trial import Subject, TrialUrl, trial_app
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice

if TYPE_CHECKING:
    from napari_recist.reading.adjudication import AdjudicationSession
    from napari_recist.trial import Trial

REASONS = {reason.name.lower(): reason for reason in AdjudicationReason}
"""The coded reasons by their short names."""


@trial_app.command(
    "adjudicate",
    epilog="Example: napari-recist trial adjudicate trial.db --name A1 --list",
)
def adjudicate_command(  # noqa: PLR0913, PLR0917 - an option each
    url: TrialUrl,
    name: Annotated[str, typer.Option(help="The adjudicator.")],
    subject: Subject = "",
    list_cases: Annotated[
        bool, typer.Option("--list", help="Print the cases that wait, and why the reads differ.")
    ] = False,
    choose: Annotated[
        Choice | None, typer.Option(help="Accept this read of --subject, without the window.")
    ] = None,
    reason: Annotated[
        str, typer.Option(help=f"Why: {', '.join(REASONS)}, or the whole words.")
    ] = "",
    comment: Annotated[str, typer.Option(help="More in words; required for 'other'.")] = "",
) -> None:
    """Settle patients whose readers differ: on a screen side by side, or from the command line."""
    from napari_recist.cli.open import require_display
    from napari_recist.cli.passwords import password_of
    from napari_recist.reading.adjudication import AdjudicationSession
    from napari_recist.trial import Verdict
    from napari_recist.trial.opening import open_seat

    if choose is None and not list_cases:
        require_display()
    verdict = None if choose is None else Verdict(choose, _reason_of(reason), comment)
    if verdict is not None and not subject:
        raise typer.BadParameter("--choose needs --subject")
    password = password_of(name)
    with open_seat(url, name, password) as seat:
        if verdict is not None:
            AdjudicationSession(seat, subject).decide(verdict, password)
            typer.echo(f"{subject}: {verdict.choice} accepted, {verdict.reason}.")
        elif list_cases:
            for line in _told(seat, subject):
                typer.echo(line)
        else:
            from napari_recist.ui.workplace import work

            work(seat, subject)


def _reason_of(words: str) -> AdjudicationReason:
    found = REASONS.get(words.strip().lower().replace("-", "_"))
    if found is None and words in set(AdjudicationReason):
        found = AdjudicationReason(words)
    if found is None:
        raise typer.BadParameter(f"--choose needs --reason, one of: {', '.join(REASONS)}")
    return found


def _told(seat: "Trial", subject: str) -> Iterator[str]:
    """Yield the waiting cases, or one, as lines: what differs, and why."""
    from napari_recist.reading.adjudication import AdjudicationSession, waiting_cases

    cases = (subject,) if subject else waiting_cases(seat)
    for case in cases:
        yield case
        yield from _case(AdjudicationSession(seat, case))
    if not cases:
        yield "No case waits."


def _case(session: "AdjudicationSession") -> Iterator[str]:
    from napari_recist.reading.adjudication import discordance_words

    for one in session.discordances:
        yield f"  {discordance_words(one)}"
    for reason in session.reasons:
        yield f"    because {reason}"
