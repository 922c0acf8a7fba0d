import Access
import Kit
import Ledger
import People
import Register

extension Finder {
    /// What stands in one's own file: trainings, posts and certificates.
    static let own = Finder("我的档案", 35, hint: "自己参加过的培训、任职和证书", where: { $0.account.personID != nil }) { sought, signedIn, house in
        guard sought.number == nil else { return .nothing }
        let archive = try await house.database.read { db -> Archive? in
            guard let id = signedIn.account.personID, let person = try RosterStore.living(id, in: db) else { return nil }
            return try? Archive.of(person, signedIn, house.library, house.numbers, in: db)
        }
        guard let archive else { return .nothing }
        let trainings = archive.trainings.compactMap { line -> Hit? in
            let record = line.entry.record, host = archive.host(record)
            guard let fit = sought.fit(record.title) ?? sought.fit(host) else { return nil }
            return Hit(record.title, note: [record.spanInWords, host].filter { !$0.isEmpty }.joined(separator: " · "), link: "/me/records/\(line.entry.id)", fit: fit)
        }
        let posts = archive.posts.compactMap { post -> Hit? in
            let unit = archive.unit(post.organizationID)
            guard let fit = sought.fit(unit) ?? sought.fit(post.title) else { return nil }
            return Hit("\(unit)\(post.title.isEmpty ? "" : " " + post.title)", note: "任职，\(post.spanInWords)", link: "/me/archive", fit: fit)
        }
        let certificates = archive.certificates.compactMap { one in
            sought.fit(one.title).map { Hit(one.title, note: "证书", link: "/me/archive", fit: $0) }
        }
        return Found(trainings + posts + certificates)
    }
}
