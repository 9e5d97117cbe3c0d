"""Run Miller and Heiman's sales funnel from the spreadsheet you already have."""

__version__ = "0.1.0"
