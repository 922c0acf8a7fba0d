import Foundation
import Kit

/// Files at work: made as whoever asked, with the rights of that moment, and kept in the act that is the making.
enum MadeFileWork {
    static let document = JobKind("file.document", "制作文件", lane: .small, pauses: [1, 5, 30, 60])
    static let list = JobKind("file.list", "导出名单和表格", lane: .medium, pauses: [1, 5, 30, 60])
    private static let forgetting = JobKind("file.forget", "清理过期的文件", schedule: .hourly(minute: 10))

    static let jobs = [
        FeatureJob(document, ended: ended, work: make), FeatureJob(list, ended: ended, work: make),
        FeatureJob(forgetting) { house, work in
            while try await house.database.read({ try MadeFileStore.isAnyExpired(now: work.now, in: $0) }) {
                try await house.database.write(Act(who: .system, origin: "", kind: "file.forget", why: "")) { try MadeFileStore.forgetExpired(now: work.now, in: $0) }
            }
        },
    ]

    /// Whoever left the page in the meantime is told where the file is.
    private static let patienceMilliseconds: Int64 = 10_000

    @Sendable private static func make(_ house: House, _ work: JobAtWork) async throws {
        guard let id = work.subject, let file = try await house.database.read({ try MadeFileStore.file(id, house.numbers, in: $0) }), file.state == .making,
            let order = file.order, let kind = house.features.brought(MadeFileKind.self).first(where: { $0.key == file.kind })
        else { return }
        do {
            let asker = try await house.database.read { db in
                guard let asker = try SignedIn.later(file.accountID, from: order.origin, now: work.now, in: db) else { throw MadeFile.rightsLost }
                try file.requireGrants(of: asker)
                try kind.judge(house, order.asked, asker, db)
                return asker
            }
            let made = try await kind.make(house, order.asked, asker, work)
            try await onThread { try keep(made, file, kind, house, work) }
        } catch let refusal as Refusal where !JobFailure.isOfMachine(refusal) {
            try await fail(file, refusal.sentence, house, work)
        } catch let problem as WebProblem where problem == .missing {
            try await fail(file, "要这份文件以后，您的权限或者其中的内容有了变化，没有做出来；还需要的，请重新要一份。", house, work)
        }
    }

    /// So many pieces are written in an act: nobody else writes meanwhile.
    private static let piecesOfAnAct = 8

    private static func keep(_ made: Made, _ file: MadeFile, _ kind: MadeFileKind, _ house: House, _ work: JobAtWork) throws {
        defer { try? FileManager.default.removeItem(atPath: made.path) }
        let id = file.id, own = Act(who: .system, origin: "", kind: "file.made", why: "")
        guard let handle = FileHandle(forReadingAtPath: made.path) else { throw Refusal.cannotWrite(made.path) }
        defer { try? handle.close() }
        var outcome = MadeFile.Outcome(name: made.name, type: made.type), pieces: [[UInt8]] = [], first = 0
        while let piece = try handle.read(upToCount: MadeFileStore.partBytes), !piece.isEmpty {
            if pieces.count == piecesOfAnAct {
                try house.database.writeNow(own) { db in
                    try work.requireHeld(in: db)
                    try MadeFileStore.keep(pieces, from: first, of: id, in: db)
                }
                first += pieces.count
                pieces = []
            }
            pieces.append(try MadeFileStore.sealed(piece, first + pieces.count, of: id, house.numbers))
            outcome.bytes += piece.count
        }
        let told = outcome
        try house.database.writeNow(made.act ?? own) { db in
            try work.finish(in: db)
            try MadeFileStore.keep(pieces, from: first, of: id, in: db)
            // Where it was withdrawn in the meantime nothing else is written either.
            guard try MadeFileStore.end(id, as: .ready, told, until: work.now + Int64(kind.keptHours) * 3_600_000, house.numbers, in: db) else { throw MadeFile.gone }
            try made.also(db)
            // An id tells its moment.
            guard db.now - (id >> 20) > patienceMilliseconds else { return }
            try MessageStore.send(
                to: .account(file.accountID), kind: "file.made", "您要的文件（\(kind.word)）已经做好，\(kind.keptHours) 小时内可以下载。", link: file.link, in: db)
        }
    }

    private static func fail(_ file: MadeFile, _ sentence: String, _ house: House, _ work: JobAtWork) async throws {
        try await house.database.write(Act(who: .system, origin: "", kind: "file.failed", why: "")) { db in
            try work.finish(in: db)
            try end(file, sentence, house, in: db)
        }
    }

    /// A file that nobody makes any more is said to be so.
    private static func ended(_ house: House, _ job: EndedJob, _ db: Writing) throws {
        guard let file = try job.subject.flatMap({ try MadeFileStore.file($0, house.numbers, in: db) }) else { return }
        try end(file, MadeFile.stopped, house, in: db)
    }

    private static func end(_ file: MadeFile, _ sentence: String, _ house: House, in db: Writing) throws {
        let outcome = MadeFile.Outcome(refusal: sentence)
        guard try MadeFileStore.end(file.id, as: .failed, outcome, until: file.expiresMilliseconds, house.numbers, in: db), db.now - (file.id >> 20) > patienceMilliseconds
        else { return }
        try MessageStore.send(to: .account(file.accountID), kind: "file.failed", "您要的一份文件没有做出来，请看原因。", link: file.link, in: db)
    }
}
