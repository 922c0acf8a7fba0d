"""Writes the workbooks that the tests of Kit/Files read: real ones by openpyxl, xlwt and LibreOffice, hostile ones by hand.

usage: make_workbooks.py FOLDER
"""
import datetime
import pathlib
import subprocess
import sys
import zipfile

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def relationships(rows, kind=OFFICE):
    body = "".join(f'<Relationship Id="{i}" Type="{kind}/{t}" Target="{target}"/>' for i, t, target in rows)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{body}</Relationships>'


def bare(name, sheet, *, strings=None, styles=None, extra=None, kind=OFFICE, main=MAIN, target="worksheets/sheet1.xml", workbook=None, prefix=""):
    """A workbook of the fewest parts, its sheet given as XML text or as pieces of bytes."""
    p = prefix + ":" if prefix else ""
    ns = f'xmlns:{prefix}="{main}"' if prefix else f'xmlns="{main}"'
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as z:
        overrides = {"xl/sharedStrings.xml": "sharedStrings"} if strings is not None else {}
        overrides |= {"xl/styles.xml": "styles"} if styles is not None else {}
        overrides |= {path: "worksheet" for path in extra or {} if path.startswith("xl/worksheets/")}
        z.writestr("[Content_Types].xml", CONTENT_TYPES.replace("</Types>", "".join(
            f'<Override PartName="/{path}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind_}+xml"/>'
            for path, kind_ in overrides.items()) + "</Types>"))
        z.writestr("_rels/.rels", relationships([("rId1", "officeDocument", "xl/workbook.xml")], kind))
        z.writestr(
            "xl/workbook.xml",
            workbook or f'<{p}workbook {ns} xmlns:r="{kind}"><{p}sheets><{p}sheet name="甲" sheetId="1" r:id="rId1"/></{p}sheets></{p}workbook>',
        )
        rows = [("rId1", "worksheet", target)]
        rows += [("rId9", "worksheet", "worksheets/sheet9.xml")] if extra and "xl/worksheets/sheet9.xml" in extra else []
        if strings is not None:
            rows.append(("rId2", "sharedStrings", "sharedStrings.xml"))
            z.writestr("xl/sharedStrings.xml", strings)
        if styles is not None:
            rows.append(("rId3", "styles", "styles.xml"))
            z.writestr("xl/styles.xml", styles)
        z.writestr("xl/_rels/workbook.xml.rels", relationships(rows, kind))
        for path, text in (extra or {}).items():
            z.writestr(path, text)
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as part:
            for piece in [sheet] if isinstance(sheet, (str, bytes)) else sheet:
                part.write(piece.encode() if isinstance(piece, str) else piece)


def sheet_xml(rows, head=""):
    return f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData></worksheet>'


def text(value, reference=""):
    r = f' r="{reference}"' if reference else ""
    return f'<c{r} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


TITLES = ["编码", "姓名", "日期", "数量", "是否", "类别"]
HEADER = "<row>" + "".join(text(t) for t in TITLES) + "</row>"


def roster():
    """A unit's workbook as units make them: title and merged cells above, columns in another order, hidden rows, formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.merge_cells("A1:H1")
    sheet["A1"] = "某某街道总工会花名册"
    sheet["A1"].font = Font(bold=True, size=18)
    sheet["A2"] = "填报单位：某某"
    titles = ["序号", "姓　名", "编码 *", "日\n期", "数量", "是否", "类别", "备注"]
    for column, title in enumerate(titles, 1):
        cell = sheet.cell(3, column, title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFDDEEFF")
    rows = [
        [1, " 李一 ", "110105194912310021", datetime.date(2022, 3, 5), 8, "是", "甲", "好"],
        [2, "王　二", 110105194912310000, "2022/3/5", 8.25, "√", "乙", None],
        [3, None, "ＡＢ－１２３", "2022年3月5日", 0.5, None, "丙", None],
        [None] * 8,
        [4, "赵四", "00123", "20220305", "1,234.5", "否", "甲", None],
        [5, "孙五", 1001, "2022-02-30", 8.125, "也许", "丁", None],
        [6, "周六", "x-6", 20220305, 3, True, "甲", None],
        [7, "吴七", "x-7", 44625, 3, False, "甲", None],
        [8, "郑八", '=CONCATENATE("x-",8)', datetime.datetime(2022, 3, 5, 14, 30), 3, "是", "甲", None],
    ]
    for offset, values in enumerate(rows):
        for column, value in enumerate(values, 1):
            if value is not None:
                sheet.cell(4 + offset, column, value)
    sheet["D4"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["D12"].number_format = "yyyy-mm-dd hh:mm"
    sheet["E5"].number_format = "0.00"
    sheet["E5"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["C4"].number_format = "@"
    sheet.row_dimensions[6].hidden = True
    sheet.row_dimensions[8].hidden = True
    sheet.auto_filter.ref = "A3:H12"
    sheet.freeze_panes = "A4"
    validation = DataValidation(type="list", formula1='"是,否"', allow_blank=True)
    sheet.add_data_validation(validation)
    validation.add("F4:F99")
    sheet["B4"].comment = Comment("原有批注", "某人")
    sheet.column_dimensions["B"].width = 22
    sheet.column_dimensions.group("J", "M", hidden=True)
    other = book.create_sheet("说明")
    other["A1"] = "第二张表"
    other["B2"] = "=1+1"
    hidden = book.create_sheet("选项")
    hidden["A1"] = "甲"
    hidden.sheet_state = "hidden"
    book.save(folder / "roster.xlsx")


def csv_files():
    rows = [TITLES, ["a-1", "李一", "2022-03-05", "8.25", "是", "甲"], ["110105194912310021", 'a"b,c\nd', "2022/3/5", "1", "", "乙"], ["1.10105E+17", "", "", "", "", ""]]

    def line(row, separator):
        quoted = ['"' + v.replace('"', '""') + '"' if any(c in v for c in '",\n\t') else v for v in row]
        return separator.join(quoted)

    for name, separator, end, coding in [
        ("utf8.csv", ",", "\r\n", "utf-8"), ("bom.csv", ",", "\n", "utf-8-sig"), ("tab.csv", "\t", "\r\n", "utf-8"),
        ("gb18030.csv", ",", "\r\n", "gb18030"), ("gb18030-tab.txt", "\t", "\r", "gb18030"), ("utf16.csv", "\t", "\r\n", "utf-16"),
    ]:
        (folder / name).write_bytes(end.join(line(r, separator) for r in rows).encode(coding))
    (folder / "rare.csv").write_bytes("编码,姓名,日期\r\nr-1,𠮷䶮㑇·买买提,2022-03-05\r\n".encode("gb18030"))
    (folder / "unpaired.csv").write_text('编码,姓名\nu-1,"没有配对\n' + "x,y\n" * 60_000, encoding="utf-8")
    (folder / "garbage.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "broken-text.csv").write_bytes("编码,姓名\r\n1,".encode() + b"\xff\xff\x80\x20\xff\r\n")
    (folder / "nothing.csv").write_bytes(b"")


def by_hand():
    bare("no-references.xlsx", sheet_xml(HEADER + "<row>" + text("n-1") + text("李一") + "<c><v>44625</v></c><c><v>7.1000000000000005</v></c><c t=\"b\"><v>1</v></c>" + text("甲") + "</row>"))
    strict = sheet_xml(HEADER + "<row>" + text("s-1") + text("李一") + '<c t="d"><v>2022-03-05T00:00:00</v></c></row>').replace(MAIN, STRICT_MAIN)
    bare("strict.xlsx", strict, kind=STRICT, main=STRICT_MAIN, target="/xl/worksheets/sheet1.xml")
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:dimension ref="A1:F2"/><x:sheetData><x:row r="1">' + "".join(
        f'<x:c r="{c}1" t="inlineStr"><x:is><x:t>{t}</x:t></x:is></x:c>' for c, t in zip("ABCDEF", TITLES)
    ) + '</x:row><x:row r="2"><x:c r="A2" t="s"><x:v>0</x:v></x:c><x:c r="B2" t="s"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    strings = (
        f'<x:sst xmlns:x="{MAIN}"><x:si><x:r><x:t>p-</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t xml:space="preserve">1 </x:t></x:r></x:si>'
        "<x:si><x:t>李一_x000D_二_x005F_x0041_</x:t><x:rPh sb=\"0\" eb=\"1\"><x:t>リー</x:t></x:rPh><x:phoneticPr fontId=\"1\"/></x:si></x:sst>"
    )
    bare("prefixed.xlsx", prefixed, strings=strings, prefix="x")
    styles = f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"/></numFmts><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="176" applyNumberFormat="1"/><xf numFmtId="31"/><xf numFmtId="20"/></cellXfs></styleSheet>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/><sheets><sheet name="藏" sheetId="2" state="hidden" r:id="rId9"/><sheet name="甲" sheetId="1" r:id="rId1"/></sheets></workbook>'
    bare("1904.xlsx", sheet_xml(HEADER + "<row>" + text("d-1") + text("李一") + '<c s="1"><v>43163</v></c><c><f>1+1</f></c><c t="e"><v>#N/A</v></c><c t="str"><f>"甲"</f><v>甲</v></c></row>'
         + "<row>" + text("d-2") + text("王二") + '<c s="3"><v>0.5</v></c><c><f>1+1</f><v>2</v></c></row>'), styles=styles, workbook=book, extra={"xl/worksheets/sheet9.xml": sheet_xml("<row>" + text("藏") + "</row>")})
    # hostile
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    bare("doctype.xlsx", laughs + sheet_xml("<row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row>"))
    bare("broken-xml.xlsx", sheet_xml(HEADER)[:-30] + "</oops>")
    bare("wrong-target.xlsx", sheet_xml(HEADER), target="worksheets/none.xml")
    bare("macros.xlsx", sheet_xml(HEADER), extra={"xl/vbaProject.bin": "x"})
    bare("huge-row.xlsx", sheet_xml('<row r="99999999999">' + text("x") + "</row>"))
    bare("far-dimension.xlsx", sheet_xml(HEADER, '<dimension ref="A1:F10000000"/>'))
    empty_row = "<row>" + text("x") + "</row>"
    bare("ten-million-rows.xlsx", (piece for piece in [sheet_xml("").split("</sheetData>")[0] + HEADER, *([empty_row * 50_000] * 24), "</sheetData></worksheet>"]))
    bare("bomb.xlsx", (piece for piece in [sheet_xml("").split("</sheetData>")[0] + "<!--", *(["A" * 1_000_000] * 200), "--></sheetData></worksheet>"]))
    bare("blank-bomb.xlsx", (piece for piece in [sheet_xml("").split("</sheetData>")[0] + HEADER, *([" " * 1_000_000] * 200), "</sheetData></worksheet>"]))
    bare("long-cell.xlsx", sheet_xml("<row>" + text("长" * 200_000) + "</row>"))
    bare("many-strings.xlsx", sheet_xml(HEADER), strings=f'<sst xmlns="{MAIN}">' + "<si><t/></si>" * 6_000_100 + "</sst>")
    whole = (folder / "roster.xlsx").read_bytes()
    (folder / "truncated.xlsx").write_bytes(whole[: len(whole) // 2])
    # flipped bits inside the packed sheet
    with zipfile.ZipFile(folder / "no-references.xlsx") as z:
        info = z.getinfo("xl/worksheets/sheet1.xml")
        start = info.header_offset + 30 + len(info.filename)
    flipped = bytearray((folder / "no-references.xlsx").read_bytes())
    for at in range(start + 40, start + 60):
        flipped[at] ^= 0x5A
    (folder / "flipped.xlsx").write_bytes(flipped)
    with zipfile.ZipFile(folder / "just.zip", "w") as z:
        z.writestr("a.txt", "x")


def legacy():
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("旧表")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    chinese = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')
    sheet.write(0, 0, "旧工作簿")
    for column, title in enumerate(TITLES):
        sheet.write(1, column, title)
    sheet.write(2, 0, "o-1")
    sheet.write(2, 1, "李一")
    sheet.write(2, 2, datetime.date(2022, 3, 5), day)
    sheet.write(2, 3, 8.25)
    sheet.write(2, 4, "是")
    sheet.write(2, 5, "甲")
    sheet.write(3, 0, 1001)
    sheet.write(3, 1, "王二")
    sheet.write(3, 2, datetime.date(2022, 3, 5), chinese)
    sheet.write(3, 3, xlwt.Formula("1+1"))
    sheet.write(3, 4, True)
    sheet.write(3, 5, "乙")
    sheet.write(4, 0, 110105194912310000)
    sheet.write(4, 1, "孙五")
    sheet.row(4).hidden = True
    other = book.add_sheet("第二张")
    other.write(0, 0, "留着")
    other.write(1, 1, 3.5)
    book.save(folder / "xlwt.xls")
    (folder / "truncated.xls").write_bytes((folder / "xlwt.xls").read_bytes()[:3000])


def through_libreoffice():
    profile = folder / "profile"
    base = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to"]
    out = folder / "libreoffice"
    subprocess.run(base + ["xlsx", "--outdir", out, folder / "roster.xlsx", folder / "xlwt.xls"], check=True, capture_output=True)
    subprocess.run(base + ["xls", "--outdir", out, folder / "roster.xlsx"], check=True, capture_output=True)


roster()
csv_files()
by_hand()
legacy()
if "--no-libreoffice" not in sys.argv:
    through_libreoffice()
