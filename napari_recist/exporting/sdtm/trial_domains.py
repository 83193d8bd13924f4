"""DM, SV and TV: who the subjects are, which visits took place, and which were planned."""

from collections.abc import Iterator

from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.demographics import demographics
from napari_recist.exporting.sdtm.reads import unique_subject, visits_of
from napari_recist.exporting.sdtm.visits import SdtmVisit, planned_visit, study_day
from napari_recist.exporting.transfer.frozen import FrozenPatient, Transfer
from napari_recist.trial import ScheduledVisit


def dm_records(transfer: Transfer) -> Iterator[dict[str, Value]]:
    """Yield one record per subject; what the core laboratory does not know is null.

    The country is that of the site by the charter; sex, age and arm are of the clinical data.
    """
    countries = dict(transfer.charter.transfer.countries)
    for patient in transfer.patients:
        start = patient.reference_date
        first_dose = start.isoformat() if start else ""
        yield {
            **_subject(transfer, patient, "DM"),
            "SUBJID": patient.subject,
            "SITEID": patient.site,
            "RFSTDTC": first_dose,
            "RFXSTDTC": first_dose,
            **demographics(patient),
            "COUNTRY": countries.get(patient.site, ""),
        }


def sv_records(transfer: Transfer) -> Iterator[dict[str, Value]]:
    """Yield the visits of each subject: those with images, and planned ones that were missed.

    Missed is a visit of the schedule before the last one with images: whether a later one is due
    yet, the images do not tell.
    """
    for patient in transfer.patients:
        found = [(visits_of(transfer, patient)[one.visit], one) for one in patient.visits]
        held = {visit.number for visit, _ in found}
        missed = (
            (visit, None)
            for visit in _planned(transfer, max(one.week for one in patient.visits))
            if visit.number not in held
        )
        for visit, images in sorted((*found, *missed), key=lambda pair: pair[0].number):
            yield {
                **_subject(transfer, patient, "SV"),
                "VISITNUM": visit.number,
                "VISIT": visit.name,
                "VISITDY": visit.day,
                "SVPRESP": "Y" if visit.planned else "",
                "SVOCCUR": ("Y" if images else "N") if visit.planned else "",
                "SVUPDES": "" if visit.planned else "Images outside of the schedule",
                **(_dates(patient, images) if images else {}),
            }


def _dates(patient: FrozenPatient, visit: ScheduledVisit) -> dict[str, Value]:
    """Return the days of a visit: images of one visit may be taken on several (V-3)."""
    told = (
        said.date
        for frozen in patient.reads
        for (label, _), said in frozen.read.observations.items()
        if label == visit.visit and said.date is not None
    )
    end = max([visit.date, *told])
    return {
        "SVSTDTC": visit.date.isoformat(),
        "SVENDTC": end.isoformat(),
        "SVSTDY": study_day(visit.date, patient.reference_date),
        "SVENDY": study_day(end, patient.reference_date),
    }


def tv_records(transfer: Transfer) -> Iterator[dict[str, Value]]:
    """Yield the visits of the schedule, as far as any subject has come."""
    last = max((visit.week for one in transfer.patients for visit in one.visits), default=0)
    schedule = transfer.charter.schedule
    for visit in _planned(transfer, last):
        week = (int(visit.number) - 1) * schedule.interval_weeks
        later = f"Images {week} weeks after baseline, {schedule.window_days} days more or less"
        first = f"Images at most {schedule.baseline_max_days_before} days before treatment"
        yield {
            "STUDYID": transfer.charter.trial.id,
            "DOMAIN": "TV",
            "VISITNUM": visit.number,
            "VISIT": visit.name,
            "VISITDY": visit.day,
            "TVSTRL": later if week else first,
        }


def _planned(transfer: Transfer, last_week: int) -> Iterator[SdtmVisit]:
    schedule = transfer.charter.schedule
    for week in range(0, last_week + 1, schedule.interval_weeks):
        yield planned_visit(week, schedule)


def _subject(transfer: Transfer, patient: FrozenPatient, domain: str) -> dict[str, Value]:
    study = transfer.charter.trial.id
    return {
        "STUDYID": study,
        "DOMAIN": domain,
        "USUBJID": unique_subject(study, patient.subject),
    }
