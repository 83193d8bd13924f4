"""Pictures of proposals: two lines of another program at baseline, one of them looked at."""

import numpy as np

from napari_recist.criteria import Caliper, MeasurementProposed, Point, Provenance
from napari_recist.demo import gestures
from napari_recist.demo.scene import Scene
from napari_recist.measuring.calipers import axis
from napari_recist.reading import ReadingSession

SOURCE = "SR 2.25.1 of OHIF"
TOO_FAR_MM = np.array([3.0, 2.0, 0.0])
"""How far the other program's line reaches beyond the lesion: there is something to correct."""


def take_proposals(scene: Scene) -> None:
    """At baseline: proposals for two lesions in the picture and in the list."""
    session, visit = scene.room.session, scene.subject.visit("BL")
    for name, lesion in (("T1", "liver-1"), ("T2", "liver-2")):
        truth = visit.lesion(lesion)
        caliper = _caliper(session, truth.long_axis, truth.short_axis)
        fact = MeasurementProposed("BL", name, caliper, SOURCE, "liver")
        session.trial.append(session.subject, fact)
    scene.room.read(ReadingSession(session.trial, session.subject))
    gestures.settle(0.5)
    scene.press("2")
    scene.press("Shift+G")
    for _ in range(2):
        scene.press("-")
    scene.picture("proposals")


def _caliper(
    session: ReadingSession, long_axis: tuple[Point, Point], short_axis: tuple[Point, Point]
) -> Caliper:
    volume = session.volume("BL")
    if volume.geometry is None:
        raise AssertionError("the sample scan can be measured")
    start, end = np.asarray(long_axis)
    image = volume.series.slices[int(volume.geometry.to_index(start)[0])]
    return Caliper(
        axis(start, end + TOO_FAR_MM),
        axis(*short_axis),
        volume.series.series_uid,
        image.sop_instance_uid,
        image.frame + 1,
        volume.geometry.frame_of_reference_uid,
        volume.passport.summary,
        Provenance.PROPOSED,
    )
