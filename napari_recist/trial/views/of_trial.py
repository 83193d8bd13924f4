"""The columns of the views of the trial: patients, visits, people, signatures, audit."""

from napari_recist.criteria import Response
from napari_recist.trial.images.query_codes import QueryCode
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice
from napari_recist.trial.record.chain import WITHHELD
from napari_recist.trial.record.fact_codec import KINDS
from napari_recist.trial.staff.roles import TrialRole
from napari_recist.trial.views.dictionary import Column, View
from napari_recist.trial.views.of_reads import (
    FLAG,
    INTEGER,
    MOMENT,
    RECORD,
    SUBJECT,
    TEXT,
    TRUE_DATE,
    VISIT,
    VISIT_DATE,
)

SUBJECTS = View(
    "subjects",
    "One row for each patient of whom images are registered.",
    ("subject",),
    (
        SUBJECT,
        Column("registered_at_utc", MOMENT, "When the first images came.", required=True),
        Column("follow_up_ended_at_utc", MOMENT, "When it was stated that no more will come."),
        Column("follow_up_ended_reason", TEXT, "Why no more will come."),
    ),
)

VISITS = View(
    "visits",
    "One row for each visit of a patient of which images are registered, read or not.",
    ("subject", "date", "visit"),
    (
        SUBJECT,
        VISIT,
        Column("week", INTEGER, "Nominal week of the visit.", "weeks", required=True),
        VISIT_DATE,
        TRUE_DATE,
        Column("series_count", INTEGER, "How many series can be read.", required=True),
        Column("registered_at_utc", MOMENT, "When its images came first.", required=True),
        Column("accepted_at_utc", MOMENT, "When they were found fit to be read."),
    ),
)

ASSIGNMENTS = View(
    "assignments",
    "One row for each time a person was given a patient to read or to settle.",
    ("record",),
    (
        SUBJECT,
        Column("person", TEXT, "Who.", required=True),
        Column("task", TEXT, "To do what.", allowed=("read", "adjudicate"), required=True),
        Column("assigned_at_utc", MOMENT, "Since when.", required=True),
        Column("withdrawn_at_utc", MOMENT, "Until when; null while it stands."),
        Column("withdrawn_reason", TEXT, "Why it was withdrawn."),
        RECORD,
    ),
)

SIGNATURES = View(
    "signatures",
    "One row for each signature that was ever given, also those that no longer stand and those "
    "under blinded re-reads.",
    ("record",),
    (
        RECORD,
        SUBJECT,
        Column(
            "signed_what",
            TEXT,
            "What was signed.",
            allowed=("visit", "global review", "adjudication", "clinical review"),
            required=True,
        ),
        Column("reader", TEXT, "Whose read; null for what is of the patient as a whole."),
        Column("visit", TEXT, "Which visit; null for what is of all visits."),
        Column("signer", TEXT, "Who signed.", required=True),
        Column("signed_at_utc", MOMENT, "When.", required=True),
        Column("meaning", TEXT, "What the signature says.", required=True),
        Column(
            "outcome",
            TEXT,
            "The response signed, or the read chosen; null at baseline and for a global review.",
            allowed=(*Response, *Choice),
        ),
        Column(
            "stands",
            FLAG,
            "Whether it counts now: not re-opened, signed again or withdrawn since. Null for a "
            "clinical review, which counts while result and clinical data are as they were.",
        ),
        Column("content_hash", TEXT, "SHA-256 of what was signed.", required=True),
        Column("charter_hash", TEXT, "SHA-256 of the charter it was signed under.", required=True),
        Column("chain_head", TEXT, "Hash of the record before it.", required=True),
        Column("software", TEXT, "Version of the program.", required=True),
    ),
)

ADJUDICATIONS = View(
    "adjudications",
    "One row for each decision of an adjudicator. A patient without one has readers who agree in "
    "what the charter names, one reader, or is open.",
    ("record",),
    (
        RECORD,
        SUBJECT,
        Column("adjudicator", TEXT, "Who decided.", required=True),
        Column("adjudicated_at_utc", MOMENT, "When.", required=True),
        Column("chosen", TEXT, "The read as it was shown.", allowed=tuple(Choice), required=True),
        Column("accepted_reader", TEXT, "Whose read that is; null for who may not know."),
        Column("reason", TEXT, "Why, coded.", allowed=tuple(AdjudicationReason), required=True),
        Column("comment", TEXT, "Why, in words."),
        Column("withdrawn_at_utc", MOMENT, "When it was withdrawn; null while it stands."),
        Column("withdrawn_reason", TEXT, "Why it was withdrawn."),
    ),
)

TRANSFERS = View(
    "transfers",
    "One row for each frozen transfer: what exports are made from.",
    ("number",),
    (
        Column("number", INTEGER, "Number of the transfer: 1, 2, 3.", required=True),
        Column("frozen_at_utc", MOMENT, "When it was frozen.", required=True),
        Column("frozen_by", TEXT, "By whom.", required=True),
        Column("comment", TEXT, "What for."),
        Column("record", INTEGER, "Its data are the records before this one.", required=True),
        Column("chain_head", TEXT, "Hash of the last of those records.", required=True),
    ),
)

QUERIES = View(
    "queries",
    "One row for each question to a site.",
    ("query",),
    (
        Column("query", TEXT, "Name of the query (Q1).", required=True),
        SUBJECT,
        Column("visit", TEXT, "The visit it is about."),
        Column("code", TEXT, "What is asked, coded.", allowed=tuple(QueryCode), required=True),
        Column("text", TEXT, "What is asked, in words.", required=True),
        Column("raised_at_utc", MOMENT, "When it was raised.", required=True),
        Column("raised_by", TEXT, "By whom.", required=True),
        Column("answer", TEXT, "The last answer."),
        Column("answered_at_utc", MOMENT, "When that was noted."),
        Column("outcome", TEXT, "How it ended; null while it is open."),
        Column("closed_at_utc", MOMENT, "When it ended."),
    ),
)

PEOPLE = View(
    "people",
    "One row for each person of the trial, also those who have left.",
    ("name",),
    (
        Column("name", TEXT, "The trial's name for the person.", required=True),
        Column("role", TEXT, "Role, the last one given.", allowed=tuple(TrialRole), required=True),
        Column("works", FLAG, "Whether the person works on the trial now.", required=True),
        Column("admitted_at_utc", MOMENT, "When first admitted.", required=True),
        Column("retired_at_utc", MOMENT, "When retired; null for who works."),
        Column("retired_reason", TEXT, "Why retired."),
    ),
)

AUDIT = View(
    "audit",
    "One row for each record: all that was ever stated, by whom and when. To the administrator of "
    "a shared trial some records are withheld: there are their numbers and hashes only.",
    ("record",),
    (
        Column("record", INTEGER, "Number of the record.", required=True),
        Column("recorded_at_utc", MOMENT, "When it was written."),
        Column("recorded_at_local", MOMENT, "The same, to the second, on the writer's clock."),
        Column("actor", TEXT, "Who stated it."),
        Column("subject", TEXT, "Of which patient; null for the trial as a whole."),
        Column("reader", TEXT, "In whose read; null where it belongs to none."),
        Column(
            "kind",
            TEXT,
            "What was stated, with the version of its form.",
            allowed=(*KINDS, WITHHELD),
            required=True,
        ),
        Column(
            "payload",
            TEXT,
            "The statement itself, canonical JSON. Null for the kinds that would name a patient, "
            "a file or a password: they stay in the record.",
        ),
        Column("hash", TEXT, "SHA-256 that binds it to all records before it."),
    ),
)

VIEWS_OF_TRIAL = (
    SUBJECTS,
    VISITS,
    ASSIGNMENTS,
    SIGNATURES,
    ADJUDICATIONS,
    TRANSFERS,
    QUERIES,
    PEOPLE,
    AUDIT,
)
