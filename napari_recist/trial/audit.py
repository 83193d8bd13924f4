"""The record as a table: who stated what of whom, when, what stood there before, and why."""

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from napari_recist.criteria import show
from napari_recist.errors import ExportError
from napari_recist.trial.record.chain import Record
from napari_recist.trial.record.fact_codec import KINDS
from napari_recist.trial.staff.access import may_see
from napari_recist.trial.staff.roles import Person
from napari_recist.trial.trial import Trial

HIDDEN = "not shown to this role"
HASH_SHOWN = 12
"""So many characters of a hash are enough to compare it by eye; the files hold the whole record."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One record in words; ``before`` is what stood where ``after`` stands now, ``why`` its reason.

    ``utc`` and ``local`` are the moment in UTC and where it was written, ``reader`` whose read it
    belongs to, ``about`` the visit, lesion, query or person concerned.
    """

    number: int
    utc: str
    local: str
    actor: str
    subject: str
    reader: str
    what: str
    about: str
    before: str
    after: str
    why: str


Payload: TypeAlias = Mapping[str, Any]

SAME_THING: Mapping[str, str] = MappingProxyType(
    {
        "lesion_measured": "observation",
        "status_stated": "observation",
        "observation_withdrawn": "observation",
        "lesion_added": "lesion",
        "lesion_corrected": "lesion",
        "lesion_withdrawn": "lesion",
        "visit_signed": "signature",
        "visit_reopened": "signature",
        "global_review_begun": "review",
        "global_review_signed": "review",
        "query_raised": "query",
        "query_answered": "query",
        "query_closed": "query",
        "person_admitted": "person",
        "person_retired": "person",
        "reader_added": "person",
        "read_assigned": "assignment",
        "assignment_withdrawn": "assignment",
        "case_adjudicated": "adjudication",
        "adjudication_withdrawn": "adjudication",
    }
)
"""Kinds that say something of one thing: the later one takes the place of the earlier."""

ABOUT = ("visit", "lesion", "fragment", "query", "name", "reader", "adjudicator", "alias")
"""Fields that name what a record is about, as far as it has them."""

REASONS = ("reason", "comment")
OF_THE_SIGNATURE = ("signer", "charter_hash", "chain_head", "software", "meaning")


def audit_rows(trial: Trial) -> Iterator[AuditRow]:
    """Yield every record in its order; what the role of whoever acts may not see says so.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see what readers stated.
    """
    told = _Told(trial)
    for record in trial.records():
        yield told.row(record)


def write_audit(trial: Trial, file: Path) -> int:
    """Write the whole record to a file, ``.csv`` or ``.ndjson``; return how many rows it has.

    A line of NDJSON has every column of the record, hashes too; CSV has the table in words.

    Raises
    ------
    ExportError
        If the file is of another kind, is there already, or cannot be written.
    """
    if file.suffix not in {".csv", ".ndjson"}:
        raise ExportError(f"{file} is neither .csv nor .ndjson.", "Give it one of these endings.")
    write = _write_csv if file.suffix == ".csv" else _write_lines
    try:
        with file.open("x", encoding="utf-8", newline="") as stream:
            return write(trial, stream)
    except FileExistsError as error:
        raise ExportError(f"{file} is there already.", "Give another name.") from error
    except OSError as error:
        raise ExportError(f"{file} cannot be written: {error.strerror}.") from error


def _write_csv(trial: Trial, stream: Any) -> int:
    table = csv.writer(stream)
    table.writerow([field.name for field in fields(AuditRow)])
    count = 0
    for row in audit_rows(trial):
        table.writerow([_harmless(value) for value in asdict(row).values()])
        count += 1
    return count


def _harmless(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _write_lines(trial: Trial, stream: Any) -> int:
    """Write each record as it is: such a file is verified without the database."""
    count = 0
    for record in trial.records():
        shown = record if _seen(trial.person, record) else replace(record, payload=HIDDEN)
        stream.write(json.dumps(asdict(shown), sort_keys=True) + "\n")
        count += 1
    return count


def _seen(person: Person | None, record: Record) -> bool:
    return record.kind not in KINDS or may_see(person, KINDS[record.kind])


class _Told:
    """What was told so far, so that a record can be said to replace another."""

    def __init__(self, trial: Trial) -> None:
        self._person = trial.person
        self._standing: dict[tuple[str, ...], str] = {}
        self._of_record: dict[int, tuple[tuple[str, ...], str, str]] = {}

    def row(self, record: Record) -> AuditRow:
        """Return a record in words."""
        kind = record.kind.rpartition(".")[0]
        if not _seen(self._person, record):
            return _row(record, kind, "", ("", HIDDEN), "")
        payload = json.loads(record.payload)
        if kind in {"undone", "redone"}:
            return self._taken_back(record, kind, payload["sequence"])
        about = " ".join(_name(payload[name]) for name in ABOUT if payload.get(name))
        key = (record.subject, record.reader, SAME_THING.get(kind, kind), about)
        before, after = self._standing.get(key, ""), _value(kind, payload)
        self._standing[key] = after
        if record.reader:
            self._of_record[record.sequence] = (key, before, after)
        why = "; ".join(payload[name] for name in REASONS if payload.get(name))
        return _row(record, kind, about, (before, after), why)

    def _taken_back(self, record: Record, kind: str, number: int) -> AuditRow:
        key, before, after = self._of_record[number]
        now, then = (after, before) if kind == "undone" else (before, after)
        self._standing[key] = then
        return _row(record, kind, f"record {number}", (now, then), "")


def _name(value: Any) -> str:
    """Return what something is called: a lesion, where the record holds all of it, by its name."""
    return str(value["identifier"] if isinstance(value, dict) else value)


def _row(record: Record, kind: str, about: str, change: tuple[str, str], why: str) -> AuditRow:
    moment = dt.datetime.fromisoformat(record.recorded_at).astimezone(dt.UTC)
    local = moment.astimezone(dt.timezone(dt.timedelta(minutes=record.utc_offset_minutes)))
    return AuditRow(
        number=record.sequence,
        utc=moment.isoformat(sep=" ", timespec="seconds"),
        local=local.isoformat(sep=" ", timespec="seconds"),
        actor=record.actor or record.reader,
        subject=record.subject,
        reader=record.reader,
        what=kind.replace("_", " "),
        about=about,
        before=change[0],
        after=change[1],
        why=why,
    )


def _value(kind: str, payload: Payload) -> str:
    """Return what a record says, in words."""
    found = OF_KIND.get(kind)
    if found is not None:
        return found(payload)
    said = (
        f"{name} {_plain(value)}"
        for name, value in payload.items()
        if value not in ("", None, [], {}, False) and name not in {*ABOUT, *REASONS}
    )
    return ", ".join(said) or kind.replace("_", " ")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value)


def _signed(payload: Payload) -> str:
    answer = payload.get("response") or payload.get("chosen") or "signed"
    head = payload["content_hash"][:HASH_SHOWN]
    return f"{answer}, signed by {payload['signer']} ({payload['meaning']}), content {head}"


def _lesion(payload: Payload) -> str:
    lesion = payload["lesion"]
    words = (lesion[name] for name in ("identifier", "role", "organ", "site") if lesion.get(name))
    return " ".join(words)


def _measured(payload: Payload) -> str:
    from_proposal = f", as record {number}" if (number := payload.get("proposal")) else ""
    return f"{show(payload['diameter'])} mm{from_proposal}"


def _proposed(payload: Payload) -> str:
    lengths = " x ".join(
        f"{axis['raw_mm']:.1f}"
        for name in ("long_axis", "short_axis")
        if (axis := payload["caliper"][name])
    )
    return f"{lengths} mm, not counted, from {payload['source']}"


def _stated(payload: Payload) -> str:
    return " ".join(filter(None, (payload["status"], payload.get("into"), payload.get("code"))))


def _registered(payload: Payload) -> str:
    visit = payload["scheduled"]
    return f"{visit['visit']} of {visit['date']}, {len(visit['series'])} series"


def _adopted(payload: Payload) -> str:
    version, since = payload.get("version", 1), payload.get("holds_from")
    holds = f" from {since}" if since else ""
    return f"version {version}{holds}, {payload['charter_hash'][:HASH_SHOWN]}"


def _frozen(payload: Payload) -> str:
    return f"transfer {payload['number']}"


def _exported(payload: Payload) -> str:
    manifest = payload["manifest_hash"][:HASH_SHOWN]
    return f"transfer {payload['number']} as {payload['export']}, manifest {manifest}"


def _always(words: str) -> Callable[[Payload], str]:
    return lambda _payload: words


OF_KIND: Mapping[str, Callable[[Payload], str]] = MappingProxyType(
    {
        "lesion_measured": _measured,
        "measurement_proposed": _proposed,
        "proposal_dismissed": lambda payload: f"record {payload['proposal']} not taken",
        "status_stated": _stated,
        "observation_withdrawn": _always("nothing said"),
        "lesion_added": _lesion,
        "lesion_corrected": _lesion,
        "lesion_withdrawn": _always("off the list"),
        "lesion_located": _always("place marked"),
        "visit_signed": _signed,
        "visit_reopened": _always("open"),
        "global_review_begun": _always("open"),
        "global_review_signed": _signed,
        "case_adjudicated": _signed,
        "clinical_review_signed": _signed,
        "adjudication_withdrawn": _always("withdrawn"),
        "assignment_withdrawn": _always("withdrawn"),
        "person_retired": _always("retired"),
        "visit_registered": _registered,
        "charter_adopted": _adopted,
        "transfer_frozen": _frozen,
        "transfer_exported": _exported,
        "images_accepted": _always("accepted"),
        "password_set": _always("set"),
    }
)
"""How some kinds are said; all others by the names of their fields."""
