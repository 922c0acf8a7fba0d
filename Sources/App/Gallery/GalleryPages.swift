import Kit

/// Every component in every state.
enum GalleryPages {
    private struct Row {
        var name: String
        var unit: String
        var hours: Int
        var needed: Int
        var mark: Mark
    }

    private static let rows = [
        Row(name: "买买提·阿布都拉", unit: "滨河街道总工会", hours: 6400, needed: 9000, mark: .pending),
        Row(name: "欧阳静", unit: "机床集团工会", hours: 11840, needed: 11000, mark: .met),
        Row(name: "𬱖文", unit: "西渡街道总工会", hours: 3996, needed: 4000, mark: .unmet),
        Row(name: "尉迟伟", unit: "临江区总工会", hours: 0, needed: 4000, mark: .unknown),
        Row(name: "查文海", unit: "临江区总工会", hours: 0, needed: 0, mark: .notApplicable),
    ]

    static func all(_ ask: ListAsk, token: FormToken, sent: Form? = nil) -> Page {
        Page(
            "组件", subtitle: "每种东西只有一种样子 · 截至 2022-12-31", menu: "gallery",
            crumbs: [.init("衡溪市总工会", "/"), .init("临江区总工会", "/gallery")], unitSwitch: "/gallery",
            actions: segmented("年度", [("2021", "?year=2021", false), ("2022", "?year=2022", true), ("2023", "?year=2023", false)])
                + segmented("范围", [("本级", "?", false), ("含下级", "?", true)]) + linkButton("导出 Excel", "/gallery", icon: .download),
            body: answers + figures(ask, token) + forms(token, sent) + states(token) + charts + icons)
    }

    private static var answers: HTML {
        answerBox(
            "11 项指标中 <b>7 项达标</b>，<b class=\"bad\">4 项未达标</b>。基层干部人均脱产还差 <a href=\"#\">\(Numbers.hours(1099)) 学时</a>，涉及 <a href=\"#\">137 人</a>；处级及以上调训再有 <a href=\"#\">6 人</a> 即达标。",
            mark: .unmet, action: linkButton("安排到培训班", "#", .primary))
            + answerBox("照此计划，<b class=\"good\">10 项可达标</b>，<b class=\"bad\">1 项仍缺</b>。", mark: .met, action: linkButton("照此修改", "#"))
            + answerBox("本年还差 \(Numbers.hours(126_000)) 学时，12 月 31 日前完成。", mark: .pending)
            + answerBox("共 \(Numbers.count(1204)) 行，没有需要处理的。")
    }

    private static func figures(_ ask: ListAsk, _ token: FormToken) -> HTML {
        panel(
            "人员", note: "点任一数字可看名单、算法与条款",
            dataTable(
                "人员", ask: ask,
                columns: [
                    .text("姓名", "name", sorts: true, filter: .text) { personChip($0.name, link: "#") },
                    .text("单位", "unit", sorts: true, filter: .choices([Choice("1", "临江区总工会"), Choice("2", "滨河街道总工会")])) { "\($0.unit)" },
                    .number("已学", "hours", sorts: true, total: "\(Numbers.hours(rows.reduce(0) { $0 + $1.hours }))") { door(Numbers.hours($0.hours), "#", hint: "脱产培训与专题讲座之和 · 附件 第1列") },
                    .number("应学", "needed") { "\(Numbers.hours($0.needed))" },
                    .text("", "bar") { row in
                        row.needed > 0 ? thresholdBar(value: (row.hours, 1), needed: (row.needed, 1), mark: row.mark, label: "\(Numbers.hours(row.hours))，要求 \(Numbers.hours(row.needed))") : ""
                    },
                    .text("结论", "mark") { verdictBadge($0.mark) },
                    .text("差额", "short") { row in row.hours < row.needed ? "<span class=\"short\">差 \(Numbers.hours(row.needed - row.hours)) 学时</span>" : "" },
                ],
                rows: rows, next: "5", count: 1204, export: ("/gallery", token)))
            + panel("空的表", dataTable("空的表", ask: ListAsk(PageAddress("/gallery")), columns: [.text("姓名", "name") { (row: Row) in "\(row.name)" }], rows: [Row]()))
            + sideBySide(
                panel("小表", plainTable(["单位", "干部", "五年走势（人均脱产）"], numbers: [1], [
                    ["滨河街道总工会", "64", sparkline([30, 31, 29, 34, 36], threshold: 40, mark: .unmet, label: "2019—2023 人均脱产")],
                    ["机床集团工会", "112", sparkline([38, 39, 37, 40, 41], threshold: 40, mark: .pending, label: "2019—2023 人均脱产")],
                    ["西渡街道总工会", "58", sparkline([41, 42, 41, 44, 45], threshold: 40, mark: .met, label: "2019—2023 人均脱产")],
                ])),
                panel("一件事的各项", facts([
                    ("姓名", personChip("买买提·阿布都拉", note: "滨河街道总工会 · 专职干部", link: "#")),
                    ("证件号码", "\(masked(idNumber: "11010519491231002X")) <a href=\"#\">显示</a>"), ("手机号", "\(masked(phone: "13812345678"))"),
                    ("状态", tag("草稿") + tag("明天 18:00 前答复", strong: true)),
                ])))
    }

    private static func forms(_ token: FormToken, _ sent: Form?) -> HTML {
        let name = sent?.text("name") ?? "欧阳静"
        return sideBySide(
            panel("表单", padded(postForm(to: "/gallery", token: token, """
                \(textField("name", "姓名", value: name, notes: FieldNotes(required: true)))\
                \(textField("number", "证件号码", value: sent?.text("number") ?? "110105194912310021", notes: FieldNotes(hint: "18 位，末位可为 X。", message: "校验位不对：末位应为 X，请核对证件。", required: true)))\
                \(textField("day", "任职日期", value: "2022-03-05", type: "date"))\
                \(selectField("category", "人员类别", [Choice("", "请选择"), Choice("a", "处级及以上"), Choice("b", "科级及以下"), Choice("c", "基层")], chosen: "c"))\
                \(radioField("engagement", "专兼挂", [Choice("f", "专职"), Choice("p", "兼职"), Choice("s", "挂职")], chosen: "f"))\
                \(checkbox("leader", "领导班子成员", isTicked: true))\
                \(textArea("why", "变更原因", notes: FieldNotes(hint: "写进变更记录。")))\
                <div class="actions">\(submitButton("保存"))\(linkButton("取消", "/gallery"))</div>
                """))),
            panel("上传", padded(postForm(to: "/gallery", token: token, uploads: true, """
                \(fileField("sheet", "花名册", accept: ".xlsx,.xls,.csv", notes: FieldNotes(hint: "支持 .xlsx、.xls、.csv，最大 50 MB。"))) <div class="actions">\(submitButton("上传并检查", icon: .upload))</div>
                """))) + panel("按钮", padded("<div class=\"actions\">\(linkButton("主要", "#", .primary))\(linkButton("普通", "#"))\(linkButton("轻的", "#", .quiet, icon: .print))\(postButton("一步办成", to: "/gallery", token: token))</div>")))
    }

    private static func states(_ token: FormToken) -> HTML {
        notice(.done, "已导入 86 人，变更 31 人。") + notice(.hint, "有 2 人的证件号码相同，可能是同一个人。<a href=\"#\">核对</a>")
            + notice(.problem, "第 17 行证件号码校验位不对，整份没有导入；改好再传，或只导入无误的行。")
            + confirmStep("撤销“西渡街道总工会”？", consequence: "自 2023-01-01 起不再有这个单位，58 人转到临江区总工会；以前的年份不受影响。", button: "撤销这个单位", to: "/gallery", token: token, cancel: "/gallery")
            + sideBySide(
                panel("结论", padded("<p>\(Mark.allCases.html { "\(verdictBadge($0)) &emsp;" })</p><p>\(Mark.allCases.html { "\(verdictSign($0)) &emsp;" })</p>")),
                panel("进度", padded(progressBar(done: 41_200, total: 100_000, unit: "行", note: "每秒 8 400 行，约剩 7 秒")
                    + progressLine("脱产培训", had: "<b>64</b> / 90 学时", share: 711, mark: .unmet) + progressLine("网络培训", had: "<b>52.5</b> / 50 学时 ✓", share: 1000, mark: .met))))
            + panel("待办", taskList([("3", "份调入申请等您办理", "#", ""), ("19", "名在任人员没有填人员类别", "#", "不计入指标人数")]))
            + sideBySide(
                panel("一行一件事", rowList([
                    row("工会干部上岗证书", note: "编号 HX-0001，有效期 2020-03-01 至 2025-02-28", end: stateBadge(.pending, "还有 31 天"), link: "/gallery"),
                    row("没有可去的地方的一行", note: "状态用自己的词，颜色和记号同结论", end: stateBadge(.unmet, "复训逾期")),
                ])),
                panel("经过", timeline([
                    ("2022-03-31 10:42", "衡溪市总工会 接受备案", "查文海"), ("2022-03-28 16:05", "报送备案", "欧阳静 · 临江区总工会"), ("2022-03-01 09:12", "建立草稿", "欧阳静"),
                ])),
                emptyState("还没有培训班", "年度计划里的每一项办成一个班，从名额、推荐到结业都在这里。", action: linkButton("从计划建立第一个班", "#", .primary)))
    }

    private static var charts: HTML {
        sideBySide(
            panel("走势", lineChart("人均脱产学时", description: "2019 年至 2023 年，五年中两年达到 40 学时。", [
                ChartPoint("2019", 312, "31.2"), ChartPoint("2020", 298, "29.8"), ChartPoint("2021", 362, "36.2"), ChartPoint("2022", 411, "41.1"), ChartPoint("2023", 436, "43.6"),
            ], threshold: (400, "要求 40 · 附件 第1列"), table: "#")),
            panel("比较", barChart("各单位人均脱产学时", description: "三个单位中两个达到。", [
                ChartPoint("滨河街道", 362, "36.2"), ChartPoint("机床集团", 411, "41.1"), ChartPoint("西渡街道", 448, "44.8"),
            ], threshold: (400, "要求 40"))))
    }

    private static var icons: HTML {
        panel("图标", padded("<p>\(Icon.allCases.html { "\(icon($0)) \($0.rawValue) &emsp; " })</p>"))
    }
}
