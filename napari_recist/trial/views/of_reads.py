"""The columns of the views of reads: lesions, measurements, visits as read, responses."""

from napari_recist.criteria import Nature, Provenance, Response, Role, Status, WhyNotEvaluable
from napari_recist.trial.views.column_types import ColumnType
from napari_recist.trial.views.dictionary import Column, View

TEXT, INTEGER, FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.FLAG
DECIMAL, NUMBER = ColumnType.DECIMAL, ColumnType.NUMBER
DATE, MOMENT = ColumnType.DATE, ColumnType.MOMENT

SUBJECT = Column("subject", TEXT, "Code of the patient.", required=True)
READER = Column("reader", TEXT, "Whose read it is, by the trial's name.", required=True)
VISIT = Column("visit", TEXT, "Label of the visit (BL, W8).", required=True)
PLACE = Column("place", INTEGER, "Which visit of this read by date: 1 is baseline.", required=True)
VISIT_DATE = Column(
    "date",
    DATE,
    "Day of the scan as recorded; shifted where the trial shifts dates.",
    required=True,
)
TRUE_DATE = Column(
    "true_date", DATE, "Day of the scan as it was; null for who may not see identity."
)
LESION = Column("lesion", TEXT, "The reader's name of the lesion (T01, NT01, N01).", required=True)
RECORD = Column("record", INTEGER, "Number of the record that says so.", required=True)

RESPONSES = tuple(Response)

LESIONS = View(
    "lesions",
    "One row for each lesion on the list of a read, as the reader last described it. Lesions that "
    "were withdrawn are not in it. Two readers' lists are independent: T01 of one need not be T01 "
    "of the other.",
    ("subject", "reader", "lesion"),
    (
        SUBJECT,
        READER,
        LESION,
        Column("place", INTEGER, "Which lesion on this list: 1 came first.", required=True),
        Column("role", TEXT, "Its part in the response.", allowed=tuple(Role), required=True),
        Column("organ", TEXT, "Organ, in the reader's or a coded word."),
        Column("site", TEXT, "Where in the organ; in the liver the segment."),
        Column("node", FLAG, "A lymph node: measured by its short axis.", required=True),
        Column("porta_hepatis", FLAG, "A node of the porta hepatis (HCC).", required=True),
        Column("prior_local_therapy", FLAG, "Treated locally before the study.", required=True),
        Column("progressed_since", FLAG, "Grown since that treatment.", required=True),
        Column("nature", TEXT, "What kind of lesion.", allowed=tuple(Nature), required=True),
        Column("listed_at", TEXT, "The visit at which it came onto the list.", required=True),
        Column("listed_at_utc", MOMENT, "When it came onto the list.", required=True),
        Column("corrected_reason", TEXT, "Why the list was corrected last; null where it was not."),
        RECORD,
    ),
)


def _end_points(axis: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{axis}_{direction}{end}",
            NUMBER,
            f"End {end} of the {axis} axis in the patient, DICOM LPS, {direction}.",
            "mm",
        )
        for end in (1, 2)
        for direction in "xyz"
    )


MEASUREMENTS = View(
    "measurements",
    "One row for what stands of a lesion at a visit of a read: measured, or a status stated. A "
    "split lesion has one row for each fragment. What was undone, withdrawn or replaced later is "
    "not in it. The visit need not be signed: join responses for what is.",
    ("subject", "reader", "visit", "lesion", "fragment", "viable"),
    (
        SUBJECT,
        READER,
        VISIT,
        Column("date", DATE, VISIT_DATE.description),
        TRUE_DATE,
        LESION,
        Column("fragment", INTEGER, "0 for a whole lesion, else which fragment.", required=True),
        Column(
            "viable",
            FLAG,
            "Of the arterially enhancing part (mRECIST), beside the whole lesion.",
            required=True,
        ),
        Column("role", TEXT, "As in lesions.", allowed=tuple(Role)),
        Column("organ", TEXT, "As in lesions."),
        Column("node", FLAG, "As in lesions."),
        Column(
            "status",
            TEXT,
            "What the reader says of the lesion at this visit.",
            allowed=tuple(Status),
            required=True,
        ),
        Column(
            "diameter_mm",
            DECIMAL,
            "The reported diameter: the long axis, of a node the short axis. Null where a status "
            "was stated instead; what counts then follows the charter.",
            "mm",
        ),
        Column("long_axis_raw_mm", NUMBER, "Length of the long axis before rounding.", "mm"),
        Column("short_axis_raw_mm", NUMBER, "Length of the short axis before rounding.", "mm"),
        *_end_points("long"),
        *_end_points("short"),
        Column("series_uid", TEXT, "SeriesInstanceUID of the image measured on."),
        Column("sop_instance_uid", TEXT, "SOPInstanceUID of the image measured on."),
        Column("frame", INTEGER, "Frame of that image, counted from 1."),
        Column("frame_of_reference_uid", TEXT, "Space of the coordinates."),
        Column(
            "provenance",
            TEXT,
            "How the caliper came to be where it is.",
            allowed=tuple(Provenance),
        ),
        Column("pixels_per_mm", NUMBER, "Zoom of the screen when drawn; 0: on none.", "1/mm"),
        Column("passport", TEXT, "What makes the series' millimetres trustworthy, in one line."),
        Column(
            "reason_code",
            TEXT,
            "Why not evaluable, coded.",
            allowed=tuple(WhyNotEvaluable),
        ),
        Column("reason_words", TEXT, "Why, in the reader's own words."),
        Column("merged_into", TEXT, "The lesion with which it has merged."),
        Column("recorded_at_utc", MOMENT, "When it was said.", required=True),
        RECORD,
    ),
)

READ_VISITS = View(
    "read_visits",
    "One row for each visit that a reader has opened, signed or not.",
    ("subject", "reader", "place"),
    (
        SUBJECT,
        READER,
        VISIT,
        PLACE,
        VISIT_DATE,
        TRUE_DATE,
        Column("series_uid", TEXT, "SeriesInstanceUID of the series read: chosen, or proposed."),
        Column("series_reason", TEXT, "Why this series, where it departs from the charter."),
        Column("opened_at_utc", MOMENT, "When it was opened first.", required=True),
        Column("signed_at_utc", MOMENT, "When it was signed; null while it is open."),
        Column("signed", FLAG, "Whether it is signed now.", required=True),
    ),
)

RESPONSES_VIEW = View(
    "responses",
    "One row for each visit that is signed now: the figures and responses that the reader saw and "
    "signed. A visit that was re-opened is not in it until it is signed again. Visits signed with "
    "an earlier version have the overall response only; new_lesion is null there.",
    ("subject", "reader", "place"),
    (
        SUBJECT,
        READER,
        VISIT,
        PLACE,
        VISIT_DATE,
        TRUE_DATE,
        Column(
            "response_date",
            DATE,
            "The date that counts for the response: of PD the earliest scan that shows it.",
        ),
        Column("true_response_date", DATE, "The same as true date; null as true_date."),
        Column("sum_mm", DECIMAL, "Sum of diameters; null where a target has no value.", "mm"),
        Column("baseline_sum_mm", DECIMAL, "The sum at baseline.", "mm"),
        Column("nadir_sum_mm", DECIMAL, "The smallest sum before this visit.", "mm"),
        Column("nadir_visit", TEXT, "The visit of that smallest sum."),
        Column("change_from_baseline_mm", DECIMAL, "sum_mm less baseline_sum_mm.", "mm"),
        Column(
            "change_from_baseline_pct",
            DECIMAL,
            "That change as it was shown, half-up; null at baseline. Never decided on.",
            "%",
        ),
        Column("change_from_nadir_mm", DECIMAL, "sum_mm less nadir_sum_mm.", "mm"),
        Column("change_from_nadir_pct", DECIMAL, "That change as it was shown, half-up.", "%"),
        Column("target", TEXT, "Target response; null at baseline.", allowed=RESPONSES),
        Column("nontarget", TEXT, "Non-target response; null at baseline.", allowed=RESPONSES),
        Column("new_lesion", FLAG, "Whether a new lesion counts at this visit."),
        Column("overall", TEXT, "Overall response; null at baseline.", allowed=RESPONSES),
        Column("signed_at_utc", MOMENT, "When it was signed.", required=True),
        RECORD,
    ),
)

RE_READS = View(
    "re_reads",
    "One row for each visit that a reader has signed twice without knowing: a patient comes again "
    "under another code. No other view but signatures, queries and audit has these codes.",
    ("code", "visit"),
    (
        Column("code", TEXT, "The code under which the patient came again.", required=True),
        SUBJECT,
        READER,
        VISIT,
        Column("overall", TEXT, "The response signed first.", allowed=RESPONSES),
        Column("again_overall", TEXT, "The response signed again.", allowed=RESPONSES),
        Column("sum_mm", DECIMAL, "The sum signed first.", "mm"),
        Column("again_sum_mm", DECIMAL, "The sum signed again.", "mm"),
        Column("signed_at_utc", MOMENT, "When the first was signed.", required=True),
        Column("again_signed_at_utc", MOMENT, "When the second was signed.", required=True),
    ),
)

VIEWS_OF_READS = (LESIONS, MEASUREMENTS, READ_VISITS, RESPONSES_VIEW, RE_READS)
