-- A trial database as the version with schema 0001 wrote it: a signed baseline and an opened visit.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE chain_head (
	id INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_head CHECK (id = 1)
);
INSERT INTO "chain_head" VALUES(1,9,'67c488b92fe02ac03613dfceb89456058c177dadc1dbb5f043ac92307939d678');
CREATE TABLE events (
	sequence INTEGER NOT NULL, 
	recorded_at TEXT NOT NULL, 
	utc_offset_minutes INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	reader TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	previous_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (sequence), 
	UNIQUE (hash)
);
INSERT INTO "events" VALUES(1,'2026-11-24T11:20:08.932357+00:00',0,'','','charter_adopted.1','{"charter":{"access":{"attempts":5,"idle_minutes":15},"blinding":{"dates":"weeks","hide":["name","site","arm","investigator","dates","other_reader"],"prior_calipers":true},"censoring":{"missed_visits":2},"confirmation":{"accept_sd_between_pr":false,"max_ne_between":1,"min_days":28,"required":true},"criteria":{"max_per_organ":2,"max_targets":5,"measurement_precision_mm":"0.1","mrecist_pd_abs_min_mm":"5","name":"recist1.1","node_cr_below_mm":"10","node_target_min_mm":"15","porta_hepatis_node_min_mm":"20","pr_persistence":"after_confirmed_pr","provable_pd_with_missing":true,"too_small_default_mm":"5"},"deidentification":{"dates":"shifted","descriptors":true,"device":true,"on_import":true,"patient_characteristics":true,"safe_private":true,"site":false,"subject_code":"","times":true},"duration":{"sd_min_days":42},"landmark":{"day":112,"rule":"status","window_days":14},"quality":{"re_read_min_days":28,"re_read_percent":10},"read":{"adjudication":["best_response","progression_date","first_response_date"],"adjudicator_reads":false,"global_review":false,"late_images":"record","readers":2,"sequential":true},"schedule":{"baseline_max_days_before":28,"interval_weeks":8,"window_days":7},"series":{"continuity_checks":true,"max_thickness_mm":"5","phase":"portal venous"},"trial":{"id":"HCC-1","sites":[],"sponsor":"","title":""}},"charter_hash":"e71d5a0735d9bafb8d65cfdf92cc76d2148798052a9adf5f7c54b023843f59ab","holds_from":null,"reason":"","source":"[trial]\nid = \"HCC-1\"\n","trial_uid":"531c984be4fb4e08b82f73e5b87357c0","version":1}','0000000000000000000000000000000000000000000000000000000000000000','47c2b21f73d28c2199e2016b39acdd25b5e5b44c1d91be8b88d5cd742a999ba2');
INSERT INTO "events" VALUES(2,'2026-11-24T11:20:09.133503+00:00',0,'','','reader_added.1','{"name":"anna"}','47c2b21f73d28c2199e2016b39acdd25b5e5b44c1d91be8b88d5cd742a999ba2','909cdd3765287e4b1a27d1e875547a6f65303431e78400ee9e54314f522241e9');
INSERT INTO "events" VALUES(3,'2026-11-24T11:20:09.139251+00:00',0,'','','password_set.1','{"name":"anna","verifier_hash":"c1945bfadef7b2e13388d5cb5c63aa56b40f85e437e77ac781d3a56296896eee"}','909cdd3765287e4b1a27d1e875547a6f65303431e78400ee9e54314f522241e9','24b9df9130d5ede3c70b18ef3c189e983ddd78642a865811590a480ab6acea5f');
INSERT INTO "events" VALUES(4,'2026-11-24T11:20:09.141747+00:00',0,'P1','','visit_registered.1','{"scheduled":{"date":"2025-01-06","series":[{"description":"abdomen","files":["/scans/1.dcm"],"modality":"CT","part":"","phase":"portal venous","profile":null,"series_uid":"1.3"}],"subject":"P1","visit":"BL","week":0}}','24b9df9130d5ede3c70b18ef3c189e983ddd78642a865811590a480ab6acea5f','5495705c1bcbfebbe4f6aa9e041d53e20aa9cbf47293e111da15e1e0ceb1b3c1');
INSERT INTO "events" VALUES(5,'2026-11-24T11:20:09.150710+00:00',0,'P1','anna','visit_opened.1','{"date":"2025-01-06","part":"","series_uid":"1.3","visit":"BL"}','5495705c1bcbfebbe4f6aa9e041d53e20aa9cbf47293e111da15e1e0ceb1b3c1','19275b7334c748cf5a2f715dc4a80df13b0ab109404abccaff7d7008ab771e5e');
INSERT INTO "events" VALUES(6,'2026-11-24T11:20:09.154339+00:00',0,'P1','anna','lesion_added.1','{"lesion":{"identifier":"T1","node":false,"organ":"liver","porta_hepatis":false,"prior_local_therapy":false,"progressed_since":false,"role":"target","site":"Segment VII, \u00abh\u00e9patique\u00bb \ud835\udd3e"},"visit":"BL"}','19275b7334c748cf5a2f715dc4a80df13b0ab109404abccaff7d7008ab771e5e','50575e6b835ce74a217a4565111acd690ecfd8fd835a2a25b5588be635d3f815');
INSERT INTO "events" VALUES(7,'2026-11-24T11:20:09.156790+00:00',0,'P1','anna','lesion_measured.1','{"caliper":null,"diameter":300,"fragment":0,"lesion":"T1","viable":false,"visit":"BL"}','50575e6b835ce74a217a4565111acd690ecfd8fd835a2a25b5588be635d3f815','75956b75010d8892ec64e77df7a2d75931dc958fbe8d8734691c818fa089f9bd');
INSERT INTO "events" VALUES(8,'2026-11-24T11:20:09.333680+00:00',0,'P1','anna','visit_signed.1','{"chain_head":"75956b75010d8892ec64e77df7a2d75931dc958fbe8d8734691c818fa089f9bd","charter_hash":"e71d5a0735d9bafb8d65cfdf92cc76d2148798052a9adf5f7c54b023843f59ab","content_hash":"03b77f4c88aa5e668ab03fc4997919ef670ddd8fb6e5cb3ebcd7846e52d9439e","meaning":"I read this","response":"","signer":"anna","software":"0.1.0","visit":"BL"}','75956b75010d8892ec64e77df7a2d75931dc958fbe8d8734691c818fa089f9bd','1706f99ebe6d64fd9154845a68d70edb7b61444345cfdab0179109a4d8542a25');
INSERT INTO "events" VALUES(9,'2026-11-24T11:20:09.335176+00:00',0,'P1','anna','visit_opened.1','{"date":"2025-03-03","part":"","series_uid":"1.4","visit":"W8"}','1706f99ebe6d64fd9154845a68d70edb7b61444345cfdab0179109a4d8542a25','67c488b92fe02ac03613dfceb89456058c177dadc1dbb5f043ac92307939d678');
CREATE TABLE passwords (
	reader TEXT NOT NULL, 
	verifier TEXT NOT NULL, 
	PRIMARY KEY (reader)
);
INSERT INTO "passwords" VALUES('anna','$argon2id$v=19$m=65536,t=3,p=4$FWKMQ5y1/vfMpcUDSUQZQQ$m9aGhncX/XcsY3RKvCYtaFg/xpu8z+y9uyMh3MrVrbY');
CREATE INDEX events_by_read ON events (subject, reader, sequence);
CREATE INDEX events_by_kind ON events (kind, sequence);
CREATE TRIGGER events_never_updated BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'the record is append-only: UPDATE refused'); END;
CREATE TRIGGER events_never_deleted BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'the record is append-only: DELETE refused'); END;
CREATE TRIGGER events_extend_the_chain BEFORE INSERT ON events
       WHEN NOT EXISTS (SELECT 1 FROM chain_head
                        WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash)
       BEGIN SELECT RAISE(ABORT, 'the record is a chain: INSERT elsewhere than at its end'); END;
CREATE TRIGGER events_move_the_head AFTER INSERT ON events
       BEGIN UPDATE chain_head SET sequence = NEW.sequence, hash = NEW.hash; END;
CREATE TRIGGER chain_head_only_advances BEFORE UPDATE ON chain_head
       WHEN NOT EXISTS (SELECT 1 FROM events
                        WHERE sequence = NEW.sequence AND hash = NEW.hash
                          AND previous_hash = OLD.hash)
       BEGIN SELECT RAISE(ABORT, 'the head of the record only advances'); END;
CREATE TRIGGER chain_head_never_deleted BEFORE DELETE ON chain_head
       BEGIN SELECT RAISE(ABORT, 'the head of the record stays'); END;
COMMIT;