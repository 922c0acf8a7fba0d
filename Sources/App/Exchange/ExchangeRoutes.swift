import Access
import Foundation
import Kit

/// 导入导出 in the browser: everything within the units of the account.
struct ExchangeRoutes: Sendable {
    private let house: House
    private let runner: JobRunner
    private var exchange: Exchange { Exchange(house) }
    private var database: Database { house.database }

    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let all = ExchangeRoutes(house: house, runner: house.part())
        all.addStart(to: routes)
        all.addImport(to: routes)
        all.addExport(to: routes)
    }

    /// The page that both begin with, and what a form on it lacks.
    private func start(_ signedIn: SignedIn, chosen: SheetKind = .people, importing: FilledForm = FilledForm(), exporting: FilledForm = FilledForm()) async throws -> Reply {
        let account = signedIn.account.id, jobs = try await database.read { [exchange] in try ImportJobStore.latest(of: account, exchange, from: $0) }
        return .page(ExchangePages.start(exchange.features.sheets, signedIn, jobs: jobs, chosen: chosen, importing: importing, exporting: exporting))
    }

    private func addStart(to routes: Routes<SignedIn>) {
        routes.get("/exchange") { _, signedIn in try await start(signedIn) }

        // A few titles and their notes: made while one waits for the page, of nobody's data.
        routes.get("/exchange/templates/:kind") { request, _ in
            guard let kind = exchange.features.sheet(request.parameters["kind"] ?? "") else { throw WebProblem.missing }
            let path = Scratch.path("xlsx")
            try Exchange.writeTemplate(kind, exchange.library, to: path)
            return .download("\(kind.word)导入表.xlsx", type: Reply.xlsx, file: path, isTemporary: true)
        }

        routes.post("/exchange/imports", uploadLimit: ImportJob.uploadLimit) { form, _, signedIn in
            let kind = exchange.features.sheet(form.text("kind")) ?? .people
            var check = FormCheck()
            let sent = form.file("file").flatMap { $0.size > 0 ? $0 : nil }, content = sent.flatMap { FileManager.default.contents(atPath: $0.path) }
            if content == nil { check.fault(Refusal("form.file", "没有选文件；请选一个文件再上传。")) }
            if kind.asksEffectiveDay {
                _ = check.dayOrNil(form, "effective", Refusal("form.effective", "生效日期读不懂，没有上传；请\(Day.howToEnter)，或者留空。"))
            }
            let wrong = check.wrong(\.formField)
            guard wrong.isEmpty, let upload = sent, let bytes = content else { return try await start(signedIn, chosen: kind, importing: FilledForm(form, wrong)) }
            let effective = kind.asksEffectiveDay ? form.day("effective") : nil, account = signedIn.account.id, numbers = house.numbers
            let name = upload.name.isEmpty ? "未命名的文件" : String(upload.name.prefix(200))
            let id = try await database.write(signedIn.act("import.upload")) { db in
                let id = try ImportJobStore.add(kind: kind, fileName: name, file: Array(bytes), effective: effective, accountID: account, numbers, db)
                try ImportWork.enqueueJudging(id, in: db)
                return id
            }
            return .redirect("/exchange/imports/\(id)")
        }
    }

    // MARK: One import

    private func job(_ request: WebRequest, _ signedIn: SignedIn) async throws -> ImportJob {
        let id = try request.id("job"), account = signedIn.account.id
        guard let job = try await database.read({ [exchange] in try ImportJobStore.job(id, of: account, exchange, from: $0) }) else { throw WebProblem.missing }
        return job
    }

    private func progress(_ job: ImportJob) async throws -> JobProgress? { try await database.read { [runner] in try ImportWork.progress(of: job, runner, in: $0) } }

    private func addImport(to routes: Routes<SignedIn>) {
        routes.get("/exchange/imports/:job") { request, signedIn in
            let job = try await job(request, signedIn)
            try await MessageRoutes.markSeen(job.link, signedIn, database)
            let isKept = signedIn.now - job.createdMilliseconds < Int64(ImportJob.keptDays) * 86_400_000
            let (undone, did) = try await database.read { db in (try job.undoneActID.flatMap { try ActStore.act($0, in: db) }, try ActStore.act(job.actID, in: db)) }
            return .page(ExchangePages.job(job, try await progress(job), signedIn, isFileKept: isKept, undone: undone, mayUndo: job.state == .done && undone == nil && did?.kind == "import.\(job.kind.key)"))
        }
        routes.get("/exchange/imports/:job/progress") { request, signedIn in
            let job = try await job(request, signedIn)
            switch job.state {
            case .judging, .applying: return .fragment(ExchangePages.bar(job, try await progress(job), now: signedIn.now))
            default: return .redirect(job.link)
            }
        }
        routes.post("/exchange/imports/:job/marked") { _, request, signedIn in
            let job = try await job(request, signedIn)
            return try await MadeFileKind.marked.ask(MarkedOrder(job: job.id), "\(job.fileName)（已标注）", back: job.link, by: signedIn, house)
        }
        routes.post("/exchange/imports/:job/apply") { form, request, signedIn in
            let job = try await job(request, signedIn), partial = form.isTicked("partial"), numbers = house.numbers
            try job.mayApply(partial: partial)
            let units = try await database.read { try ImportWork.units(kept: signedIn.scope, in: $0) }
            let confirmed = ImportWork.Confirmed(partial: partial, name: signedIn.account.displayName, origin: signedIn.origin, units: units)
            try await database.write(signedIn.act("import.confirm", why: String(job.fileName.prefix(200)))) { [exchange] db in
                guard try ImportJobStore.move(job.id, from: [.judged], to: .applying, exchange, db) else { return }
                try ImportWork.enqueueApplying(job.id, confirmed, numbers, in: db)
            }
            return .redirect("/exchange/imports/\(job.id)")
        }
    }

    // MARK: Exports

    private func addExport(to routes: Routes<SignedIn>) {
        routes.post("/exchange/exports") { form, _, signedIn in
            let kind = exchange.features.sheet(form.text("kind")) ?? .people, code = form.text("unit")
            var check = FormCheck()
            let found = signedIn.scope.tree.unit(code: code).flatMap { signedIn.scope.covers($0.id, for: .seeing) ? $0 : nil }
            if found == nil { check.fault(Refusal("form.unit", "您所管的范围内没有编码为“\(code)”的单位；请核对编码。")) }
            _ = check.dayOrNil(form, "asOf", Refusal("form.asOf", "日期读不懂，没有导出；请\(Day.howToEnter)，或者留空。"))
            let wrong = check.wrong(\.formField)
            guard wrong.isEmpty, let unit = found else { return try await start(signedIn, chosen: kind, exporting: FilledForm(form, wrong)) }
            let subtree = form.isTicked("subtree"), asOf = form.day("asOf"), house = house
            let order = ExportOrder(sheet: kind.key, unit: unit.id, subtree: subtree, asOf: asOf?.number, isText: form.text("format") == "csv")
            let why = "\(unit.code)\(subtree ? " 及下级" : "")\(asOf.map { " \($0)" } ?? "")"
            // Names and, for who keeps them, whole numbers leave the house: that is noted, with the unit, before the file is made.
            return .redirect(try await database.write(signedIn.act("export.\(kind.key)", why: why, isEvent: true)) { db in
                try FileViewStore.add(kind.views(of: [unit.id], subtree: subtree, on: asOf), in: db)
                return try MadeFileKind.export.ask(order, unit.name + kind.word, back: "/exchange", by: signedIn, house, in: db)
            })
        }
    }
}
