"""How much memory the scans at hand take, and how much they may."""

from qtpy.QtWidgets import QLabel

from napari_recist.translation import _

GIB = 1024**3
TIP = _(
    "Scans kept in memory, and how much they may take. Scans mapped from the cache on disk take "
    "none. Baseline, nadir, prior and the phases of this visit are loaded ahead."
)


class MemoryLabel(QLabel):
    """Shows "0.6 of 3.9 GiB"."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolTip(TIP)
        self.setStyleSheet("color: #9aa7b4; padding: 0 8px")

    def show_memory(self, taken: int, limit: int) -> None:
        """Show what the volumes at hand take and may take, in bytes."""
        self.setText(
            _("scans {taken:.1f} of {limit:.1f} GiB", taken=taken / GIB, limit=limit / GIB)
        )
