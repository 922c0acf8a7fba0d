import App
import ArgumentParser
import Kit

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "检查审计链、锚点、学时账、各表的每一行和数据库结构；有问题时逐条说明，退出状态 65")

    @OptionGroup var options: DatabaseOptions
    @Option(help: ArgumentHelp("不查数据库，查一份备份：按它带的锚点核对", valueName: "FILE")) var backup: String?
    @Option(help: ArgumentHelp("另按送到别处的锚点核对：抄录的文件、系统日志或收到的内容", valueName: "FILE")) var anchor: String?
    @Option(help: "输出格式") var format = PlainFormat.table

    private struct Answer: Encodable {
        let sound: Bool
        let acts: Int64, chains: Int, unanchored: Int64
        let anchoredAt: String?
        let entries: Int64, images: Int64
        let findings: [String]
        /// Breaks of the log that an auditor knows.
        let acknowledged: [String]
        /// The check before this one; null where there was none.
        let formerAt: String?, formerBy: String?, formerUpTo: String?, formerFindings: Int?
    }

    /// The act with the largest id of those read, by its moment.
    private static func moment(ofID id: Int64) -> String { Clock.minute(ofMilliseconds: id >> 20) }

    func validate() throws {
        if backup != nil, anchor != nil { throw ValidationError("--anchor 用于核对数据库，不能与 --backup 同用") }
    }

    func run() throws {
        let (report, former, isNoted) = try options.verification(backup: backup, anchor: anchor)
        switch format {
        case .json:
            try Talk.say(
                json: Answer(
                    sound: report.isSound, acts: report.chain.acts, chains: report.chain.chains, unanchored: report.chain.unanchored,
                    anchoredAt: report.chain.anchor.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) }, entries: report.entries,
                    images: report.images, findings: report.findings, acknowledged: report.acknowledged, formerAt: former.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) },
                    formerBy: former?.who, formerUpTo: former.map { Self.moment(ofID: $0.lastID) }, formerFindings: former?.findings))
        case .table:
            for finding in report.findings { Talk.say("问题：\(finding)") }
            for known in report.acknowledged { Talk.say("已确认：\(known)") }
            if report.furtherFindings > 0 { Talk.say("还有 \(report.furtherFindings) 个问题没有列出") }
            Talk.say(
                "审计链 \(report.chain.chains) 条，操作 \(report.chain.acts) 次；学时 \(report.entries) 条；与操作记录核对的行 \(report.images) 行")
            if let anchor = report.chain.anchor {
                Talk.say("最近一次锚点：\(Clock.minute(ofMilliseconds: anchor.atMilliseconds))；此后的操作 \(report.chain.unanchored) 次")
            }
            if let former {
                Talk.say(
                    "上一次核对：\(Clock.minute(ofMilliseconds: former.atMilliseconds))，\(former.who)，到 \(Self.moment(ofID: former.lastID)) 的操作为止，\(former.findings == 0 ? "没有发现问题" : "发现 \(former.findings) 个问题")")
            }
            if report.isSound { Talk.say("没有发现问题") }
        }
        if !isNoted { Talk.note("这次核对没有记下来：不能写密钥文件所在的目录，或上一次的记录被改动过。") }
        if !report.isSound { throw Ended(status: .dataErrors) }
    }
}
