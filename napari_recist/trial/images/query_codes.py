"""What a site is asked about its images, as a closed list."""

from enum import StrEnum


class QueryCode(StrEnum):
    """Why a query is raised."""

    BURNED_IN_TEXT = "text burned into the picture is suspected"
    NOT_READABLE = "no series of the visit can be measured"
    MISSING_SLICES = "slices are missing"
    WRONG_SERIES = "the series asked for is missing"
    LATE_IMAGES = "images came after the visit was read"
    OTHER = "other"
