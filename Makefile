# The two commands of the README: `make demo` and `make test`. Both set up what they need first.

PYTHON := .venv/bin/python

.PHONY: demo test check lock sample-data screenshots texts dictionary clean

demo: .venv/.ready
	.venv/bin/napari-recist demo $(DEMO)

test: .venv/.ready .venv/.judges
	$(PYTHON) -m pytest -n 2 --dist loadfile $(PYTEST)

check: .venv/.ready
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/npe2 validate napari-recist

# Made again whenever the dependencies change; system libraries are looked at every time, which is quick.
.venv/.ready: requirements.lock setup.cfg scripts/setup
	scripts/setup

.venv/.judges: .venv/.ready scripts/setup
	scripts/setup judges
	touch .venv/.judges

lock:
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --extra dev \
		--no-header --no-annotate --output-file requirements.lock setup.cfg

sample-data: .venv/.ready
	$(PYTHON) -m napari_recist.phantom sample_data

screenshots: .venv/.ready
	$(PYTHON) -m napari_recist.demo.screenshots docs/images

dictionary: .venv/.ready
	$(PYTHON) scripts/data_dictionary.py

texts: .venv/.ready
	$(PYTHON) scripts/texts.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis demo-output
