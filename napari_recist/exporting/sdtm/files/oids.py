"""By what identifiers Define-XML and Dataset-JSON name the same study, dataset and variable."""

METADATA_VERSION = "MDV.NAPARI-RECIST.SDTM"
DEFINE_FILE = "define.xml"


def study_oid(study: str) -> str:
    """Return the identifier of a study."""
    return f"STDY.{study}"


def item_group_oid(dataset: str) -> str:
    """Return the identifier of a dataset."""
    return f"IG.{dataset}"


def item_oid(dataset: str, variable: str) -> str:
    """Return the identifier of a variable of a dataset."""
    return f"IT.{dataset}.{variable}"
