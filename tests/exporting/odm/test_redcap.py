"""The trial for REDCap: files that obey its rules, and hold what was signed."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping

from napari_recist.exporting.odm.export import odm_files
from napari_recist.exporting.transfer.freezing import frozen_transfer
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import Trial, freeze
from tests.exporting.frozen_trials import FIRST, NT1, OPEN, PRESENT, SUBJECTS, T1, state
from tests.exporting.frozen_trials import sign as sign_visit
from tests.exporting.odm.told_twice import Field, fields_of
from tests.trial.conftest import PASSWORD

SYSTEM = ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
Rows = list[dict[str, str]]


def rows(files: Mapping[str, bytes], name: str) -> Rows:
    """Return the rows of one of REDCap's files."""
    return list(csv.DictReader(io.StringIO(files[f"redcap/{name}"].decode())))


def dictionary(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Return the data dictionary by field."""
    return {row["Variable / Field Name"]: row for row in rows(files, "data_dictionary.csv")}


def choices(field: Mapping[str, str]) -> dict[str, str]:
    """Return the answers of a drop-down field by their codes, as REDCap takes the text apart."""
    text = field["Choices, Calculations, OR Slider Labels"]
    pairs = (choice.split(",", 1) for choice in text.split("|") if choice.strip())
    return {code.strip(): label.strip() for code, label in pairs}


def test_the_project_obeys_redcaps_rules(files: Mapping[str, bytes]) -> None:
    """Names of fields, the record's own field first, forms together, codes, validation types."""
    fields = rows(files, "data_dictionary.csv")
    names = [row["Variable / Field Name"] for row in fields]
    forms = [row["Form Name"] for row in fields]

    assert len(fields[0]) == 18
    assert names[0] == "record_id"
    assert max(Counter(names).values()) == 1
    assert all(re.fullmatch("[a-z](_?[a-z0-9])*", name) for name in names + forms)
    assert len(list(dict.fromkeys(forms))) == sum(
        a != b for a, b in zip(forms, ["", *forms], strict=False)
    )
    for row in fields:
        assert row["Field Type"] in {"text", "dropdown"}
        kind = row["Text Validation Type OR Show Slider Number"]
        assert kind in {"", "date_ymd", "number"}
        assert (row["Field Type"] == "dropdown") == bool(choices(row))


def test_records_name_what_the_project_has(files: Mapping[str, bytes]) -> None:
    """Events, forms at events, repeating forms, fields: all are defined; instances are unique."""
    fields = dictionary(files)
    events = {row["unique_event_name"] for row in rows(files, "events.csv")}
    designated = {(r["unique_event_name"], r["form"]) for r in rows(files, "instruments.csv")}
    repeating = {(r["event_name"], r["form_name"]) for r in rows(files, "repeating.csv")}
    forms = {row["Form Name"] for row in fields.values()}
    records = rows(files, "records.csv")

    assert set(records[0]) == {*SYSTEM, *fields, *(f"{form}_complete" for form in forms)}
    assert repeating <= designated
    assert max(Counter(tuple(row[key] for key in SYSTEM) for row in records).values()) == 1
    for row in records:
        event, form = row["redcap_event_name"], row["redcap_repeat_instrument"]
        filled = {name for name, value in row.items() if value and name in fields} - {"record_id"}
        of_forms = {fields[name]["Form Name"] for name in filled}
        assert event in events
        assert {(event, one) for one in of_forms} <= designated
        if form:
            assert of_forms == {form}
            assert (event, form) in repeating
            assert 1 <= int(row["redcap_repeat_instance"]) <= 32_767
        for name in filled:
            _obeys(fields[name], row[name])


def _obeys(field: Mapping[str, str], value: str) -> None:
    """Refuse a value that REDCap's import would not take in this field."""
    known = choices(field)
    kind = field["Text Validation Type OR Show Slider Number"]
    assert not known or value in known
    if kind == "number":
        assert re.fullmatch(r"-?\d+(\.\d+)?", value)
    if kind == "date_ymd":
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", value)


def loaded(files: Mapping[str, bytes]) -> dict[Field, str]:
    """Return what a REDCap project holds of the reads once it has taken the records in."""
    fields, found = dictionary(files), {}
    visits = {r["unique_event_name"]: r["event_name"] for r in rows(files, "events.csv")}
    for row in rows(files, "records.csv"):
        form = row["redcap_repeat_instrument"]
        for name, value in row.items():
            item = name.removeprefix(f"{form}_")
            ours = form and name in fields and value and fields[name]["Form Name"] == form
            if not ours or item in {"evaluator", "criteria"}:
                continue
            visit = visits[row["redcap_event_name"]].replace("Patient", "")
            key = (row["record_id"], row[f"{form}_evaluator"], visit, form)
            lesion = row["lesion_lesion"]
            found[*key, lesion, item] = choices(fields[name]).get(value, value)
    return found


def test_what_is_loaded_is_what_was_signed(files: Mapping[str, bytes], transfer: Transfer) -> None:
    """Decoded by the dictionary, the records are the tables of ``export csv``."""
    assert loaded(files) == fields_of(transfer)
    assert {row["record_id"] for row in rows(files, "records.csv")} == set(SUBJECTS)


def test_a_lesion_keeps_its_place_in_later_transfers(frozen_trial: Trial) -> None:
    """Loaded over the first transfer, the second finds each value where it was."""
    before = rows(odm_files(frozen_transfer(frozen_trial)), "records.csv")
    seat = frozen_trial.sign_in(FIRST, PASSWORD)
    state(seat, OPEN, "W8", {T1: 41.0, NT1: PRESENT})
    sign_visit(seat, OPEN, "W8")
    freeze(frozen_trial, "")
    after = rows(odm_files(frozen_transfer(frozen_trial)), "records.csv")

    def places(records: Rows) -> dict[tuple[str, ...], str]:
        keys = ("record_id", "redcap_event_name", "lesion_evaluator", "lesion_lesion")
        return {
            tuple(row[key] for key in keys): row["redcap_repeat_instance"]
            for row in records
            if row["lesion_lesion"]
        }

    assert places(before).items() < places(after).items()
