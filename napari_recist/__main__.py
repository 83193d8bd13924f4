"""Run the command line as ``python -m napari_recist``."""

from napari_recist.cli import main

if __name__ == "__main__":
    main()
