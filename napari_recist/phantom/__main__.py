"""``python -m napari_recist.phantom OUT``: write what the project keeps in ``sample_data/``."""

import argparse
from pathlib import Path

from napari_recist.phantom.sample import write_example

if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        prog="python -m napari_recist.phantom",
        description="Write the sample trial's charter and truth tables, and one small patient.",
        epilog="Example: python -m napari_recist.phantom sample_data",
    )
    arguments.add_argument("out", type=Path, help="folder to write to")
    write_example(arguments.parse_args().out)
