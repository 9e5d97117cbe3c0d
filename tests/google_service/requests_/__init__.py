"""The requests of `spreadsheets.batchUpdate`, one module per family."""
