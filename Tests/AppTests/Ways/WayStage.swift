@testable import Access
@testable import App
@testable import Certificates
import Foundation
import Kit
@testable import Ledger
@testable import People
@testable import Register
import Representatives
import Synchronization
import TestBench
import Testing
@testable import World

/// Where the deeds are tried: the named world, one officer at each place, and subjects made anew for each attempt.
final class WayStage: Sendable {
    struct Officer: Sendable {
        let account: Int64
        let browser: Browser
    }

    struct Somebody: Sendable {
        let number: Int
        let name: String, idNumber: String
        let birth: Day
        var id: Int64 = 0, post: Int64 = 0, side: Int64 = 0
        var code: String { "W\(number)" }
    }

    struct Unit: Sendable {
        let id: Int64
        let code: String
        let from, to: Day
        /// The act that closed or made it.
        let act: Int64
    }

    let app: App
    let named: Named
    private let port: Int
    private let count = Atomic<Int>(0)
    private let officers = Mutex<[WayPlace: Officer]>([:])

    init(_ app: App, _ port: Int) async throws {
        (self.app, self.port) = (app, port)
        named = try await Named.fill(app.database, numbers: app.numbers)
        for place in WayPlace.allCases where place != .itself {
            let officer = try await caller("officer-\(place)", .personnelOfficer, at: try #require(named.units[place.rawValue]))
            officers.withLock { $0[place] = officer }
        }
    }

    func officer(at place: WayPlace) throws -> Officer { try #require(officers.withLock { $0[place] }) }

    /// Somebody with a role at a unit, or with none.
    func caller(_ name: String, _ role: Role?, at unit: Int64) async throws -> Officer {
        let (account, token) = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: name, hash: "-", in: db)
            if let role { try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db) }
            return (id, try Caller.session(id, in: db))
        }
        let browser = Browser(port: port)
        await browser.setCookie("yugong", token)
        return Officer(account: account, browser: browser)
    }

    /// Makes the officer of a unit that an act is about.
    func seat(at unit: Int64) async throws {
        let officer = try await caller("itself-\(next())", .personnelOfficer, at: unit)
        officers.withLock { $0[.itself] = officer }
    }

    private func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    private func write<T: Sendable>(_ body: @escaping @Sendable (Writing) throws -> T) async throws -> T { try await app.database.write(Bench.act, body) }
    private static func day(_ text: String) -> Day { text.isEmpty ? .open : Day(iso: text) ?? .open }

    // MARK: People

    func somebody() -> Somebody {
        let number = next(), birth = Day(iso: "1980-01-01")! + number
        let digits = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"]
        return Somebody(
            number: number, name: "江" + String(number).map { digits[$0.wholeNumberValue ?? 0] }.joined(), idNumber: FolkNumbers.idNumber(ordinal: 20_000 + number, birth: birth, isMale: true), birth: birth)
    }

    /// Somebody in office at 滨河街道总工会 since 2019, perhaps with a side post, perhaps until a day and then elsewhere.
    func person(until: String = "", then next: String? = nil, side: String? = nil, sideFrom: String = "2021-01-01") async throws -> Somebody {
        let one = somebody(), numbers = app.numbers, units = named.units
        return try await write { db in
            var made = one
            func post(_ unit: String, _ from: String, _ to: String = "", primary: Bool = true) throws -> Int64 {
                let post = Appointment(personID: made.id, organizationID: units[unit]!, from: Self.day(from), to: Self.day(to), isPrimary: primary, title: "干事")
                try RosterStore.appoint(post, in: db)
                return try #require(try RosterStore.appointments(of: [made.id], in: db).first { $0.isSamePost(as: post) }).id
            }
            let facts = PersonFacts(code: one.code, name: one.name, idNumber: IDNumber(stored: one.idNumber, birthDay: one.birth), gender: "男", education: "本科")
            made.id = try RosterStore.create(facts, post: nil, numbers: numbers, in: db).id
            made.post = try post("HX-LJ-BH", "2019-01-01", until)
            if let next { _ = try post(next, until) }
            if let side { made.side = try post(side, sideFrom, primary: false) }
            return made
        }
    }

    func entry(of one: Somebody) async throws -> Int64 {
        let day = Self.day("2022-05-09")
        return try await write { db in
            let record = TrainingRecord(title: "岗位培训班", form: "offJob", isSelected: false, purpose: "", content: "", hostID: nil, institution: "", from: day, to: day + 1, halfDays: 4, hours: nil, isCompleted: true)
            return try HourEntryStore.post(record, to: one.id, db)
        }
    }

    func certificate(of one: Somebody) async throws -> Int64 {
        try await write { db in
            try CertificateStore.add(PostCertificate(personID: one.id, number: "ZS-\(one.number)", title: "上岗证书", issuer: "衡溪市总工会", issued: Self.day("2020-01-01")), in: db)
        }
    }

    func term(of one: Somebody) async throws {
        let unit = try #require(named.units["HX-LJ-BH"])
        try await write { db in
            try TermStore.insert([TermOfOffice(
                personID: one.id, organizationID: unit, kind: "workerRepresentative", session: "第一届", elected: Self.day("2020-01-01"), expiry: Self.day("2025-01-01"))], in: db)
        }
    }

    /// An act on somebody, watched by all that stands in the file; it is asked for by no way yet.
    func ask(_ one: Somebody) -> WayAsk {
        let numbers = app.numbers
        return WayAsk { db in
            guard let person = try RosterStore.bearer(of: IDNumber(stored: one.idNumber, birthDay: one.birth), numbers: numbers, in: db) else { return "" }
            return "\(person) \(try RosterStore.appointments(of: [person.id], in: db)) \(try HourEntryStore.entries(of: person.id, from: db)) \(try CertificateStore.certificates(of: person.id, in: db)) \(try TermStore.terms(of: [person.id], in: db))"
        }
    }

    /// A file with one row of somebody's.
    func row(
        _ one: Somebody, unit: String, primary: Bool = true, title: String = "干事", category: String = "", from: String = "2019-01-01", to: String = "",
        code: String? = nil, education: String = "本科", phone: String = ""
    ) -> (kind: SheetKind, lines: [String], effective: String?)? {
        let began = from == "2019-01-01" && unit == "HX-LJ-XD" ? "2021-01-01" : from
        let cells = [code ?? one.code, one.name, one.idNumber, education, phone, unit, primary ? "是" : "否", category, title, began, to]
        return (.people, ["人员编号,姓名,证件号码,学历,手机号,单位编码,主任职,人员类别,职务,任职日期,离任日期", cells.joined(separator: ",")], nil)
    }

    // MARK: Units

    /// A unit below 滨河街道总工会, or moved there on a day.
    func unit(
        under parent: String = "HX-LJ-BH", from: String = "2010-01-01", to: String = "", moved: String? = nil, closed: String? = nil, withPerson: Bool = false, withChild: Bool = false
    ) async throws -> Unit {
        let code = "W-\(next())", units = named.units, one = withPerson ? somebody() : nil, numbers = app.numbers
        let made = try await write { db in
            func create(_ code: String, under parent: Int64) throws -> Int64 {
                let facts = OrganizationFacts(parentID: parent, name: "\(code)工会", kind: "enterpriseUnion", ownership: "非公")
                return try OrganizationStore.create(code: code, facts: facts, from: Self.day(from), to: Self.day(to), in: db).id
            }
            let id = try create(code, under: units[parent]!)
            if withChild { _ = try create("\(code)-1", under: id) }
            if let one {
                let facts = PersonFacts(code: one.code, name: one.name, idNumber: IDNumber(stored: one.idNumber, birthDay: one.birth), gender: "男")
                _ = try RosterStore.create(facts, post: Appointment(personID: 0, organizationID: id, from: Self.day("2019-01-01"), isPrimary: true), numbers: numbers, in: db)
            }
            if let moved { try OrganizationStore.move(id, to: units["HX-LJ-BH"]!, from: Self.day(moved), in: db) }
            return (id: id, act: db.actID)
        }
        let act = closed == nil ? made.act : try await write { db in
            try OrganizationStore.close(made.id, on: Self.day(closed ?? ""), in: db)
            return db.actID
        }
        return Unit(id: made.id, code: code, from: Self.day(from), to: Self.day(closed ?? to), act: act)
    }

    /// A file with the row of a unit as it is, but for some cells.
    func line(_ unit: Unit, _ changed: [String: String]) -> [String] {
        let isNew = changed["code"] != nil
        let present = ["code": unit.code, "name": "\(unit.code)工会", "parent": "HX-LJ-BH", "kind": "企业工会", "ownership": "非公", "founded": "\(unit.from)", "closed": isNew || unit.to == .open ? "" : "\(unit.to)"]
        let cells = ["code", "name", "parent", "kind", "ownership", "founded", "closed"].map { changed[$0] ?? present[$0] ?? "" }
        return ["单位编码,单位名称,上级单位编码,单位类型,所有制,成立日期,撤销日期", cells.joined(separator: ",")]
    }

    /// The unit and what hangs below it.
    func history(of unit: Int64) -> @Sendable (Reading) throws -> String {
        { db in
            let history = try OrganizationStore.history(in: db)
            return "\(history.versions[unit] ?? []) \(history.dependants(of: unit, from: .always))"
        }
    }
}
