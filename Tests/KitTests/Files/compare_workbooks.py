"""Compares a marked workbook with its original through openpyxl and prints what differs as JSON.

usage: compare_workbooks.py ORIGINAL MARKED
"""
import json
import sys

import openpyxl

original, marked = (openpyxl.load_workbook(path) for path in sys.argv[1:3])
filled, added, different = [], {}, []


def check(what, a, b):
    if a != b:
        different.append(f"{what}: {a!r} -> {b!r}")


check("sheets", original.sheetnames, marked.sheetnames)
for index, name in enumerate(original.sheetnames):
    a, b = original[name], marked[name]
    check("state", a.sheet_state, b.sheet_state)
    check("merged", sorted(map(str, a.merged_cells.ranges)), sorted(map(str, b.merged_cells.ranges)))
    check("filter", a.auto_filter.ref, b.auto_filter.ref)
    check("freeze", a.freeze_panes, b.freeze_panes)
    check("validations", [(v.sqref, v.formula1) for v in a.data_validations.dataValidation], [(v.sqref, v.formula1) for v in b.data_validations.dataValidation])
    check("rows", a.max_row, b.max_row)
    check("hidden", sorted(r for r, d in a.row_dimensions.items() if d.hidden), sorted(r for r, d in b.row_dimensions.items() if d.hidden))
    width = a.max_column
    for row in range(1, max(a.max_row, b.max_row) + 1):
        for column in range(1, max(width, b.max_column) + 1):
            x, y = a.cell(row, column), b.cell(row, column)
            where = f"{name if index else ''}{x.coordinate}"
            if x.value != y.value:
                if x.value is None:
                    added[where] = y.value
                else:
                    check(where, x.value, y.value)
            if repr(x.fill) != repr(y.fill):
                if y.fill.fgColor.rgb == "FFFFD9A8":
                    filled.append(where)
                elif x.value is not None or y.value is None:
                    check(where + " fill", x.fill.fgColor.rgb, y.fill.fgColor.rgb)
            # A cell that was absent has no format of its own to keep.
            if column <= width and (x.value is not None or x.has_style):
                for part in ("number_format", "font", "border", "alignment", "protection"):
                    check(f"{where} {part}", repr(getattr(x, part)), repr(getattr(y, part)))
                check(where + " comment", x.comment and x.comment.text, y.comment and y.comment.text)
print(json.dumps({"filled": filled, "added": added, "different": different}, ensure_ascii=False, sort_keys=True))
