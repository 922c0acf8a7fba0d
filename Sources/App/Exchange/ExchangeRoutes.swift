import Access
import Foundation
import Kit

/// 导入导出 in the browser: everything within the units of the account.
enum ExchangeRoutes {
    static func add(to routes: Routes<SignedIn>, _ exchange: Exchange, _ runner: JobRunner) {
        let database = exchange.database, numbers = exchange.numbers
        // As dear as an import, and waited for: accounts take turns.
        let marking = TurnLine(atOnce: 2)
        // Each keeps a reader for long: two leave the others to everybody else.
        let exports = WorkLine(atOnce: 2)

        @Sendable func job(_ request: WebRequest, _ signedIn: SignedIn) async throws -> ImportJob {
            let id = try request.id("job"), account = signedIn.account.id
            guard let job = try await database.read({ try ImportJobStore.job(id, of: account, exchange, from: $0) }) else { throw WebProblem.missing }
            return job
        }
        @Sendable func progress(_ job: ImportJob) async throws -> JobProgress? { try await database.read { try ImportWork.progress(of: job, runner, in: $0) } }
        @Sendable func jobs(_ signedIn: SignedIn) async throws -> [ImportJob] {
            let account = signedIn.account.id
            return try await database.read { try ImportJobStore.latest(of: account, exchange, from: $0) }
        }

        routes.get("/exchange") { _, signedIn in
            .page(ExchangePages.start(exchange.features.sheets, signedIn, jobs: try await jobs(signedIn)))
        }

        routes.get("/exchange/templates/:kind") { request, _ in
            guard let kind = exchange.features.sheet(request.parameters["kind"] ?? "") else { throw WebProblem.missing }
            let path = Scratch.path("xlsx")
            try Exchange.writeTemplate(kind, exchange.library, to: path)
            return .download("\(kind.word)导入表.xlsx", type: Reply.xlsx, file: path, isTemporary: true)
        }

        routes.post("/exchange/imports", uploadLimit: ImportJob.uploadLimit) { form, request, signedIn in
            let kind = exchange.features.sheet(form.text("kind")) ?? .people
            guard let upload = form.file("file"), upload.size > 0, let bytes = FileManager.default.contents(atPath: upload.path) else {
                return .page(ExchangePages.start(exchange.features.sheets, signedIn, jobs: try await jobs(signedIn), chosen: kind, message: "没有选文件；请选一个文件再上传。"))
            }
            guard !kind.asksEffectiveDay || form.text("effective").isEmpty || form.day("effective") != nil else {
                return .page(ExchangePages.start(
                    exchange.features.sheets, signedIn, jobs: try await jobs(signedIn), chosen: kind, message: "生效日期读不懂，没有上传；请\(Day.howToEnter)，或者留空。"))
            }
            let effective = kind.asksEffectiveDay ? form.day("effective") : nil, account = signedIn.account.id
            let name = upload.name.isEmpty ? "未命名的文件" : String(upload.name.prefix(200))
            let id = try await database.write(signedIn.act("import.upload")) { db in
                let id = try ImportJobStore.add(kind: kind, fileName: name, file: Array(bytes), effective: effective, accountID: account, numbers, db)
                try ImportWork.enqueueJudging(id, in: db)
                return id
            }
            return .redirect("/exchange/imports/\(id)")
        }

        routes.get("/exchange/imports/:job") { request, signedIn in
            let job = try await job(request, signedIn)
            try await MessageRoutes.markSeen(job.link, signedIn, database)
            let isKept = signedIn.now - job.createdMilliseconds < Int64(ImportJob.keptDays) * 86_400_000
            return .page(ExchangePages.job(job, try await progress(job), signedIn, isFileKept: isKept))
        }
        routes.get("/exchange/imports/:job/progress") { request, signedIn in
            let job = try await job(request, signedIn)
            switch job.state {
            case .judging, .applying: return .fragment(ExchangePages.bar(job, try await progress(job), now: signedIn.now))
            default: return .fragment(ExchangePages.ready(job))
            }
        }
        routes.get("/exchange/imports/:job/marked") { request, signedIn in
            let job = try await job(request, signedIn)
            guard let report = job.report, !report.errors.isEmpty else { throw WebProblem.missing }
            let original = Scratch.path("original"), path = Scratch.path("xlsx")
            defer { try? FileManager.default.removeItem(atPath: original) }
            // The turn first, before anything is taken out of the database.
            try await marking.run(of: signedIn.account.id) {
                let (isKept, marks) = try database.readNow { db in
                    (try ImportJobStore.writeFile(of: job.id, to: original, numbers, from: db), try ImportJobStore.marks(of: job, numbers, from: db))
                }
                guard isKept else { throw Refusal("import.fileGone", "文件已超过 \(ImportJob.keptDays) 天，不再保存；请重新上传。") }
                let table = try TableReader(file: original, columns: job.kind.columns(exchange.library))
                try Marking.write(marks, of: original, header: table.header, to: path)
            }
            let stem = (job.fileName as NSString).deletingPathExtension
            return .download("\(stem)（已标注）.xlsx", type: Reply.xlsx, file: path, isTemporary: true)
        }
        routes.post("/exchange/imports/:job/apply") { form, request, signedIn in
            let job = try await job(request, signedIn), partial = form.isTicked("partial")
            try job.mayApply(partial: partial)
            let units = try await database.read { try ImportWork.units(kept: signedIn.scope, in: $0) }
            let confirmed = ImportWork.Confirmed(partial: partial, name: signedIn.account.displayName, origin: signedIn.origin, units: units)
            try await database.write(signedIn.act("import.confirm", why: String(job.fileName.prefix(200)))) { db in
                guard try ImportJobStore.move(job.id, from: [.judged], to: .applying, exchange, db) else { return }
                try ImportWork.enqueueApplying(job.id, confirmed, numbers, in: db)
            }
            return .redirect("/exchange/imports/\(job.id)")
        }

        routes.post("/exchange/exports") { form, _, signedIn in
            let kind = exchange.features.sheet(form.text("kind")) ?? .people
            let code = form.text("unit")
            guard let unit = signedIn.scope.tree.unit(code: code), signedIn.scope.covers(unit.id, for: .seeing) else {
                return .page(ExchangePages.start(
                    exchange.features.sheets, signedIn, jobs: try await jobs(signedIn), chosen: kind, exportMessage: "您所管的范围内没有编码为“\(code)”的单位；请核对编码。"))
            }
            guard form.text("asOf").isEmpty || form.day("asOf") != nil else {
                return .page(ExchangePages.start(
                    exchange.features.sheets, signedIn, jobs: try await jobs(signedIn), chosen: kind, exportMessage: "日期读不懂，没有导出；请\(Day.howToEnter)，或者留空。"))
            }
            let subtree = form.isTicked("subtree"), asOf = form.day("asOf"), today = signedIn.today
            let isText = form.text("format") == "csv"
            let path = Scratch.path(isText ? "csv" : "xlsx"), units = signedIn.scope.organizationIDs(for: .seeing)
            // Names and, for who keeps them, whole numbers leave the house: that is noted, with the unit, before the file is made.
            try await database.write(signedIn.act("export.\(kind.key)", why: "\(unit.code)\(subtree ? " 及下级" : "")\(asOf.map { " \($0)" } ?? "")", isEvent: true)) { db in
                try FileViewStore.add(kind.views(of: [unit.id], subtree: subtree, on: asOf), in: db)
            }
            try await exports.run {
                try database.readNow { db in
                    // Who is seen only up to the end of a past post is no longer in this account's workbooks.
                    let hidden = try PersonSight.partial(signedIn, in: db)
                    // Whole numbers are for who keeps the files, as on a person's page.
                    _ = try exchange.export(
                        kind, to: path, unit: unit.id, subtree: subtree, asOf: asOf, today: today, units: units, hidden: hidden,
                        isMasked: !signedIn.scope.covers(unit.id, for: .keeping), in: db)
                }
            }
            return .download(
                "\(unit.name)\(kind.word).\(isText ? "csv" : "xlsx")", type: isText ? "text/csv; charset=utf-8" : Reply.xlsx, file: path, isTemporary: true)
        }
    }
}
