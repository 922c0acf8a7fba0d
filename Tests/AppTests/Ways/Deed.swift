@testable import Access
@testable import App
import Kit
@testable import Ledger
import Representatives
import TestBench

/// What somebody is answered who asks for an act, whatever the way.
enum WayAnswer: Hashable, CustomStringConvertible {
    case done
    /// Another unit has a word in it: a page files the request, a workbook says where it is to be asked for.
    case consent
    /// Not the asker's to do: a page is not there at all, a workbook says that it is not his.
    case hidden
    /// Refused by name.
    case refused(String)

    var description: String {
        switch self {
        case .done: "done"
        case .consent: "consent"
        case .hidden: "hidden"
        case .refused(let name): name
        }
    }

    /// Names of refusals that on a page are a page that is not there, or a unit that is not found.
    static let unseen: Set = ["person.unseen", "person.elsewhere", "person.factsElsewhere", "organization.place", "organization.missing", "unit.unknown"]

    init(refusal: String) {
        self = refusal == "transfer.consent" ? .consent : Self.unseen.contains(refusal) ? .hidden : .refused(refusal)
    }
}

/// Who asks, seen from 滨河街道总工会; `itself` keeps the unit that the act is about and nothing above it.
enum WayPlace: String, CaseIterable {
    case root = "HX", above = "HX-LJ", own = "HX-LJ-BH", below = "HX-LJ-BH-Q001", beside = "HX-LJ-XD", itself = "itself"

    /// Whether 滨河街道总工会 and what lies below it is kept from there.
    var isOver: Bool { [.root, .above, .own].contains(self) }
}

/// One act on a subject made for it: how a page, a workbook and the command line are asked for it.
struct WayAsk: Sendable {
    /// A form and what stands in it; nil where no page does the act.
    var page: (path: String, fields: [(String, String)])?
    /// Lines of a .csv, titles first; nil where no workbook does the act.
    var sheet: (kind: SheetKind, lines: [String], effective: String?)?
    /// What the act would change, read before and after.
    let probe: @Sendable (Reading) throws -> String
}

/// An act, who may do it, and how it is asked for.
struct WayDeed: Sendable {
    let name: String
    /// Why no page, or no workbook, does it.
    var noPage = "", noSheet = ""
    /// What an officer at a place is answered; nil where nobody asks from there.
    let expected: @Sendable (WayPlace) -> WayAnswer?
    /// What the command line is answered, which reaches everything.
    var commandLine = WayAnswer.done
    /// Makes a subject of its own, so that what one is allowed changes nothing for the next.
    let ask: @Sendable (WayStage, WayPlace) async throws -> WayAsk
}

extension WayDeed {
    static let all = people + records + units

    private static let over: @Sendable (WayPlace) -> WayAnswer? = { $0 == .itself ? nil : $0.isOver ? .done : .hidden }
    /// The same with somebody who has a side post at 西渡街道总工会, by consent.
    private static let overOrBeside: @Sendable (WayPlace) -> WayAnswer? = { $0 == .itself ? nil : $0.isOver || $0 == .beside ? .done : .hidden }
    private static let overElseConsent: @Sendable (WayPlace) -> WayAnswer? = { $0 == .itself ? nil : $0.isOver ? .done : .consent }
    /// What is the superior's: not the unit's own.
    private static let aboveUnit: @Sendable (WayPlace) -> WayAnswer? = { $0.isOver ? .done : .hidden }
    /// What the unit itself does too.
    private static let unitToo: @Sendable (WayPlace) -> WayAnswer? = { $0.isOver || $0 == .itself ? .done : .hidden }
    private static let why = ("why", "用于核对各种办法")

    // MARK: People

    /// A correction of one fact of somebody at 滨河 with a side post at 西渡; a workbook names the post of the asker's unit.
    private static func fact(_ name: String, page: [(String, String)], code: String = "", education: String = "本科", phone: String = "") -> WayDeed {
        WayDeed(name: name, expected: over) { stage, place in
            let one = try await stage.person(side: "HX-LJ-XD"), isSide = place == .beside
            var ask = stage.ask(one)
            let fields = [("name", one.name), ("gender", "男"), ("education", "本科"), ("code", one.code), why].filter { field in !page.contains { $0.0 == field.0 } }
            ask.page = ("/people/\(one.id)/correct", fields + page.map { ($0.0, $0.1.replacing("{}", with: "\(one.number)")) })
            ask.sheet = stage.row(one, unit: isSide ? "HX-LJ-XD" : "HX-LJ-BH", primary: !isSide, code: code.isEmpty ? one.code : "\(code)\(one.number)", education: education, phone: phone)
            return ask
        }
    }

    private static func begin(_ name: String, side: Bool, from: String, to: String = "", left: String = "", expected: @escaping @Sendable (WayPlace) -> WayAnswer?) -> WayDeed {
        // The command line sends what the own officer sends.
        WayDeed(name: name, expected: expected) { stage, place in
            let one = try await stage.person(until: left), unit = place == .itself ? "HX-LJ-BH" : place.rawValue
            let post = [("manner", side ? "also" : "move"), ("unit", unit), ("title", "委员"), ("from", from), ("to", to), why]
            var ask = stage.ask(one)
            ask.page = place.isOver ? ("/people/\(one.id)/appoint", post) : ("/transfers", post + [("name", one.name), ("number", one.idNumber)])
            ask.sheet = stage.row(one, unit: unit, primary: !side, title: "委员", from: from, to: to)
            // A move by workbook ends the old post by a row of its own, which only its officer can name.
            if !side, to.isEmpty, left.isEmpty, place.isOver || place == .itself { ask.sheet?.lines.append(contentsOf: stage.row(one, unit: "HX-LJ-BH", to: from)!.lines.dropFirst()) }
            return ask
        }
    }

    private static let people: [WayDeed] = [
        WayDeed(name: "create a person", expected: over) { stage, _ in
            let one = stage.somebody()
            var ask = stage.ask(one)
            ask.page = ("/people/new", [("name", one.name), ("idNumber", one.idNumber), ("unit", "HX-LJ-BH"), ("title", "干事"), ("from", "2019-01-01"), why])
            ask.sheet = stage.row(one, unit: "HX-LJ-BH")
            return ask
        },
        fact("correct the education", page: [("education", "研究生")], education: "研究生"),
        fact("correct the staff number", page: [("code", "NEW{}")], code: "NEW"),
        fact("correct the phone number", page: [("phone", "13800000001")], phone: "13800000001"),
        begin("add a main post: the move to another unit", side: false, from: "2026-03-01", expected: overElseConsent),
        begin("add a main post of the past", side: false, from: "2001-01-01", to: "2002-01-01", expected: overElseConsent),
        begin("add a side post", side: true, from: "2026-03-01", expected: overElseConsent),
        begin("add a side post of the past", side: true, from: "2020-01-01", to: "2020-02-01", expected: overElseConsent),
        begin("take on somebody who is in office nowhere", side: false, from: "2026-03-01", left: "2022-01-01", expected: { $0 == .itself ? nil : .done }),
        begin("add a post that is over of somebody who is in office nowhere", side: false, from: "2023-01-01", to: "2023-02-01", left: "2022-01-01", expected: overElseConsent),
        begin("add a side post that is over of somebody who is in office nowhere", side: true, from: "2023-01-01", to: "2023-02-01", left: "2022-01-01", expected: overElseConsent),
        WayDeed(name: "add a post before its unit was there", expected: { $0 == .itself ? nil : $0.isOver ? .refused("appointment.unitUnborn") : .hidden }, commandLine: .refused("appointment.unitUnborn")) { stage, _ in
            let one = try await stage.person(), unit = try await stage.unit(from: "2020-01-01")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/appoint", [("manner", "also"), ("unit", unit.code), ("title", "委员"), ("from", "2019-05-01"), why])
            ask.sheet = stage.row(one, unit: unit.code, primary: false, title: "委员", from: "2019-05-01")
            return ask
        },
        WayDeed(name: "end a post", expected: over) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/end", [("post", "\(one.post)"), ("day", "2026-03-01"), why])
            ask.sheet = stage.row(one, unit: "HX-LJ-BH", to: "2026-03-01")
            return ask
        },
        WayDeed(name: "end a side post", expected: { $0 == .itself ? nil : [.root, .above, .beside].contains($0) ? .done : .hidden }) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/end", [("post", "\(one.side)"), ("day", "2026-03-01"), why])
            ask.sheet = stage.row(one, unit: "HX-LJ-XD", primary: false, to: "2026-03-01")
            return ask
        },
        WayDeed(name: "correct a post", expected: over) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/posts/\(one.post)/correct", [("unit", "HX-LJ-BH"), ("title", "干事"), ("from", "2019-01-01"), ("category", "grassroots"), why])
            ask.sheet = stage.row(one, unit: "HX-LJ-BH", category: "基层")
            return ask
        },
        WayDeed(name: "bring back a post of somebody who left", expected: { $0 == .itself ? nil : $0 == .root ? .done : .hidden }) { stage, _ in
            let one = try await stage.person(until: "2022-01-01", then: "HX-JC")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/posts/\(one.post)/correct", [("unit", "HX-LJ-BH"), ("title", "干事"), ("from", "2019-01-01"), ("primary", "no"), why])
            ask.sheet = stage.row(one, unit: "HX-LJ-BH", primary: false)
            return ask
        },
        WayDeed(name: "make a side post the main one", expected: { $0 == .itself ? nil : [.root, .above].contains($0) ? .done : $0 == .beside ? .consent : .hidden }) { stage, _ in
            let one = try await stage.person(until: "2030-01-01", side: "HX-LJ-XD", sideFrom: "2030-01-01")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/posts/\(one.side)/correct", [("unit", "HX-LJ-XD"), ("title", "干事"), ("from", "2030-01-01"), ("primary", "yes"), why])
            ask.sheet = stage.row(one, unit: "HX-LJ-XD", from: "2030-01-01")
            return ask
        },
    ]

    // MARK: Records and certificates

    private static let records: [WayDeed] = [
        WayDeed(name: "add a training record", noPage: "records come by workbook and command line", expected: overOrBeside) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD")
            var ask = stage.ask(one)
            ask.sheet = (.trainingRecords, ["证件号码,姓名,培训名称,培训形式,开始日期,结束日期,天数", "\(one.idNumber),\(one.name),岗位培训班,脱产培训,2022-05-09,2022-05-10,2"], nil)
            return ask
        },
        WayDeed(name: "correct a training record", noSheet: "the same key with other content is an error of the row: corrections have a reason and a page", expected: overOrBeside) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD"), entry = try await stage.entry(of: one)
            var ask = stage.ask(one)
            ask.page = ("/records/\(entry)/correct", [("title", "改了名的培训班"), ("from", "2022-05-09"), ("to", "2022-05-10"), ("days", "2"), ("completed", "on"), why])
            return ask
        },
        WayDeed(name: "reverse a training record", noSheet: "rows that are absent change nothing: a workbook takes nothing back", expected: overOrBeside) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD"), entry = try await stage.entry(of: one)
            var ask = stage.ask(one)
            ask.page = ("/records/\(entry)/reverse", [why])
            return ask
        },
        // A term is its unit's: with a post elsewhere one keeps none of it.
        WayDeed(name: "add a term of office", noPage: "terms come by workbook and command line", expected: over) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD")
            var ask = stage.ask(one)
            ask.sheet = (.representatives, ["证件号码,姓名,单位编码,代表类型,届次,当选日期,届满日期", "\(one.idNumber),\(one.name),HX-LJ-BH,职工代表,第一届,2022-05-09,2027-05-09"], nil)
            return ask
        },
        WayDeed(name: "end a term of office of somebody who moved away", noPage: "terms come by workbook and command line", expected: over) { stage, _ in
            let one = try await stage.person(until: "2022-01-01", then: "HX-JC")
            try await stage.term(of: one)
            var ask = stage.ask(one)
            ask.sheet = (.representatives, ["证件号码,姓名,单位编码,代表类型,届次,当选日期,届满日期,离任日期", "\(one.idNumber),\(one.name),HX-LJ-BH,职工代表,第一届,2020-01-01,2025-01-01,2022-01-01"], nil)
            return ask
        },
        WayDeed(name: "add a certificate", noSheet: "certificates have no workbook", expected: overOrBeside) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD")
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/certificates", [("number", "ZS-\(one.number)"), ("title", "上岗证书"), ("issuer", "衡溪市总工会"), ("issued", "2020-01-01")])
            return ask
        },
        WayDeed(name: "end a certificate", noSheet: "certificates have no workbook", expected: overOrBeside) { stage, _ in
            let one = try await stage.person(side: "HX-LJ-XD"), certificate = try await stage.certificate(of: one)
            var ask = stage.ask(one)
            ask.page = ("/people/\(one.id)/certificates/\(certificate)/end", [("day", "2024-01-01"), ("reason", "用于核对各种办法")])
            return ask
        },
    ]

    // MARK: Units

    private static func unit(
        _ name: String, expected: @escaping @Sendable (WayPlace) -> WayAnswer?, commandLine: WayAnswer = .done, noPage: String = "",
        made: @escaping @Sendable (WayStage) async throws -> WayStage.Unit = { try await $0.unit() },
        page: (@Sendable (WayStage.Unit) -> (String, [(String, String)]))? = nil,
        sheet: @escaping @Sendable (WayStage.Unit) -> (line: [String: String], effective: String?)
    ) -> WayDeed {
        WayDeed(name: name, noPage: noPage, expected: expected, commandLine: commandLine) { stage, place in
            let unit = try await made(stage)
            if place == .itself { try await stage.seat(at: unit.id) }
            let asked = page.map { $0(unit) }
            return WayAsk(
                page: asked.map { ("/organizations/\(unit.id)/do/\($0.0)", $0.1 + [why]) },
                sheet: (.organizations, stage.line(unit, sheet(unit).line), sheet(unit).effective), probe: stage.history(of: unit.id))
        }
    }

    private static func facts(_ name: String) -> [(String, String)] { [("name", name), ("kind", "enterpriseUnion"), ("ownership", "非公")] }

    private static let units: [WayDeed] = [
        unit("create a unit below", expected: unitToo, page: { ("create", [("code", "N-\($0.code)"), ("day", "2024-01-01")] + facts("新设的工会")) }) {
            (["code": "N-\($0.code)", "name": "新设的工会", "parent": $0.code, "founded": "2024-01-01"], nil)
        },
        unit(
            "create a unit below one that ends", expected: { $0.isOver || $0 == .itself ? .refused("organization.parentClosed") : .hidden }, commandLine: .refused("organization.parentClosed"),
            made: { try await $0.unit(to: "2030-01-01") }, page: { ("create", [("code", "N-\($0.code)"), ("day", "2024-01-01")] + facts("新设的工会")) }
        ) { (["code": "N-\($0.code)", "name": "新设的工会", "parent": $0.code, "founded": "2024-01-01"], nil) },
        unit("rename a unit from a day on", expected: unitToo, page: { _ in ("amend", facts("改了名的工会") + [("day", "2024-01-01")]) }) { _ in (["name": "改了名的工会"], "2024-01-01") },
        unit("correct the name of a unit", expected: unitToo, page: { ("correct", facts("改正的工会") + [("code", $0.code), ("version", "\($0.from)")]) }) { _ in (["name": "改正的工会"], nil) },
        unit("move a unit", expected: aboveUnit, page: { _ in ("move", [("parent", "HX-LJ-BH-FW"), ("day", "2024-01-01")]) }) { _ in (["parent": "HX-LJ-BH-FW"], "2024-01-01") },
        unit("move a unit back to a former parent", expected: aboveUnit, made: { try await $0.unit(under: "HX-LJ-BH-FW", moved: "2022-01-01") }, page: { _ in ("move", [("parent", "HX-LJ-BH-FW"), ("day", "2024-01-01")]) }) { _ in
            (["parent": "HX-LJ-BH-FW"], "2024-01-01")
        },
        unit("close a unit", expected: aboveUnit, page: { _ in ("close", [("day", "2024-01-01")]) }) { _ in (["closed": "2024-01-01"], nil) },
        unit(
            "close a unit over the people in it", expected: { $0.isOver ? .refused("organization.hasPosts") : .hidden }, commandLine: .refused("organization.hasPosts"),
            made: { try await $0.unit(withPerson: true) }, page: { _ in ("close", [("day", "2024-01-01")]) }
        ) { _ in (["closed": "2024-01-01"], nil) },
        unit(
            "close a unit over the units below", expected: { $0.isOver ? .refused("organization.hasChildren") : .hidden }, commandLine: .refused("organization.hasChildren"),
            made: { try await $0.unit(withChild: true) }, page: { _ in ("close", [("day", "2024-01-01")]) }
        ) { _ in (["closed": "2024-01-01"], nil) },
        unit("reopen a unit", expected: aboveUnit, made: { try await $0.unit(closed: "2024-01-01") }, page: { ("undo", [("act", "\($0.act)")]) }) { _ in (["closed": ""], nil) },
        unit("change the founding day of a unit", expected: aboveUnit, noPage: "a founding day is set right by workbook alone") { _ in (["founded": "2005-01-01"], nil) },
    ]
}
