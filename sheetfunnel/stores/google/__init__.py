"""Workbooks that are Google Sheets: read in one call, written in one, through gspread and google-auth."""
