"""Series of visits as intake registers them, and any of them for property tests."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from napari_recist.trial import SeriesEntry, SeriesProfile

PORTAL = SeriesEntry(
    series_uid="1.1",
    description="abdomen",
    modality="CT",
    phase="portal venous",
    files=("/scans/1.dcm",),
    profile=SeriesProfile(
        kind="volume",
        verdict="green",
        plane="axial",
        thickness_mm=5.0,
        kernel="B30f",
        contrast="iodine",
        field_of_view_mm=360.0,
        coverage_mm=200.0,
        slices=40,
        number=3,
        frame_of_reference_uid="1.9",
    ),
)


def taken(entry: SeriesEntry = PORTAL, *, uid: str = "1.1", **changes: Any) -> SeriesEntry:
    """Return a series like another but for these fields of its entry or its profile."""
    of_entry = {key: changes.pop(key) for key in ("modality", "phase", "part") if key in changes}
    assert entry.profile is not None
    return replace(entry, series_uid=uid, profile=replace(entry.profile, **changes), **of_entry)


lengths = st.none() | st.floats(0.5, 500.0)
profiles = st.builds(
    SeriesProfile,
    kind=st.sampled_from(["volume", "stack", "single"]),
    verdict=st.sampled_from(["green", "amber", "blocked"]),
    findings=st.just(()),
    plane=st.sampled_from(["", "axial", "coronal"]),
    thickness_mm=st.none() | st.sampled_from([1.0, 2.5, 5.0, 8.0]),
    kernel=st.sampled_from(["", "B30f", "B60f"]),
    contrast=st.sampled_from(["", "iodine"]),
    field_of_view_mm=lengths,
    coverage_mm=lengths,
    slices=st.integers(1, 900),
    number=st.none() | st.integers(1, 9),
    frame_of_reference_uid=st.just("1.9"),
)
entries = st.builds(
    SeriesEntry,
    series_uid=st.integers(1, 99).map(lambda n: f"1.{n}"),
    description=st.just(""),
    modality=st.sampled_from(["CT", "MR"]),
    phase=st.sampled_from(["", "native", "arterial", "portal venous", "delayed"]),
    files=st.just(()),
    part=st.sampled_from(["", "phase 2"]),
    profile=profiles,
)
visits = st.lists(entries, max_size=7, unique_by=lambda entry: (entry.series_uid, entry.part))
"""Series of one visit."""
