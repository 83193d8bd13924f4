"""The codelists of Define-XML: of each list the terms that the datasets use, with NCI codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from napari_recist.exporting.sdtm.dataset import Variable
from napari_recist.exporting.sdtm.terminology import Codelist, codelists

NCI = "nci:ExtCodeID"
COUNTRY = "ISO3166"
"""The list outside of CDISC's: countries by three letters."""

_OUR_NAMES: Mapping[str, str] = {
    "C66731": "Sex",
    "C66734": "SDTM Domain Abbreviation",
    "C78737": "Relationship Type",
}
"""Names of lists that our extract of the terminology does not carry: their terms have no code."""


def codelist_oid(code: str) -> str:
    """Return the identifier of a codelist by its NCI code."""
    return f"CL.{code}"


def codelist_of(variable: Variable) -> str:
    """Return the code of the list that the values of a variable come from, "" where none is."""
    if variable.name == "COUNTRY":
        return COUNTRY
    known = variable.codelist in codelists() or variable.codelist in _OUR_NAMES
    return variable.codelist if known else ""


def codelist_elements(model: Any, used: Mapping[str, Iterable[str]], standard: str) -> list[Any]:
    """Return the CodeList elements, by code.

    Parameters
    ----------
    model : module
        ``odmlib.define_2_1.model``.
    used : mapping
        The values that the datasets use, by code of the list.
    standard : str
        Identifier of the terminology's package in the document.
    """
    return [
        _external(model)
        if code == COUNTRY
        else _enumerated(model, code, sorted(used[code]), standard)
        for code in sorted(used)
    ]


def _external(model: Any) -> Any:
    return model.CodeList(
        OID=codelist_oid(COUNTRY),
        Name="Country",
        DataType="text",
        ExternalCodeList=model.ExternalCodeList(Dictionary="ISO 3166", Version="alpha-3"),
    )


def _enumerated(model: Any, code: str, values: list[str], standard: str) -> Any:
    known = codelists().get(code)
    element = model.CodeList(
        OID=codelist_oid(code),
        Name=known.name if known else _OUR_NAMES[code],
        DataType="text",
        StandardOID=standard,
        Alias=[model.Alias(Context=NCI, Name=code)],
    )
    decoded = known is not None and any(term.decode for term in known.terms.values())
    items = [_item(model, known, value, decoded=decoded) for value in values]
    if decoded:
        element.CodeListItem = items
    else:
        element.EnumeratedItem = items
    return element


def _item(model: Any, known: Codelist | None, value: str, *, decoded: bool) -> Any:
    term = known.terms.get(value) if known else None
    told: dict[str, Any] = {"CodedValue": value}
    if term is not None:
        told["Alias"] = [model.Alias(Context=NCI, Name=term.code)]
    elif known is not None:
        told["ExtendedValue"] = "Yes"
    if not decoded:
        return model.EnumeratedItem(**told)
    decode = term.decode if term else value
    text = model.TranslatedText(_content=decode, lang="en")
    return model.CodeListItem(**told, Decode=model.Decode(TranslatedText=[text]))
