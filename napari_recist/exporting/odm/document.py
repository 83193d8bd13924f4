"""The trial as CDISC ODM 1.3.2: every value with the transaction that put it there, and signatures.

A transactional file tells how the data came to be what they are: each event of the record is one
transaction, whose values carry an audit record (who, when, why, which number in our record), and
each signature stands on the form that was signed. Nobody is named: a person is a code that the
trial's own record resolves.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from odmlib.ns_registry import bind_document_namespaces
from odmlib.odm_1_3_2 import model as odm

from napari_recist.criteria import VisitSigned
from napari_recist.exporting.odm.definitions import (
    CENTRAL_READ,
    METADATA,
    event_oid,
    form_oid,
    group_oid,
    item_oid,
    location_oid,
    signature_oid,
    study_definition,
    study_oid,
    unit_oid,
)
from napari_recist.exporting.odm.entries import Place, accepted_entries
from napari_recist.exporting.odm.form import FORMS, Form
from napari_recist.exporting.odm.history import Change, ItemChange, Step, history
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
LEGAL_REASON = "Signed electronically with name and password, as 21 CFR Part 11 asks for."


def odm_document(transfer: Transfer) -> bytes:
    """Return the ODM 1.3.2 document of a transfer, UTF-8; the same again for the same transfer."""
    document = odm.ODM(
        FileType="Transactional",
        Granularity="All",
        FileOID=f"{study_oid(transfer)}.TRANSFER.{transfer.number}",
        CreationDateTime=transfer.frozen_at.isoformat(timespec="seconds"),
        AsOfDateTime=transfer.frozen_at.isoformat(timespec="seconds"),
        ODMVersion="1.3.2",
        Originator=transfer.charter.transfer.vendor or "central read",
        SourceSystem="napari-recist",
        SourceSystemVersion=transfer.software,
    )
    document.Study = [study_definition(transfer)]
    document.AdminData = [_admin_data(transfer)]
    clinical = odm.ClinicalData(StudyOID=study_oid(transfer), MetaDataVersionOID=METADATA)
    clinical.SubjectData = [
        data for patient in transfer.patients for data in _of(patient, transfer)
    ]
    document.ClinicalData = [clinical]
    # odmlib has one namespace for the whole process, unless a document has its own.
    bind_document_namespaces(
        document, {"namespaces": {"odm": NAMESPACE}, "default": {"odm": NAMESPACE}}
    )
    text: str = document.to_xml_string(xml_declaration=True)
    return text.encode()


def person_code(trial_uid: str, name: str) -> str:
    """Return the code of a person: the same for the same person throughout a trial."""
    return "PERSON." + hashlib.sha256(f"{trial_uid}\n{name}".encode()).hexdigest()[:12]


# --- who, where and what a signature means ------------------------------------------------------


def _admin_data(transfer: Transfer) -> odm.AdminData:
    data = odm.AdminData(StudyOID=study_oid(transfer))
    data.User = [
        odm.User(OID=code, UserType="Other", LocationRef=[_location_ref()])
        for code in sorted({person_code(transfer.trial_uid, name) for name in _names(transfer)})
    ]
    sites = sorted({patient.site for patient in transfer.patients if patient.site})
    data.Location = [
        _location(transfer, CENTRAL_READ, "Central read", "Other"),
        *(_location(transfer, location_oid(site), f"Site {site}", "Site") for site in sites),
    ]
    data.SignatureDef = [
        odm.SignatureDef(
            OID=signature_oid(meaning),
            Methodology="Electronic",
            Meaning=odm.Meaning(_content=meaning),
            LegalReason=odm.LegalReason(_content=LEGAL_REASON),
        )
        for meaning in sorted(set(_meanings(transfer)))
    ]
    return data


def _names(transfer: Transfer) -> Iterator[str]:
    for patient in transfer.patients:
        for read in patient.reads:
            yield from (event.actor or event.reader for event in read.events)
        if patient.adjudication is not None:
            yield patient.adjudication.signer


def _meanings(transfer: Transfer) -> Iterator[str]:
    for patient in transfer.patients:
        for read in patient.reads:
            yield from (e.fact.meaning for e in read.events if isinstance(e.fact, VisitSigned))
        if patient.adjudication is not None:
            yield patient.adjudication.meaning


def _location(transfer: Transfer, oid: str, name: str, kind: str) -> odm.Location:
    effective = odm.MetaDataVersionRef(
        StudyOID=study_oid(transfer),
        MetaDataVersionOID=METADATA,
        EffectiveDate=transfer.frozen_at.date().isoformat(),
    )
    return odm.Location(OID=oid, Name=name, LocationType=kind, MetaDataVersionRef=[effective])


def _location_ref() -> odm.LocationRef:
    return odm.LocationRef(LocationOID=CENTRAL_READ)


# --- the transactions ---------------------------------------------------------------------------


def _of(patient: FrozenPatient, transfer: Transfer) -> Iterator[odm.SubjectData]:
    for read in patient.reads:
        for step in history(read):
            yield _transaction(patient, read, step, transfer)
    accepted = [
        ItemChange(place, name, Change.INSERT, value)
        for place, values in accepted_entries(patient).items()
        for name, value in values.items()
    ]
    if accepted:
        yield _subject(patient, list(_events(accepted, "", _settled(patient, transfer))))


def _settled(patient: FrozenPatient, transfer: Transfer) -> "_By":
    """Return who settled a patient and signed it; nobody did where the reads agree."""
    adjudication, moment = patient.adjudication, patient.adjudicated_at
    if adjudication is None or moment is None:
        return _By()
    person = person_code(transfer.trial_uid, adjudication.signer)
    name = f"SIGNATURE.{patient.subject}"
    return _By(_audit(person, moment), name, person, moment, adjudication.meaning)


@dataclass(frozen=True, slots=True)
class _By:
    """Whose a transaction is: its audit record, and what is needed to sign each form of it."""

    audit: odm.AuditRecord | None = None
    name: str = ""
    person: str = ""
    moment: dt.datetime | None = None
    meaning: str = ""

    def signature(self, form: Form) -> odm.Signature | None:
        """Return the signature under one form, None where the transaction signs nothing."""
        if self.moment is None:
            return None
        return odm.Signature(
            ID=f"{self.name}.{form.name.upper()}",
            UserRef=odm.UserRef(UserOID=self.person),
            LocationRef=_location_ref(),
            SignatureRef=odm.SignatureRef(SignatureOID=signature_oid(self.meaning)),
            DateTimeStamp=_moment(self.moment),
        )


def _subject(patient: FrozenPatient, events: list[odm.StudyEventData]) -> odm.SubjectData:
    subject = odm.SubjectData(SubjectKey=patient.subject, TransactionType="Upsert")
    if patient.site:
        subject.SiteRef = odm.SiteRef(LocationOID=location_oid(patient.site))
    subject.StudyEventData = events
    return subject


def _transaction(
    patient: FrozenPatient, read: FrozenRead, step: Step, transfer: Transfer
) -> odm.SubjectData:
    event, signed = step.event, step.signed
    person = person_code(transfer.trial_uid, event.actor or event.reader)
    audit = _audit(person, event.recorded_at, step.reason, str(event.sequence))
    if signed is None:
        return _subject(patient, list(_events(step.changes, read.evaluator, _By(audit))))
    name = f"SIGNATURE.{event.sequence}"
    by = _By(audit, name, person, event.recorded_at, signed.meaning)
    return _subject(patient, list(_events(step.changes, read.evaluator, by, signed.visit)))


def _events(
    changes: Iterable[ItemChange], evaluator: str, by: _By, signed: str = ""
) -> Iterator[odm.StudyEventData]:
    """Yield the forms that changed, by visit; of a visit that was signed all its forms."""
    found: defaultdict[str, dict[Form, list[ItemChange]]] = defaultdict(dict)
    if signed:
        found[signed] = {form: [] for form in FORMS if form.of_visit}
    for change in changes:
        found[change.place.visit].setdefault(change.place.form, []).append(change)
    for visit, forms in found.items():
        event = odm.StudyEventData(StudyEventOID=event_oid(visit), TransactionType="Upsert")
        if visit:
            event.StudyEventRepeatKey = visit
        event.FormData = [_form(form, of_form, evaluator, by) for form, of_form in forms.items()]
        yield event


def _form(form: Form, changes: list[ItemChange], evaluator: str, by: _By) -> odm.FormData:
    data = odm.FormData(FormOID=form_oid(form), TransactionType="Upsert")
    if evaluator:
        data.FormRepeatKey = evaluator
    signature = by.signature(form)
    if signature is not None:
        data.Signature = signature
    data.ItemGroupData = [
        _group(place, list(of_place), by.audit)
        for place, of_place in groupby(changes, key=lambda change: change.place)
    ]
    return data


def _group(
    place: Place, changes: list[ItemChange], audit: odm.AuditRecord | None
) -> odm.ItemGroupData:
    data = odm.ItemGroupData(ItemGroupOID=group_oid(place.form), TransactionType="Upsert")
    if place.lesion:
        data.ItemGroupRepeatKey = place.lesion
    data.ItemData = [_item(change, audit) for change in changes]
    return data


def _item(change: ItemChange, audit: odm.AuditRecord | None) -> odm.ItemData:
    form = change.place.form
    data = odm.ItemData(ItemOID=item_oid(form, change.item), TransactionType=change.change.value)
    if change.change is Change.REMOVE:
        data.IsNull = "Yes"
    else:
        data.Value = change.value
    if audit is not None:
        data.AuditRecord = audit
    unit = form.item(change.item).unit
    if unit:
        data.MeasurementUnitRef = odm.MeasurementUnitRef(MeasurementUnitOID=unit_oid(unit))
    return data


def _audit(person: str, moment: dt.datetime, reason: str = "", record: str = "") -> odm.AuditRecord:
    audit = odm.AuditRecord(
        UserRef=odm.UserRef(UserOID=person),
        LocationRef=_location_ref(),
        DateTimeStamp=_moment(moment),
    )
    if reason:
        audit.ReasonForChange = odm.ReasonForChange(_content=reason)
    if record:
        audit.SourceID = odm.SourceID(_content=record)
    return audit


def _moment(moment: dt.datetime) -> odm.DateTimeStamp:
    return odm.DateTimeStamp(_content=moment.isoformat(timespec="milliseconds"))
