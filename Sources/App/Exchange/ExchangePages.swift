import Access
import Kit

/// 导入导出.
enum ExchangePages {
    // MARK: The start

    static func start(
        _ sheets: [SheetKind], _ signedIn: SignedIn, jobs: [ImportJob], chosen: SheetKind = .people, importing filled: FilledForm, exporting: FilledForm
    ) -> Page {
        let kinds = sheets.map { Choice($0.key, $0.word) }
        let mayKeep = signedIn.scope.isAnywhere(.keeping)
        let importing: HTML = mayKeep
            ? panel("导入", note: "有一行有误，整份都不导入", padded("""
                \(postForm(to: "/exchange/imports", token: signedIn.token, uploads: true, """
                    \(radioField("kind", "内容", kinds, chosen: chosen.key))\
                    \(fileField("file", "文件", accept: ".xlsx,.xls,.csv", notes: filled.notes(
                        "file", hint: "单位自己的 .xlsx、.xls 或 .csv，不用改格式；表头在第一张表里。先检查，看过结果再导入。", required: true)))\
                    \(textField("effective", "改隶生效日期", value: filled.text("effective"), type: "date", notes: filled.notes("effective", hint: "只在导入单位、且上级单位有变时填写。")))\
                    <div class="actions">\(submitButton("上传并检查", icon: .upload))</div>
                    """))
                <p class="hint">没有现成的表？下载空白表：\(sheets.html { "<a href=\"/exchange/templates/\($0.key)\">\($0.word)</a> " })</p>
                """))
            : ""
        let units = signedIn.scope.topUnits(for: .seeing)
        let exportingPanel = panel("导出", note: "列与导入相同，改好可以直接再导入", padded(postForm(to: "/exchange/exports", token: signedIn.token, """
            \(radioField("kind", "内容", kinds, chosen: chosen.key))\
            \(textField("unit", "单位编码", value: exporting.text("unit", units.first?.code ?? ""), notes: exporting.notes("unit", hint: "您所管的单位：\(units.map(\.name).joined(separator: "、"))", required: true)))\
            \(checkbox("subtree", "连同下级单位", isTicked: exporting.isTicked("subtree", true)))\
            \(textField("asOf", "按哪一天的情况", value: exporting.text("asOf"), type: "date", notes: exporting.notes("asOf", hint: "不填则导出全部历史。")))\
            \(radioField("format", "格式", [Choice("xlsx", "Excel"), Choice("csv", "CSV")], chosen: "xlsx"))\
            <div class="actions">\(submitButton("导出", .plain, icon: .download))</div><p class="hint">导出的文件含完整证件号码，导出会记入日志；请妥善保管。已调离您管理范围的人不在其中。做好的文件在<a href="/files">要来的文件</a>里保存 \(MadeFileKind.usualHours) 小时。</p>
            """)))
        return Page("导入导出", menu: "exchange", body: filled.problem + exporting.problem + sideBySide(importing, exportingPanel) + (mayKeep ? panel("我的导入", id: "imports", list(jobs)) : ""))
    }

    private static func list(_ jobs: [ImportJob]) -> HTML {
        guard !jobs.isEmpty else { return emptyState("还没有导入过", "上传的文件和检查、导入的结果会列在这里，离开页面也不会丢。") }
        return plainTable(["时间", "文件", "内容", "结果"], jobs.map { job in
            [
                "\(Clock.minute(ofMilliseconds: job.createdMilliseconds))", "<a href=\"/exchange/imports/\(job.id)\">\(job.fileName)</a>", "\(job.kind.word)",
                "\(job.outcome)",
            ]
        })
    }

    // MARK: One import

    static func job(_ job: ImportJob, _ progress: JobProgress?, _ signedIn: SignedIn, isFileKept: Bool, undone: ActRecord?, mayUndo: Bool) -> Page {
        let report = job.report
        var subtitle: HTML?
        if let report, !report.sheet.isEmpty {
            let unknown = report.unknownColumns.isEmpty
                ? "" : "；\(report.unknownColumns.map { "「\($0)」" }.joined())\(report.unknownColumns.count) 列未导入"
            subtitle = "表「\(report.sheet)」，表头在第 \(report.headerRow) 行，识别 \(report.knownColumns) 列\(unknown)"
        }
        let body: HTML = switch job.state {
        case .judging, .applying: atWork(job, progress, now: signedIn.now)
        case .judged, .done: (report.map { result(job, $0, signedIn, isFileKept: isFileKept, isUndone: undone != nil) } ?? forgotten(job, mayUndo: mayUndo))
        case .failed: notice(.problem, "没有导入。\(report?.refusal)") + again(job, signedIn)
        case .interrupted: notice(.problem, "处理这份文件的服务中途停止，没有导入任何内容；请重新上传。") + again(job, signedIn)
        }
        return Page(
            job.fileName, subtitle: subtitle, menu: "exchange",
            crumbs: [Page.Crumb("导入导出", "/exchange"), Page.Crumb(job.kind.word)], actions: linkButton("回到我的导入", "/exchange#imports", .quiet),
            body: (undone.map { notice(.hint, "这次导入已于 \(Clock.day(ofMilliseconds: $0.atMilliseconds)) 由\($0.who)撤回：\($0.why)。改好的表可以重新上传。") } ?? "") + body)
    }

    /// Of one whose report is kept no longer.
    private static func forgotten(_ job: ImportJob, mayUndo: Bool) -> HTML {
        notice(.hint, "这次导入的明细保存 \(ImportJob.keptDays) 天，现在已经删除。")
            + (mayUndo ? "<div class=\"actions\">\(linkButton("撤回这次导入", "\(job.link)/undo"))</div>" : "")
    }

    private static func again(_ job: ImportJob, _ signedIn: SignedIn) -> HTML {
        "<div class=\"actions\">\(linkButton("重新上传", "/exchange", .primary, icon: .upload))\(dismissing(job, signedIn))</div>"
    }

    /// What its user does not want to be told of every day.
    private static func dismissing(_ job: ImportJob, _ signedIn: SignedIn) -> HTML {
        job.isDismissed ? "" : postButton("不再提醒", to: "\(job.link)/dismiss", token: signedIn.token, .quiet)
    }

    private static func atWork(_ job: ImportJob, _ progress: JobProgress?, now: Int64) -> HTML {
        panel(job.state == .judging ? "正在检查" : "正在导入", padded("""
            \(bar(job, progress, now: now))\
            <p class="hint">离开本页也会继续，结果在<a href="/notices">通知</a>里。<a href="/exchange/imports/\(job.id)">刷新</a></p>\
            <noscript><meta http-equiv="refresh" content="2"></noscript>
            """))
    }

    /// The piece that renews itself while a job is at work. Without scripts the link beside it does.
    static func bar(_ job: ImportJob, _ progress: JobProgress?, now: Int64) -> HTML {
        let done = progress?.done ?? 0, total = max(progress?.total ?? 0, done), rate = progress?.rate(now: now) ?? 0
        let left = progress?.secondsLeft(now: now).map { "，约剩 \(Numbers.count($0)) 秒" } ?? ""
        return progressBar(
            done: done, total: total, unit: "行", note: rate > 0 ? "每秒 \(Numbers.count(rate)) 行\(left)" : "",
            refresh: "/exchange/imports/\(job.id)/progress")
    }

    private static func result(_ job: ImportJob, _ report: ImportJob.Report, _ signedIn: SignedIn, isFileKept: Bool, isUndone: Bool) -> HTML {
        let isDone = job.state == .done
        let wrong: HTML = report.rejected > 0 ? "，<a class=\"door\" href=\"#wrong\">\(Numbers.count(report.rejected)) 行有误</a>" : ""
        let counts: HTML = """
            共 <b>\(Numbers.count(report.rows))</b> 行：新增 <b>\(Numbers.count(report.new))</b>，变更 <b>\(Numbers.count(report.changed))</b>，不变 <b>\(Numbers.count(report.unchanged))</b>\(wrong)。
            """
        let meaning: HTML
        var buttons = HTML()
        if !report.errors.isEmpty, isFileKept {
            buttons += postButton("下载标注好的原表", to: "/exchange/imports/\(job.id)/marked", token: signedIn.token, .primary, icon: .download)
        }
        let apply = "/exchange/imports/\(job.id)/apply"
        if isDone {
            meaning = isUndone ? "导入以后又撤回了，现在不在名册和台账里。" : report.errors.isEmpty ? "已全部导入。" : "无误的 \(Numbers.count(report.useful)) 行已导入；有误的没有导入，改好再传即可，已导入的行不会重复。"
        } else if report.useful == 0 {
            meaning = report.errors.isEmpty ? "文件里的内容都已登记过，不需要导入。" : "有误时整份不导入；请改好再传。"
        } else if report.errors.isEmpty {
            meaning = "检查无误，还没有导入。"
            buttons += postButton("全部导入（\(Numbers.count(report.useful)) 行）", to: apply, token: signedIn.token, .primary)
        } else {
            meaning = "有误时整份不导入；改好再传，或只导入无误的行。"
            buttons += postButton("只导入无误的 \(Numbers.count(report.useful)) 行", to: apply, token: signedIn.token, hidden: [("partial", "on")])
        }
        if isDone, !isUndone, report.useful > 0 { buttons += linkButton("撤回这次导入", "\(job.link)/undo", buttons.isEmpty ? .plain : .quiet) }
        if job.state == .judged { buttons += dismissing(job, signedIn) }
        let hidden: HTML = report.hidden > 0 ? "<br>其中隐藏或被筛选掉的 \(Numbers.count(report.hidden)) 行，同样算在内。" : ""
        var body = answerBox("\(counts)<br>\(meaning)\(hidden)", mark: isUndone ? nil : report.errors.isEmpty ? .met : .unmet, action: buttons.isEmpty ? nil : buttons)
        if !report.errors.isEmpty {
            let most = ImportJob.Report.mostMarks
            let more = "其余的请看标注好的原表" + (report.allErrors > most ? "，那里标出前 \(Numbers.count(most)) 条" : "")
            body += panel("有误的行", note: isFileKept ? "原表单元格已标色，末列「错误说明」" : nil, id: "wrong", notes(report.errors, of: report.allErrors, more: more))
        }
        if !report.hints.isEmpty {
            body += panel("提示", note: "如属实不必处理，不影响导入", notes(report.hints, of: report.allHints, more: "其余的不再列出"))
        }
        return body
    }

    private static func notes(_ notes: [ImportJob.Report.Note], of all: Int, more: String) -> HTML {
        let shown = ImportJob.Report.listed
        let table = plainTable(["行", "姓名", "列", "填的是", "怎么改"], numbers: [0], notes.prefix(shown).map { note in
            [
                "\(Numbers.count(note.row))", "\(note.name ?? "—")", "\(note.column ?? "—")",
                note.found.isEmpty ? "—" : "<code>\(note.found)</code>", "\(note.sentence)",
            ]
        })
        return table + (all > shown ? padded("<p class=\"hint\">共 \(Numbers.count(all)) 条，这里列出前 \(shown) 条；\(more)。</p>") : "")
    }
}
