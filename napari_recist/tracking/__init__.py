"""Where a lesion of a prior scan lies in the current one."""
