"""The trial's charter as one frozen object: every choice that RECIST leaves open.

The file format is TOML (``napari_recist.trial.charter_file``); this module only says which
settings there are, what they default to (RECIST.md, last section) and which values make sense.
Lengths are exact decimals in mm; the ``*_tenths`` properties give them to the rules.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from napari_recist.criteria.tenths import from_raw


class CriteriaName(StrEnum):
    """Which response criteria judge the measurements."""

    RECIST_1_1 = "recist1.1"
    MRECIST = "mrecist"
    IRECIST = "irecist"


class PrPersistence(StrEnum):
    """Whether a partial response stays one while progression is not met (R-26)."""

    OFF = "off"
    AFTER_PR = "after_pr"
    AFTER_CONFIRMED_PR = "after_confirmed_pr"


class LandmarkRule(StrEnum):
    """What "response at month 4" means (B-11)."""

    STATUS = "status"
    CUMULATIVE = "cumulative"
    CONFIRMED = "confirmed"


class ShownDates(StrEnum):
    """How a blinded reader sees time."""

    WEEKS = "weeks"
    SHIFTED = "shifted"
    SHOWN = "shown"


class LateImages(StrEnum):
    """What happens when images come after a reader has signed a later visit, or that visit."""

    RECORD = "record"
    """They are registered and asked about; signed reads stand, and do not show them."""
    REOPEN = "reopen"
    """The signed visits from there on are re-opened, last one first."""


class StoredDates(StrEnum):
    """Which calendar dates the trial's images keep."""

    SHIFTED = "shifted"
    KEPT = "kept"


class DiameterTests(StrEnum):
    """By which test codes of CDISC a diameter leaves the trial."""

    SPECIFIC = "specific"
    """LDIAM and LPERP: longest diameter, and longest perpendicular for a node."""
    GENERIC = "generic"
    """DIAMETER for both."""


class AdjudicationTrigger(StrEnum):
    """What must differ between two readers for an adjudicator to be called."""

    BEST_RESPONSE = "best_response"
    PROGRESSION_DATE = "progression_date"
    FIRST_RESPONSE_DATE = "first_response_date"
    PROGRESSION = "progression"
    OVERALL_RESPONSE = "overall_response"


@dataclass(frozen=True, slots=True)
class TrialSettings:
    """``[trial]``: what the trial is called and where it runs."""

    id: str = ""
    sponsor: str = ""
    title: str = ""
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriteriaSettings:
    """``[criteria]``: limits of the response criteria."""

    name: CriteriaName = CriteriaName.RECIST_1_1
    measurement_precision_mm: Decimal = Decimal("0.1")
    max_targets: int = 5
    max_per_organ: int = 2
    pr_persistence: PrPersistence = PrPersistence.AFTER_CONFIRMED_PR
    provable_pd_with_missing: bool = True
    too_small_default_mm: Decimal = Decimal(5)
    node_cr_below_mm: Decimal = Decimal(10)
    node_target_min_mm: Decimal = Decimal(15)
    porta_hepatis_node_min_mm: Decimal = Decimal(20)
    mrecist_pd_abs_min_mm: Decimal = Decimal(5)

    @property
    def precision_tenths(self) -> int:
        """Step of a reported value in tenths of a millimetre."""
        return from_raw(self.measurement_precision_mm)

    @property
    def too_small_tenths(self) -> int:
        """What "too small to measure" counts as, in tenths of a millimetre (R-14)."""
        return from_raw(self.too_small_default_mm)

    @property
    def mrecist_pd_abs_min_tenths(self) -> int:
        """Least growth over the nadir for PD by mRECIST, in tenths of a millimetre (H-12)."""
        return from_raw(self.mrecist_pd_abs_min_mm)

    @property
    def node_cr_below_tenths(self) -> int:
        """Short axis below which a node is normal, in tenths of a millimetre (R-23)."""
        return from_raw(self.node_cr_below_mm)


@dataclass(frozen=True, slots=True)
class ConfirmationSettings:
    """``[confirmation]``: how a response is confirmed (B-1, B-5)."""

    required: bool = True
    min_days: int = 28
    max_ne_between: int = 1
    accept_sd_between_pr: bool = False


@dataclass(frozen=True, slots=True)
class DurationSettings:
    """``[duration]``: how long stable disease must last (B-2)."""

    sd_min_days: int = 42


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """``[schedule]``: when scans are due (V-3, M-9)."""

    interval_weeks: int = 8
    window_days: int = 7
    baseline_max_days_before: int = 28


@dataclass(frozen=True, slots=True)
class LandmarkSettings:
    """``[landmark]``: the visit at which the trial's rates are read (B-11)."""

    day: int = 112
    window_days: int = 14
    rule: LandmarkRule = LandmarkRule.STATUS


@dataclass(frozen=True, slots=True)
class CensoringSettings:
    """``[censoring]``: after how many missed visits an event no longer counts (E-2)."""

    missed_visits: int = 2


@dataclass(frozen=True, slots=True)
class BlindingSettings:
    """``[blinding]``: what a reader may not see.

    ``proposals``: measurements drawn outside of this read may be laid before its reader, uncounted
    until accepted. ``false`` where a reader is to be independent of any, as of the site's.
    """

    hide: tuple[str, ...] = ("name", "site", "arm", "investigator", "dates", "other_reader")
    dates: ShownDates = ShownDates.WEEKS
    prior_calipers: bool = True
    proposals: bool = True


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """``[read]``: how many read, in which order, and who settles a difference.

    ``adjudicator_reads``: an adjudicator who accepts neither read may read the patient alone.
    """

    readers: int = 2
    sequential: bool = True
    adjudication: tuple[AdjudicationTrigger, ...] = (
        AdjudicationTrigger.BEST_RESPONSE,
        AdjudicationTrigger.PROGRESSION_DATE,
        AdjudicationTrigger.FIRST_RESPONSE_DATE,
    )
    global_review: bool = False
    late_images: LateImages = LateImages.RECORD
    adjudicator_reads: bool = False


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """``[access]``: when a session locks by itself, and how many wrong passwords are looked at."""

    idle_minutes: int = 15
    attempts: int = 5


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """``[quality]``: how many reads are read again, and how soon at the earliest."""

    re_read_percent: int = 10
    re_read_min_days: int = 28


@dataclass(frozen=True, slots=True)
class SeriesSettings:
    """``[series]``: which series is read."""

    phase: str = "portal venous"
    max_thickness_mm: Decimal = Decimal(5)
    continuity_checks: bool = True


@dataclass(frozen=True, slots=True)
class DeidentificationSettings:
    """``[deidentification]``: what images lose on their way in (DICOM PS3.15, Annex E).

    ``subject_code`` is a regular expression that a coded subject matches, where its group ``site``
    is the id of the site; "" takes PatientID as the code. ``dates`` shifted: by one number of days
    per patient, so that intervals hold. The other keys say what is kept, as far as a closed
    vocabulary knows it; ``site`` is the site's id.
    """

    on_import: bool = True
    subject_code: str = ""
    dates: StoredDates = StoredDates.SHIFTED
    times: bool = True
    device: bool = True
    descriptors: bool = True
    patient_characteristics: bool = True
    safe_private: bool = True
    site: bool = False


@dataclass(frozen=True, slots=True)
class TransferSettings:
    """``[transfer]``: how data leave for those who ordered the read.

    ``vendor`` is what CDISC calls the evaluator's company; ``derived_results`` says whether sums
    and changes go with the measurements; ``countries`` gives the country of a site, ISO 3166
    alpha-3, in the file a table: ``countries = { "001" = "DEU" }``.
    """

    vendor: str = ""
    diameter_tests: DiameterTests = DiameterTests.SPECIFIC
    derived_results: bool = True
    countries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Charter:
    """The whole charter; ``Charter()`` is the suggested one of RECIST.md."""

    trial: TrialSettings = field(default_factory=TrialSettings)
    criteria: CriteriaSettings = field(default_factory=CriteriaSettings)
    confirmation: ConfirmationSettings = field(default_factory=ConfirmationSettings)
    duration: DurationSettings = field(default_factory=DurationSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    landmark: LandmarkSettings = field(default_factory=LandmarkSettings)
    censoring: CensoringSettings = field(default_factory=CensoringSettings)
    blinding: BlindingSettings = field(default_factory=BlindingSettings)
    read: ReadSettings = field(default_factory=ReadSettings)
    series: SeriesSettings = field(default_factory=SeriesSettings)
    access: AccessSettings = field(default_factory=AccessSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    deidentification: DeidentificationSettings = field(default_factory=DeidentificationSettings)
    transfer: TransferSettings = field(default_factory=TransferSettings)
