"""Command ``validate``: whether this installation is sound and judges as it must."""

import datetime as dt
import json
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path
from typing import Annotated

import typer

from napari_recist import __version__
from napari_recist.cli import app
from napari_recist.criteria.conformance import CONFORMANCE_VERSION, CaseResult, run_conformance
from napari_recist.errors import RecistError
from napari_recist.exporting.table_files import write_texts


@app.command(epilog="Example: napari-recist validate --out validation.md")
def validate(
    out: Annotated[Path, typer.Option(help="The report, Markdown.")] = Path(
        "napari-recist-validation.md"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Check the installation and run every conformance case; write a report to be signed off."""
    results = run_conformance()
    write_texts({out: "\n".join(_report(results)) + "\n"})
    failed = [one for one in results if not one.passed]
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in results], ensure_ascii=False, indent=1))
    else:
        typer.echo(f"{len(results) - len(failed)} of {len(results)} conformance cases as expected")
        typer.echo(f"wrote {out}")
    if failed:
        problem = f"{len(failed)} conformance cases differ: {', '.join(one.case for one in failed)}"
        raise RecistError(f"{problem}.", f"Do not use this installation; see {out}.")


def _as_json(one: CaseResult) -> dict[str, object]:
    return {
        "case": one.case,
        "rule": one.rule,
        "fact": one.fact,
        "passed": one.passed,
        "differences": list(one.differences),
    }


def _report(results: Sequence[CaseResult]) -> Iterator[str]:
    passed = sum(one.passed for one in results)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    yield "# Validation of napari-recist"
    yield ""
    yield f"Run {now} on {platform.platform()}, Python {platform.python_version()}."
    yield ""
    yield "## Installation"
    yield ""
    yield "| package | version |"
    yield "|---|---|"
    yield f"| napari-recist | {__version__} |"
    yield from (f"| {name} | {found} |" for name, found in _dependencies())
    yield ""
    yield f"## Operation: conformance cases, version {CONFORMANCE_VERSION}"
    yield ""
    yield f"{passed} of {len(results)} cases as expected."
    yield ""
    yield "| rule | case | fact | result |"
    yield "|---|---|---|---|"
    for one in results:
        result = "as expected" if one.passed else "**differs**: " + "; ".join(one.differences)
        yield f"| {one.rule} | {one.case} | {one.fact} | {result} |"
    yield ""
    yield "## Sign-off"
    yield ""
    yield "| | name | date | signature |"
    yield "|---|---|---|---|"
    yield "| run by | | | |"
    yield "| accepted by | | | |"


def _dependencies() -> Iterator[tuple[str, str]]:
    """Yield each required package and the version that is installed."""
    for requirement in requires("napari-recist") or ():
        if "extra ==" in requirement:
            continue
        name = "".join(_name_part(requirement))
        try:
            yield distribution(name).metadata["Name"], version(name)
        except PackageNotFoundError:
            yield name, "**missing**"


def _name_part(requirement: str) -> Iterator[str]:
    for letter in requirement:
        if not (letter.isalnum() or letter in "-_."):
            return
        yield letter
