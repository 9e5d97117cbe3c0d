"""``python -m sheetfunnel``."""

from sheetfunnel.cli import run

run()
