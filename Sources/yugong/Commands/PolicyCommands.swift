import App
import Approvals
import ArgumentParser
import Foundation
import Kit
import Rules

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "检查政策文件，列出已加载的政策", subcommands: [Check.self, List.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "检查政策文件并运行它的样例")

        @Option(help: ArgumentHelp("另加的政策文件目录", valueName: "DIR")) var policies: String?
        @Option(help: "输出格式") var format = PlainFormat.table
        @Argument(help: ArgumentHelp("政策、词表或样例文件", valueName: "FILE")) var files: [String]

        private struct Problem: Encodable { let file: String, line: Int, key: String, message: String }
        private struct Answer: Encodable { let file: String, policy: String?, cases: Int, passed: Bool, problems: [Problem] }

        func run() throws {
            let folders = try PolicyFolders.all(policies) + [Settings.fromEnvironment().exampleFolder]
            do {
                var others: [PolicyText] = []
                for folder in folders { others += try PolicyLibrary.texts(folder: folder) }
                var asked: [PolicyText] = []
                for file in files { asked.append(try PolicyLibrary.text(file: file)) }
                // A file that is asked for by another way of writing its path is the same file.
                func place(_ file: String) -> String { URL(fileURLWithPath: file).resolvingSymlinksInPath().path }
                let places = Set(files.map(place))
                let beside = others.filter { !places.contains(place($0.file)) }
                // Steps of approvals stand beside policies; what stands there is said once more by a file that names only what differs.
                let steps = asked.filter { $0.file.hasSuffix(StepRules.name) }
                let checks = PolicyCheck.run(asked.filter { !$0.file.hasSuffix(StepRules.name) }, with: beside) + steps.map { text in
                    do throws(PolicyProblems) { _ = try StepRules(beside + [text], kinds: Features.all.approvalKinds.map(\.key.rawValue)) } catch {
                        return PolicyCheck(file: text.file, problems: error.problems)
                    }
                    return PolicyCheck(file: text.file, problems: [])
                }
                switch format {
                case .json:
                    try Talk.say(json: checks.map { check in
                        Answer(
                            file: check.file, policy: check.policy, cases: check.cases, passed: check.isPassed,
                            problems: check.problems.map { Problem(file: $0.file, line: $0.line, key: $0.key, message: $0.message) })
                    })
                case .table:
                    for check in checks {
                        for problem in check.problems { Talk.say(problem.description) }
                        if check.isPassed { Talk.say("\(check.file)：通过\(check.cases > 0 ? "，\(check.cases) 个样例都对" : "")") }
                    }
                }
                if checks.contains(where: { !$0.isPassed }) { throw Ended(status: .dataErrors) }
            } catch let problems as PolicyProblems {
                throw Refusal("policy.broken", problems.description)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出数据库用到的政策；还没有数据库时是随系统的")

        @OptionGroup var options: DatabaseOptions
        @Option(help: "输出格式") var format = PlainFormat.table

        private struct Answer: Encodable { let id: String, title: String, from: String, to: String, digest: String, rules: [String] }

        func run() throws {
            let library = try options.library()
            switch format {
            case .json:
                try Talk.say(json: library.policies.map { policy in
                    Answer(
                        id: policy.id, title: policy.title, from: Day(number: policy.periodStart).description,
                        to: Day(number: policy.periodEnd).description, digest: policy.digest, rules: policy.rules.map(\.id))
                })
            case .table:
                for policy in library.policies {
                    Talk.say("\(policy.id)  \(policy.title)  \(Day(number: policy.periodStart)) 至 \(Day(number: policy.periodEnd))  \(policy.rules.count) 项指标")
                }
            }
        }
    }
}

/// Where policies are looked for beside a database: the shipped ones, then what the surroundings and the command add.
enum PolicyFolders {
    static func all(_ added: String?) throws -> [String] {
        let settings = try Settings.fromEnvironment()
        return settings.allPolicyFolders + (added.map { [$0] } ?? [])
    }
}
