"""The charter of the sample trial as text, so that a pip install carries it."""

SAMPLE_CHARTER = """\
# Charter of the sample trial: phase 2, single arm, hepatocellular carcinoma, 40 patients at several
# sites, CT or MRI every 8 weeks, RECIST 1.1. The trial is invented; so are its patients.
# A key left out has the default of the program; an unknown key is refused.

[trial]
id = "NRC-HCC-201"
sponsor = "Example Oncology Cooperative"
title = "Phase 2, single arm, advanced hepatocellular carcinoma"
sites = ["001", "002", "003"]

[criteria]
name = "recist1.1"
measurement_precision_mm = 0.1
max_targets = 5
max_per_organ = 2              # the liver is one organ, so are all lymph nodes
pr_persistence = "after_confirmed_pr"
provable_pd_with_missing = true
too_small_default_mm = 5
node_cr_below_mm = 10
node_target_min_mm = 15
porta_hepatis_node_min_mm = 20 # nodes there are often reactive in cirrhosis

[confirmation]                 # one arm, response is the primary endpoint
required = true
min_days = 28
max_ne_between = 1
accept_sd_between_pr = false

[duration]
sd_min_days = 42

[schedule]
interval_weeks = 8
window_days = 7
baseline_max_days_before = 28

[landmark]                     # "month 4" is the scan of week 16
day = 112
window_days = 14
rule = "status"

[censoring]
missed_visits = 2

[blinding]
hide = ["name", "site", "arm", "investigator", "dates", "other_reader"]
dates = "weeks"
prior_calipers = true

[read]
readers = 2
sequential = true
adjudication = ["best_response", "progression_date", "first_response_date"]
global_review = false
late_images = "record"         # images after a signed later visit: asked about, reads stand
adjudicator_reads = false      # the adjudicator picks one of the two reads

[access]
idle_minutes = 15              # then the room is covered until the password is given
attempts = 5                   # wrong passwords in a row before each next one has to wait

[quality]
re_read_percent = 10           # of each reader's finished reads, blinded, under another code
re_read_min_days = 28

[series]
phase = "portal venous"
max_thickness_mm = 5
continuity_checks = true

[deidentification]             # what images lose on import (DICOM PS3.15, Annex E)
on_import = true
subject_code = 'NRC-(?P<site>\\d{3})-\\d{4}'
dates = "shifted"              # whole days, one number per patient: intervals hold
times = true                   # times of day tell the contrast phase
device = true                  # maker, model, software and kernel, by a closed vocabulary
descriptors = true             # descriptions rewritten in words of a closed vocabulary
patient_characteristics = true # sex, age, size, weight
safe_private = true            # b-values and the places of a Siemens mosaic
site = false                   # no site in the files

[transfer]                     # how data leave the trial
vendor = "Example Imaging Core Laboratory"
diameter_tests = "specific"    # CDISC LDIAM and LPERP; "generic": DIAMETER for both
derived_results = true         # sums and changes go with the measurements
countries = { "001" = "DEU", "002" = "FRA", "003" = "ITA" }
"""
