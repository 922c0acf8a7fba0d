import Accounts
import App
import ArgumentParser
import Foundation
import Kit
import Rules
import Synchronization

/// What every command with a database takes.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("数据库地址：sqlite:路径 或 postgres://…；也可用环境变量 YUGONG_DATABASE（默认 sqlite:data/yugong.db）", valueName: "URL"))
    var database: String?

    @Option(help: ArgumentHelp("另加的政策文件目录；也可用环境变量 YUGONG_POLICIES", valueName: "DIR"))
    var policies: String?

    /// Opens the database with its policies and key. Only commands that may make a database do so.
    func open(mayCreate: Bool = false, singleSignOn: SingleSignOn? = nil, anchorCopies: AnchorCopies = AnchorCopies(), isForDemo: Bool = false) throws -> App {
        var settings = try Settings.fromEnvironment()
        settings.anchorCopies = settings.anchorCopies.overridden(by: anchorCopies)
        try settings.anchorCopies.check()
        if let policies { settings.policyFolders.append(policies) }
        let url = database ?? settings.databaseURL
        let app = try App(database: Database(url: url, mayCreate: mayCreate), databaseURL: url, settings: settings, singleSignOn: singleSignOn, isForDemo: isForDemo)
        Opened.app.withLock { $0 = app }
        // A long import is anchored while it runs, too.
        Thread.detachNewThread {
            while true {
                Thread.sleep(forTimeInterval: 30)
                Opened.anchor()
            }
        }
        return app
    }

    /// Where the database is and how things are set, for commands that open it in their own way.
    func place() throws -> (url: String, settings: Settings) {
        let settings = try Settings.fromEnvironment()
        return (database ?? settings.databaseURL, settings)
    }

    /// The policies of the database, for commands that need nothing else of it: it may not be there yet.
    func library() throws -> PolicyLibrary {
        var (url, settings) = try place()
        if let policies { settings.policyFolders.append(policies) }
        return try PolicyLibrary.loaded(folders: settings.policyFolders(ofDatabaseAt: url))
    }

    /// Checks the database, or a backup of it, as it stands: nothing in it is migrated, made or written. With the check of the
    /// database before.
    func verification(backup: String?, anchor: String?) throws -> (report: Verification, former: CheckNote?, isNoted: Bool) {
        let (url, settings) = try place(), bar = StageBar()
        defer { Talk.endProgress() }
        if let backup { return (try Verification.run(backup: backup, databaseURL: url, settings: settings, progress: bar.tell), nil, true) }
        let copies = try anchor.map { path in
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw Refusal("file.unreadable", "读不出 \(path)，没有核对。请检查路径和权限。") }
            return text
        }
        let report = try Verification.run(Database(url: url, mayCreate: false), databaseURL: url, settings: settings, copies: copies, progress: bar.tell)
        let (former, isNoted) = try report.note(databaseURL: url, settings: settings, who: commandLineUser(), now: Clock.nowMilliseconds)
        return (report, former, isNoted)
    }
}

/// A line of progress for work in several stages, each with a rate of its own.
final class StageBar {
    private var stage: (word: String, tell: (Int, Int?) -> Void)?

    func tell(_ word: String, _ done: Int, _ all: Int?) {
        if stage?.word != word { stage = (word, Talk.progress(of: word)) }
        stage?.tell(done, all)
    }
}

/// What the command works on: anchored when it ends.
enum Opened {
    static let app = Mutex<App?>(nil)

    /// Notes outside the database what the command has left in it.
    static func anchor() {
        guard let app = app.withLock({ $0 }) else { return }
        do { try app.anchor() } catch { Talk.note((error as? Refusal)?.sentence ?? "锚点没有写成：\(error)") }
    }
}

/// Who is at this machine's command line, for the acts it leaves.
func commandLineUser() -> Act.Actor { .commandLine(NSUserName()) }

extension Act {
    /// What somebody at the command line does.
    static func commandLine(_ kind: String) -> Act { Act(who: commandLineUser(), origin: "", kind: kind, why: "") }
}

/// How a command answers.
enum PlainFormat: String, ExpressibleByArgument, CaseIterable { case table, json }

/// How a command answers that can also write a workbook.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable { case table, json, xlsx }

extension Day: ExpressibleByArgument {
    /// `2022-06-30`.
    public init?(argument: String) { self.init(entered: argument) }
}
