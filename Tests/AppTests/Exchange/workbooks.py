"""Makes the unit workbooks of WorkbookTests in a folder: as unions keep them, with titles above the header, merged
cells, a second sheet and hidden rows. With `read FILE` it prints the first sheet as JSON: values and marked cells."""
import json
import sys

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

HEADER = ["序号", "姓名", "证件号码", "培训名称", "培训形式", "开始日期", "结束日期", "天数", "备注"]


def make(folder):
    book = Workbook()
    sheet = book.active
    sheet.title = "培训台账"
    sheet.merge_cells("A1:I1")
    sheet["A1"] = "临江区总工会 2022 年培训台账"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append(["填报单位：临江区总工会"])
    sheet.append(HEADER)
    sheet.append([1, "张三", "11010519491231002X", "主席班", "脱产培训", "2022/3/7", "2022年3月11日", 5, "优秀学员"])
    sheet.append([2, "李四", "110105197001010011", "错班", "脱产培训", "2022-03-07", "2022-03-11", 9, None])
    sheet.append([3, "李四", 110105197001010011, "数字班", "脱产培训", "2022-04-07", "2022-04-11", 2, None])
    sheet.append([4, "李四", "110105197001010011", "好班", "脱产培训", 20220507, "2022-05-11", 2, None])
    sheet["I4"].fill = PatternFill("solid", fgColor="FFCCE5FF")
    sheet.row_dimensions[7].hidden = True
    book.create_sheet("说明")["A1"] = "第二张表"
    book.save(f"{folder}/ledger.xlsx")


def read(path):
    book = load_workbook(path)
    sheet = book.worksheets[0]
    marked = [c.coordinate for row in sheet.iter_rows() for c in row if c.fill.patternType == "solid"]
    print(json.dumps({
        "sheets": book.sheetnames,
        "rows": [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)],
        "marked": marked,
    }, ensure_ascii=False))


if sys.argv[1] == "read":
    read(sys.argv[2])
else:
    make(sys.argv[1])
