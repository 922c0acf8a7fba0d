@testable import Access
@testable import App
import Foundation
import Kit
import TestBench
import Testing

/// Each act by each way as each role: the answers are the same, and are those that were written down.
@Suite("Every way in is judged alike", .ownThreads) struct WayStories {
    @Test("An officer at each place is answered the same by a page, by a workbook judged and taken in, and nobody by the command line")
    func officers() async throws {
        try await servedOnBothEngines { app, port in
            let stage = try await WayStage(app, port)
            for deed in WayDeed.all {
                for place in WayPlace.allCases {
                    guard let expected = deed.expected(place) else { continue }
                    let what = "\(deed.name) from \(place)"
                    let byPage = try await Self.page(deed, place, stage), bySheet = try await Self.sheet(deed, place, stage)
                    #expect(byPage != nil || !deed.noPage.isEmpty, "\(deed.name) has no page and no reason why")
                    #expect(bySheet != nil || !deed.noSheet.isEmpty, "\(deed.name) has no workbook and no reason why")
                    if let byPage { #expect(byPage.matches(expected, sentence: bySheet?.sentence), "\(what), by its page: \(byPage)") }
                    if let bySheet { #expect(bySheet.answer == expected, "\(what), by workbook: \(bySheet.answer) \(bySheet.sentence)") }
                }
                if let byCommand = try await Self.commandLine(deed, stage) {
                    #expect(byCommand == deed.commandLine, "\(deed.name), by the command line: \(byCommand)")
                }
            }
        }
    }

    @Test("Whoever keeps nothing is answered nothing by any way", arguments: [Role.leader, .programmeLead, .finance, .securityAdmin, .systemAdmin, .auditor, nil] as [Role?])
    func others(role: Role?) async throws {
        try await servedOnBothEngines { app, port in
            let stage = try await WayStage(app, port), unit = try #require(stage.named.units["HX"])
            let caller = try await stage.caller("somebody", role, at: unit)
            for deed in WayDeed.all {
                let ask = try await deed.ask(stage, .own), before = try await app.database.read(ask.probe)
                if let page = ask.page { #expect(try await caller.browser.post(page.path, page.fields, token: Caller.token).status == 404, "\(deed.name), by its page") }
                if let sheet = ask.sheet {
                    let answer = try await caller.browser.upload("/exchange/imports", [("kind", sheet.kind.key)], file: ("file", "a.csv", Array(sheet.lines.joined(separator: "\n").utf8)), token: Caller.token)
                    #expect(answer.status == 404, "\(deed.name), by workbook")
                }
                #expect(try await app.database.read(ask.probe) == before, "\(deed.name)")
            }
        }
    }

    // MARK: - the ways

    /// What a page answered; a refusal on it is known by its sentence.
    enum PageAnswer: CustomStringConvertible {
        case answer(WayAnswer), sentence(String)

        func matches(_ expected: WayAnswer, sentence: String?) -> Bool {
            switch (self, expected) {
            case (.answer(let answer), _): answer == expected
            // The unit that was typed is not found.
            case (.sentence(let page), .hidden): page.contains("在您管理的单位里没有找到")
            case (.sentence(let page), _): expected != .done && sentence.map { !$0.isEmpty && Self.plain(page).contains(Self.plain($0)) } ?? false
            }
        }

        /// Two subjects differ in their numbers, and a workbook adds whom to ask.
        private static func plain(_ text: String) -> String { text.filter { !$0.isNumber }.replacing(/（[^）]*）/, with: "") }

        var description: String {
            switch self {
            case .answer(let answer): "\(answer)"
            case .sentence(let page): page.split(separator: "<main").last.map { String($0.replacing(/<[^>]*>/, with: "").prefix(400)) } ?? ""
            }
        }
    }

    private static func page(_ deed: WayDeed, _ place: WayPlace, _ stage: WayStage) async throws -> PageAnswer? {
        let ask = try await deed.ask(stage, place)
        guard let page = ask.page else { return nil }
        let before = try await stage.app.database.read(ask.probe)
        let answer = try await stage.officer(at: place).browser.post(page.path, page.fields, token: Caller.token)
        let isChanged = try await stage.app.database.read(ask.probe) != before
        let found: PageAnswer = switch answer.status {
        case 303 where answer.location?.hasPrefix("/approvals/") == true: .answer(.consent)
        case 303: .answer(.done)
        case 404: .answer(.hidden)
        default: .sentence(answer.body)
        }
        if case .answer(.done) = found { #expect(isChanged, "\(deed.name) from \(place), by its page, changed nothing") } else { #expect(!isChanged, "\(deed.name) from \(place), by its page, was refused and done") }
        return found
    }

    /// Uploads the workbook, reads what was judged, confirms it, and reads what became of it.
    private static func sheet(_ deed: WayDeed, _ place: WayPlace, _ stage: WayStage) async throws -> (answer: WayAnswer, sentence: String)? {
        let ask = try await deed.ask(stage, place), officer = try stage.officer(at: place)
        guard let sheet = ask.sheet else { return nil }
        let before = try await stage.app.database.read(ask.probe)
        let fields = [("kind", sheet.kind.key), ("effective", sheet.effective ?? "")]
        let sent = try await officer.browser.upload("/exchange/imports", fields, file: ("file", "a.csv", Array(sheet.lines.joined(separator: "\n").utf8)), token: Caller.token)
        // Whoever keeps nothing today has no workbook to send.
        if sent.status == 404 { return (.hidden, "") }
        let id = try #require(Int64(sent.location?.split(separator: "/").last ?? ""))
        func settled() async throws -> ImportJob {
            @Sendable func job() async throws -> ImportJob {
                try #require(try await stage.app.database.read { try ImportJobStore.job(id, of: officer.account, stage.app.exchange, from: $0) })
            }
            try await eventually { ![.judging, .applying].contains(try await job().state) }
            return try await job()
        }
        let judged = try await settled(), report = try #require(judged.report)
        #expect(try await stage.app.database.read(ask.probe) == before, "\(deed.name) from \(place): a trial run changed something")
        guard report.errors.isEmpty, report.useful > 0 else {
            // What is refused is refused for those too who take the good rows alone.
            _ = try await officer.browser.post("/exchange/imports/\(id)/apply", [("partial", "on")], token: Caller.token)
            _ = try await settled()
            #expect(try await stage.app.database.read(ask.probe) == before || report.useful > 0, "\(deed.name) from \(place), by workbook, was refused and done")
            let note = (report.errors + report.hints).first { $0.refusal != nil }
            return (note.flatMap(\.refusal).map(WayAnswer.init(refusal:)) ?? .refused("no name: \(report.refusal ?? report.errors.first?.sentence ?? "")"), note?.sentence ?? "")
        }
        #expect(try await officer.browser.post("/exchange/imports/\(id)/apply", [], token: Caller.token).status == 303)
        let done = try await settled()
        guard done.state == .done, done.report?.applied == true else { return (.refused("judged good and then not taken in: \(done.report?.refusal ?? "")"), "") }
        #expect(try await stage.app.database.read(ask.probe) != before, "\(deed.name) from \(place), by workbook, changed nothing")
        return (.done, "")
    }

    /// As `yugong import` does it, without any reach; recorded under the name of who sits at the machine.
    private static func commandLine(_ deed: WayDeed, _ stage: WayStage) async throws -> WayAnswer? {
        let ask = try await deed.ask(stage, .own), exchange = stage.app.exchange
        guard let sheet = ask.sheet else { return nil }
        return try await onThread {
            let path = NSTemporaryDirectory() + "/way-\(UUID().uuidString).csv"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try sheet.lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            var options = ImportOptions()
            options.effective = sheet.effective.flatMap { Day(iso: $0) }
            let file = try exchange.read(sheet.kind, file: path, today: Clock.today, options: options)
            let judged = try exchange.database.readNow { try exchange.judge(file, options: options, in: $0) }
            let report = try exchange.apply(file, options: options, by: Act(who: .system, origin: "", kind: "import.\(sheet.kind.key)", why: ""))
            #expect(judged.errors == report.errors, "a trial run says what the import says")
            guard report.errors.isEmpty else { return .refused(report.errors.first?.refusal ?? "") }
            return report.applied ? .done : .refused("")
        }
    }
}
