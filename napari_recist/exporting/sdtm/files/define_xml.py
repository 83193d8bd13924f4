"""Define-XML 2.1: what each dataset, variable, test and code of an SDTM export is.

Types, lengths and codelists are those of the values that are there; no moment but that of the
freeze is in it.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from napari_recist.exporting.extras import exports_extra
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.sdtm.files import oids
from napari_recist.exporting.sdtm.files.codelists import codelist_elements
from napari_recist.exporting.sdtm.files.define_items import (
    STANDARD,
    Described,
    comment_oid,
    comments_of,
    description,
    item_defs,
    item_group,
    method_oid,
    methods_of,
    value_lists,
    where_clauses,
)
from napari_recist.exporting.sdtm.files.origins import COMMENTS, METHODS
from napari_recist.exporting.transfer.frozen import Transfer

TERMINOLOGY = "STD.CT"
"""Identifier of the package of controlled terminology in the document."""
PACKAGE = "2024-03-29"
"""The package that our extract of the terminology was compared with."""
RECONCILIATION = "reconciliation.csv"
"""The document beside the folders of datasets that leads each result back to its caliper."""

_NAMESPACES: Mapping[str, str] = {
    "xmlns": "http://www.cdisc.org/ns/odm/v1.3",
    "xmlns:def": "http://www.cdisc.org/ns/def/v2.1",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}


def define_xml_text(datasets: Sequence[Dataset], transfer: Transfer, ending: str = "xpt") -> str:
    """Return the Define-XML of an export; the same again for the same transfer.

    Parameters
    ----------
    datasets : sequence of Dataset
        In the order in which they are told.
    transfer : Transfer
        What was frozen: study, moment, vendor and program.
    ending : str
        Of the files that it leads to: ``tu.xpt``.

    Raises
    ------
    ExportError
        If odmlib is not installed.
    """
    with exports_extra("Define-XML"):
        from odmlib.define_2_1 import model  # noqa: PLC0415 - of an extra
    described = [
        Described(one, f"{one.name.lower()}.{ending}", shifted=not transfer.true_dates)
        for one in datasets
    ]
    root = _odm(model, transfer, _metadata(model, described)).to_xml()
    # Namespaces are told here and not by odmlib's registry, which one process shares.
    for name, address in _NAMESPACES.items():
        root.set(name, address)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _odm(model: Any, transfer: Transfer, metadata: Any) -> Any:
    trial, moment = transfer.charter.trial, f"{transfer.frozen_at:%Y-%m-%dT%H:%M:%S}Z"
    names = model.GlobalVariables(
        StudyName=model.StudyName(_content=trial.id),
        StudyDescription=model.StudyDescription(_content=trial.title or trial.id),
        ProtocolName=model.ProtocolName(_content=trial.id),
    )
    study = oids.study_oid(trial.id)
    return model.ODM(
        FileType="Snapshot",
        FileOID=f"{study}.DEFINE.{transfer.number}",
        CreationDateTime=moment,
        AsOfDateTime=moment,
        ODMVersion="1.3.2",
        Originator=transfer.charter.transfer.vendor or "napari-recist",
        SourceSystem="napari-recist",
        SourceSystemVersion=transfer.software,
        Context="Other",
        Study=model.Study(OID=study, GlobalVariables=names, MetaDataVersion=metadata),
    )


def _metadata(model: Any, described: Sequence[Described]) -> Any:
    used: dict[str, frozenset[str]] = {}
    for one in described:
        for code, values in one.terms.items():
            used[code] = used.get(code, frozenset()) | values
    reference = model.DocumentRef(leafID="LF.RECONCILIATION")
    return model.MetaDataVersion(
        OID=oids.METADATA_VERSION,
        Name="Tabulation datasets of the independent review",
        Description="SDTM datasets of a blinded independent central review",
        DefineVersion="2.1.9",
        Standards=_standards(model),
        SupplementalDoc=model.SupplementalDoc(DocumentRef=[reference]),
        ValueListDef=[element for one in described for element in value_lists(model, one)],
        WhereClauseDef=[element for one in described for element in where_clauses(model, one)],
        ItemGroupDef=[item_group(model, one) for one in described],
        ItemDef=[element for one in described for element in item_defs(model, one)],
        CodeList=codelist_elements(model, used, TERMINOLOGY),
        MethodDef=list(_methods(model, described)),
        CommentDef=list(_comments(model, described)),
        leaf=[
            model.leaf(
                ID=reference.leafID,
                href=f"../{RECONCILIATION}",
                title=model.title(_content="Each result with its caliper and its signature"),
            )
        ],
    )


def _standards(model: Any) -> Any:
    guide = model.Standard(OID=STANDARD, Name="SDTMIG", Type="IG", Version="3.4", Status="Final")
    terms = model.Standard(
        OID=TERMINOLOGY,
        Name="CDISC/NCI",
        Type="CT",
        PublishingSet="SDTM",
        Version=PACKAGE,
        Status="Final",
    )
    return model.Standards(Standard=[guide, terms])


def _methods(model: Any, described: Sequence[Described]) -> Iterator[Any]:
    for key in sorted({method for one in described for method in methods_of(one)}):
        method = METHODS[key]
        yield model.MethodDef(
            OID=method_oid(key),
            Name=method.name,
            Type="Computation",
            Description=description(model, method.text),
        )


def _comments(model: Any, described: Sequence[Described]) -> Iterator[Any]:
    for key in sorted({comment for one in described for comment in comments_of(one)}):
        yield model.CommentDef(OID=comment_oid(key), Description=description(model, COMMENTS[key]))
