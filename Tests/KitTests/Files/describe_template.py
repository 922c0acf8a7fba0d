"""Prints what openpyxl sees in a template.

usage: describe_template.py FILE
"""
import sys

import openpyxl
from openpyxl.utils import get_column_letter

book = openpyxl.load_workbook(sys.argv[1])
print("sheets", *[s.title + ("" if s.sheet_state == "visible" else f"({s.sheet_state})") for s in book])
sheet = book.worksheets[0]
print("titles", *[c.value for c in sheet[1]])
formats = []
for column in range(1, sheet.max_column + 1):
    holder = [d for d in sheet.column_dimensions.values() if d.min <= column <= d.max]
    formats.append(holder[0].number_format if holder else "General")
print("formats", *formats)
print("notes", *[c.value for c in sheet[1] if c.comment])
for rule in sheet.data_validations.dataValidation:
    print("validation", rule.sqref, rule.formula1)
for row in book.worksheets[1].iter_rows(min_row=2):
    print("example", *["-" if c.value is None else c.value.date() if hasattr(c.value, "date") else c.value for c in row])
