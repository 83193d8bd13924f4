"""What the ODM document says of itself: study, visits, forms, items and what they can hold."""

import hashlib

from odmlib.odm_1_3_2 import model as odm

from napari_recist.exporting.odm.form import FORMS, Form, Item, ItemType
from napari_recist.exporting.transfer.frozen import Transfer

METADATA = "MDV.1"
CENTRAL_READ = "LOC.CENTRAL.READ"

_UNITS = {"mm": "millimetre", "%": "per cent"}
_TEXT_LENGTH, _NUMBER_LENGTH, _DECIMALS = 1_000, 12, 1


def study_oid(transfer: Transfer) -> str:
    """Return the OID of the study: the trial's id, or its random one where the charter has none."""
    return transfer.charter.trial.id or transfer.trial_uid


def event_oid(visit: str) -> str:
    """Return the OID of a visit, or of what is said of the patient as a whole."""
    return "SE.VISIT" if visit else "SE.PATIENT"


def form_oid(form: Form) -> str:
    """Return the OID of a form."""
    return f"F.{form.name.upper()}"


def group_oid(form: Form) -> str:
    """Return the OID of the one group of items that a form has."""
    return f"IG.{form.name.upper()}"


def item_oid(form: Form, item: str) -> str:
    """Return the OID of an item of a form."""
    return f"IT.{form.name.upper()}.{item.upper()}"


def location_oid(site: str) -> str:
    """Return the OID of a site."""
    return f"LOC.SITE.{site}"


def unit_oid(unit: str) -> str:
    """Return the OID of a unit of measurement."""
    return f"MU.{_UNITS[unit].upper().replace(' ', '.')}"


def signature_oid(meaning: str) -> str:
    """Return the OID of what a signature means."""
    return f"SIGNATURE.DEF.{hashlib.sha256(meaning.encode()).hexdigest()[:8]}"


def study_definition(transfer: Transfer) -> odm.Study:
    """Return the definition of the study and of everything its data can hold."""
    settings = transfer.charter.trial
    study = odm.Study(OID=study_oid(transfer))
    study.GlobalVariables = odm.GlobalVariables(
        StudyName=odm.StudyName(_content=settings.id or "trial"),
        StudyDescription=odm.StudyDescription(_content=settings.title or "central read"),
        ProtocolName=odm.ProtocolName(_content=settings.id or "trial"),
    )
    study.BasicDefinitions = odm.BasicDefinitions(
        MeasurementUnit=[
            odm.MeasurementUnit(
                OID=unit_oid(unit), Name=name, Symbol=odm.Symbol(TranslatedText=[_text(unit)])
            )
            for unit, name in _UNITS.items()
        ]
    )
    study.MetaDataVersion = [_metadata()]
    return study


def _metadata() -> odm.MetaDataVersion:
    version = odm.MetaDataVersion(OID=METADATA, Name="Central read, version 1")
    version.Protocol = odm.Protocol(
        StudyEventRef=[
            odm.StudyEventRef(StudyEventOID=event_oid(visit), OrderNumber=number, Mandatory="No")
            for number, visit in enumerate(("visit", ""), start=1)
        ]
    )
    version.StudyEventDef = [
        odm.StudyEventDef(
            OID=event_oid(visit),
            Name="Visit" if visit else "Patient",
            Repeating="Yes" if visit else "No",
            Type="Scheduled" if visit else "Common",
            FormRef=[
                odm.FormRef(FormOID=form_oid(form), OrderNumber=number, Mandatory="No")
                for number, form in enumerate(FORMS, start=1)
                if form.of_visit == bool(visit)
            ],
        )
        for visit in ("visit", "")
    ]
    version.FormDef = [_form(form) for form in FORMS]
    version.ItemGroupDef = [_group(form) for form in FORMS]
    version.ItemDef = [_item(form, item) for form in FORMS for item in form.items]
    version.CodeList = [
        _codelist(form, item) for form in FORMS for item in form.items if item.choices
    ]
    return version


def _form(form: Form) -> odm.FormDef:
    group = odm.ItemGroupRef(ItemGroupOID=group_oid(form), Mandatory="Yes")
    # A form is filled in once by each evaluator; which read counts is told once.
    repeating = "No" if form.name == "accepted" else "Yes"
    return odm.FormDef(
        OID=form_oid(form), Name=form.label, Repeating=repeating, ItemGroupRef=[group]
    )


def _group(form: Form) -> odm.ItemGroupDef:
    return odm.ItemGroupDef(
        OID=group_oid(form),
        Name=form.label,
        Repeating="Yes" if form.repeating else "No",
        ItemRef=[
            odm.ItemRef(ItemOID=item_oid(form, item.name), OrderNumber=number, Mandatory="No")
            for number, item in enumerate(form.items, start=1)
        ],
    )


def _item(form: Form, item: Item) -> odm.ItemDef:
    definition = odm.ItemDef(
        OID=item_oid(form, item.name),
        Name=item.name,
        DataType=item.type.value,
        Question=odm.Question(TranslatedText=[_text(item.label)]),
    )
    if item.type is ItemType.TEXT:
        definition.Length = _TEXT_LENGTH
    if item.type is ItemType.NUMBER:
        definition.Length, definition.SignificantDigits = _NUMBER_LENGTH, _DECIMALS
        unit = odm.MeasurementUnitRef(MeasurementUnitOID=unit_oid(item.unit))
        definition.MeasurementUnitRef = [unit]
    if item.choices:
        definition.CodeListRef = odm.CodeListRef(CodeListOID=_codelist_oid(form, item))
    return definition


def _codelist(form: Form, item: Item) -> odm.CodeList:
    return odm.CodeList(
        OID=_codelist_oid(form, item),
        Name=f"{form.label}: {item.label}",
        DataType="text",
        EnumeratedItem=[odm.EnumeratedItem(CodedValue=choice) for choice in item.choices],
    )


def _codelist_oid(form: Form, item: Item) -> str:
    return f"CL.{form.name.upper()}.{item.name.upper()}"


def _text(words: str) -> odm.TranslatedText:
    return odm.TranslatedText(_content=words, lang="en")
