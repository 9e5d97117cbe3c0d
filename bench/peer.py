"""What a person would write: load the workbook, change six columns, write three small tabs anew, save it."""

from __future__ import annotations

import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
objectives = book["Objectives"]
for row in range(2, objectives.max_row + 1):
    for column in range(3, 9):
        objectives.cell(row, column, f"{row} {column}")
for title in ("Allocation", "Dashboard", "Check"):
    for row in range(5, 25):
        for column in range(1, 5):
            book[title].cell(row, column, f"{row} {column}")
book.save(sys.argv[1])
