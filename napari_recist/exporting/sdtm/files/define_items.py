"""The elements of Define-XML that describe datasets, variables, and results test by test.

``model`` is ``odmlib.define_2_1.model`` throughout.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from napari_recist.exporting.sdtm.dataset import Dataset, Variable
from napari_recist.exporting.sdtm.files import oids
from napari_recist.exporting.sdtm.files.codelists import codelist_of, codelist_oid
from napari_recist.exporting.sdtm.files.columns import Column, columns_of, text_of
from napari_recist.exporting.sdtm.files.origins import (
    NO_DATA,
    NOT_AVAILABLE,
    Origin,
    comment_of,
    origin_of,
    origin_of_test,
)
from napari_recist.exporting.sdtm.files.value_level import (
    ValueLevel,
    told_by_test,
    value_levels,
)

STANDARD = "STD.SDTMIG"
"""Identifier of the implementation guide in the document."""

_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(("TU", "TR", "RS"), "FINDINGS"),
    **dict.fromkeys(("DM", "SV"), "SPECIAL PURPOSE"),
    "TV": "TRIAL DESIGN",
}
_RELATIONSHIP = "RELATIONSHIP"


@dataclass(frozen=True)
class Described:
    """A dataset with all that Define-XML tells of its values, found in one pass each."""

    dataset: Dataset
    file: str
    shifted: bool

    @cached_property
    def values(self) -> Mapping[str, frozenset[str]]:
        """The texts that stand in each variable."""
        return {
            name: frozenset(map(text_of, {row[name] for row in self.dataset.rows})) - {""}
            for name in (variable.name for variable in self.dataset.variables)
        }

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Type and length of each variable."""
        return columns_of(self.dataset)

    @cached_property
    def levels(self) -> tuple[ValueLevel, ...]:
        """The results, test by test."""
        return value_levels(self.dataset)

    def origin(self, variable: Variable) -> Origin:
        """Return where a variable comes from: nowhere, if it has no values."""
        known = self.values[variable.name]
        return origin_of(self.dataset.name, variable) if known else Origin(NOT_AVAILABLE)

    def comment(self, variable: Variable) -> str:
        """Return the comment on a variable, "" where there is none."""
        known = comment_of(variable.name, shifted=self.shifted)
        return known or ("" if self.values[variable.name] else NO_DATA)

    def codelist(self, variable: Variable) -> str:
        """Return the list of a variable that is not told test by test, "" where there is none."""
        used = self.values[variable.name] and not told_by_test(variable)
        return codelist_of(variable) if used else ""

    @cached_property
    def terms(self) -> Mapping[str, frozenset[str]]:
        """The values that come from each codelist, by its code."""
        used: dict[str, frozenset[str]] = {}
        for variable in self.dataset.variables:
            if code := self.codelist(variable):
                used[code] = used.get(code, frozenset()) | self.values[variable.name]
        for level in self.levels:
            if level.codelist:
                used[level.codelist] = used.get(level.codelist, frozenset()) | level.values
        return used


def item_group(model: Any, one: Described) -> Any:
    """Return the ItemGroupDef of a dataset, with the file that holds it."""
    dataset = one.dataset
    location = f"LF.{dataset.name}"
    return model.ItemGroupDef(
        OID=oids.item_group_oid(dataset.name),
        Name=dataset.name,
        Domain=dataset.name.removeprefix("SUPP"),
        SASDatasetName=dataset.name,
        Repeating="No" if dataset.name == "DM" else "Yes",
        IsReferenceData="Yes" if dataset.name == "TV" else "No",
        Purpose="Tabulation",
        Structure=dataset.structure,
        StandardOID=STANDARD,
        ArchiveLocationID=location,
        Description=description(model, dataset.label),
        ItemRef=list(_item_refs(model, one)),
        Class=model.Class(Name=_CLASSES.get(dataset.name, _RELATIONSHIP)),
        leaf=model.leaf(ID=location, href=one.file, title=model.title(_content=one.file)),
    )


def _item_refs(model: Any, one: Described) -> Iterator[Any]:
    keys = one.dataset.keys
    for number, variable in enumerate(one.dataset.variables, start=1):
        told: dict[str, Any] = {}
        if variable.name in keys:
            told["KeySequence"] = keys.index(variable.name) + 1
        if method := "" if told_by_test(variable) else one.origin(variable).method:
            told["MethodOID"] = method_oid(method)
        if not one.values[variable.name]:
            told["HasNoData"] = "Yes"
        yield model.ItemRef(
            ItemOID=oids.item_oid(one.dataset.name, variable.name),
            OrderNumber=number,
            Mandatory="Yes" if variable.core == "Req" else "No",
            Role=variable.role,
            **told,
        )


def item_defs(model: Any, one: Described) -> Iterator[Any]:
    """Yield the ItemDef of each variable, then of each result test by test."""
    by_test = {level.variable.name for level in one.levels}
    for variable in one.dataset.variables:
        told: dict[str, Any] = {}
        if comment := one.comment(variable):
            told["CommentOID"] = comment_oid(comment)
        if code := one.codelist(variable):
            told["CodeListRef"] = model.CodeListRef(CodeListOID=codelist_oid(code))
        if variable.name in by_test:
            place = _value_list_oid(one.dataset.name, variable.name)
            told["ValueListRef"] = model.ValueListRef(ValueListOID=place)
        else:
            told["Origin"] = [_origin(model, one.origin(variable))]
        yield model.ItemDef(
            OID=oids.item_oid(one.dataset.name, variable.name),
            Name=variable.name,
            SASFieldName=variable.name,
            **_shape(one.columns[variable.name]),
            Description=description(model, variable.label),
            **told,
        )
    for level in one.levels:
        told = {}
        if level.codelist:
            told["CodeListRef"] = model.CodeListRef(CodeListOID=codelist_oid(level.codelist))
        yield model.ItemDef(
            OID=_level_oid(level),
            Name=level.test,
            **_shape(level.column),
            Origin=[_origin(model, _level_origin(level))],
            **told,
        )


def value_lists(model: Any, one: Described) -> Iterator[Any]:
    """Yield the ValueListDef of each variable that is told test by test."""
    for variable in one.dataset.variables:
        levels = [level for level in one.levels if level.variable is variable]
        if levels:
            yield model.ValueListDef(
                OID=_value_list_oid(one.dataset.name, variable.name),
                ItemRef=[
                    _level_ref(model, level, number) for number, level in enumerate(levels, start=1)
                ],
            )


def _level_ref(model: Any, level: ValueLevel, number: int) -> Any:
    method = _level_origin(level).method
    return model.ItemRef(
        ItemOID=_level_oid(level),
        OrderNumber=number,
        Mandatory="No",
        **({"MethodOID": method_oid(method)} if method else {}),
        WhereClauseRef=[model.WhereClauseRef(WhereClauseOID=_where_oid(level))],
    )


def where_clauses(model: Any, one: Described) -> Iterator[Any]:
    """Yield the condition of each test that results are told by."""
    for level in {_where_oid(level): level for level in one.levels}.values():
        check = model.RangeCheck(
            Comparator="EQ",
            SoftHard="Soft",
            ItemOID=oids.item_oid(level.dataset, level.topic),
            CheckValue=[model.CheckValue(_content=level.test)],
        )
        yield model.WhereClauseDef(OID=_where_oid(level), RangeCheck=[check])


def methods_of(one: Described) -> set[str]:
    """Return the methods that a dataset refers to."""
    variables = (v for v in one.dataset.variables if not told_by_test(v))
    named = {one.origin(variable).method for variable in variables}
    return (named | {_level_origin(level).method for level in one.levels}) - {""}


def comments_of(one: Described) -> set[str]:
    """Return the comments that a dataset refers to."""
    return {one.comment(variable) for variable in one.dataset.variables} - {""}


def method_oid(method: str) -> str:
    """Return the identifier of a method."""
    return f"MT.{method}"


def comment_oid(comment: str) -> str:
    """Return the identifier of a comment."""
    return f"COM.{comment}"


def description(model: Any, text: str) -> Any:
    """Return a text as the English description of an element."""
    return model.Description(TranslatedText=[model.TranslatedText(_content=text, lang="en")])


def _shape(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"DataType": column.data_type}
    if column.length is not None:
        told["Length"] = column.length
    if column.decimals is not None:
        told["SignificantDigits"] = column.decimals
    return told


def _origin(model: Any, origin: Origin) -> Any:
    return model.Origin(Type=origin.type, **({"Source": origin.source} if origin.source else {}))


def _level_origin(level: ValueLevel) -> Origin:
    return origin_of_test(level.test, origin_of(level.dataset, level.variable))


def _level_oid(level: ValueLevel) -> str:
    return f"{oids.item_oid(level.dataset, level.variable.name)}.{level.test}"


def _value_list_oid(dataset: str, variable: str) -> str:
    return f"VL.{dataset}.{variable}"


def _where_oid(level: ValueLevel) -> str:
    return f"WC.{level.dataset}.{level.topic}.{level.test}"
