"""The views of a frozen transfer as files: Parquet and CSV."""
