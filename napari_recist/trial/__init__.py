"""The trial's charter and its append-only, signed record."""

from napari_recist.trial.images.arrivals import accept_images, end_follow_up, register
from napari_recist.trial.images.catalogue import ScheduledVisit, SeriesEntry, SeriesProfile
from napari_recist.trial.images.identity import register_identity, shifts_of, with_true_dates
from napari_recist.trial.images.storage import images_folder, key_file
from napari_recist.trial.open_record import ReadKey
from napari_recist.trial.opening import create_trial, open_trial
from napari_recist.trial.reads.adjudication import Verdict, accepted_reader, adjudicate
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice
from napari_recist.trial.reads.assigning import assign, assign_adjudicator, assign_waiting
from napari_recist.trial.reads.cases import CaseRead
from napari_recist.trial.reads.reopening import reopen
from napari_recist.trial.record.chain import ChainHead, VerifiedChain
from napari_recist.trial.staff.access import Action
from napari_recist.trial.staff.roles import Person, TrialRole
from napari_recist.trial.transfers import freeze, transfers
from napari_recist.trial.trial import Trial

__all__ = [
    "Action",
    "AdjudicationReason",
    "CaseRead",
    "ChainHead",
    "Choice",
    "Person",
    "ReadKey",
    "ScheduledVisit",
    "SeriesEntry",
    "SeriesProfile",
    "Trial",
    "TrialRole",
    "Verdict",
    "VerifiedChain",
    "accept_images",
    "accepted_reader",
    "adjudicate",
    "assign",
    "assign_adjudicator",
    "assign_waiting",
    "create_trial",
    "end_follow_up",
    "freeze",
    "images_folder",
    "key_file",
    "open_trial",
    "register",
    "register_identity",
    "reopen",
    "shifts_of",
    "transfers",
    "with_true_dates",
]
