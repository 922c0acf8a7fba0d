import Access
import Foundation
import Kit

/// A workbook of a unit as it is asked for.
struct ExportOrder: Codable, Sendable {
    /// Of `SheetKind`.
    let sheet: String
    let unit: Int64
    let subtree: Bool
    let asOf: Int32?
    let isText: Bool

    var day: Day? { asOf.map { Day(number: $0) } }
}

/// An import whose workbook is asked for.
struct MarkedOrder: Codable, Sendable {
    let job: Int64
}

extension MadeFileKind {
    /// A workbook of a unit.
    static let export = MadeFileKind(
        "exchange.export", "导出的表格", of: ExportOrder.self, as: .list,
        judge: { _, order, signedIn, _ in _ = try signedIn.scope.unit(order.unit, for: .seeing) },
        make: { house, order, signedIn, work in
            let exchange = Exchange(house), unit = try signedIn.scope.unit(order.unit, for: .seeing)
            guard let sheet = exchange.features.sheet(order.sheet) else { throw WebProblem.missing }
            let path = Scratch.path(order.isText ? "csv" : "xlsx"), units = signedIn.scope.organizationIDs(for: .seeing)
            try await house.database.read { db in
                // Who is seen only up to the end of a past post is no longer in this account's workbooks.
                let hidden = try PersonSight.partial(signedIn, in: db)
                // Whole numbers are for who keeps the files, as on a person's page.
                _ = try exchange.export(
                    sheet, to: path, unit: unit.id, subtree: order.subtree, asOf: order.day, today: signedIn.today, units: units, hidden: hidden,
                    isMasked: !signedIn.scope.covers(unit.id, for: .keeping), progress: { work.note(done: $0, total: $1) }, in: db)
            }
            return Made("\(unit.name)\(sheet.word).\(order.isText ? "csv" : "xlsx")", type: order.isText ? "text/csv; charset=utf-8" : Reply.xlsx, at: path)
        })

    /// The user's own workbook with what is wrong marked in it.
    static let marked = MadeFileKind(
        "exchange.marked", "标注好的导入表", of: MarkedOrder.self, as: .list,
        judge: { house, order, signedIn, db in
            guard signedIn.scope.isAnywhere(.keeping), let job = try ImportJobStore.job(order.job, of: signedIn.account.id, Exchange(house), from: db),
                !(job.report?.errors.isEmpty ?? true)
            else { throw WebProblem.missing }
        },
        make: { house, order, signedIn, _ in
            let exchange = Exchange(house), original = Scratch.path("original"), path = Scratch.path("xlsx")
            defer { try? FileManager.default.removeItem(atPath: original) }
            let (job, marks) = try await house.database.read { db in
                guard let job = try ImportJobStore.job(order.job, of: signedIn.account.id, exchange, from: db) else { throw WebProblem.missing }
                guard try ImportJobStore.writeFile(of: job.id, to: original, house.numbers, from: db) else {
                    throw Refusal("import.fileGone", "文件已超过 \(ImportJob.keptDays) 天，不再保存；请重新上传。")
                }
                return (job, try ImportJobStore.marks(of: job, house.numbers, from: db))
            }
            try await onThread {
                let table = try TableReader(file: original, columns: job.kind.columns(exchange.library))
                try Marking.write(marks, of: original, header: table.header, to: path)
            }
            return Made("\((job.fileName as NSString).deletingPathExtension)（已标注）.xlsx", type: Reply.xlsx, at: path)
        })
}
