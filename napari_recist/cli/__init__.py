"""The command line ``napari-recist``: each module here adds its commands to one application.

Exit codes: 0 success, 1 a refusal (one line: what, where, what to do), 2 wrong usage.
"""

import sys
from importlib import import_module
from io import TextIOWrapper

import typer

from napari_recist.errors import RecistError

app = typer.Typer(
    name="napari-recist",
    help="Measure tumours, compute RECIST responses, serve a central blinded read.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

COMMAND_MODULES = (
    "demo",
    "open",
    "series",
    "assess",
    "trial",
    "trial_images",
    "audit",
    "trial_quality",
    "transfers",
    "adjudicate",
    "prepare",
    "deidentify",
    "pacs",
    "export",
    "endpoints",
    "export_sdtm",
    "export_sr",
    "import_sr",
    "export_odm",
    "export_tables",
    "verify",
    "validate",
)


def main() -> None:
    """Run the command line; a refusal becomes one message and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # UTF-8 whatever the terminal says; a file name that is not even text stays readable,
            # in JSON as the escape from which Python makes the name again.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    for module in COMMAND_MODULES:
        import_module(f"napari_recist.cli.{module}")
    try:
        app()
    except RecistError as refusal:
        sys.stderr.write(f"napari-recist: {refusal}\n")
        sys.exit(1)
