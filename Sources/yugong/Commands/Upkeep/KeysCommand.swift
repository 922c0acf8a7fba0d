import App
import ArgumentParser
import Kit

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "密钥：看指纹和启用时间，或更换", subcommands: [Show.self, Rotate.self], defaultSubcommand: Show.self)

    private static func say(_ keys: KeysShown, _ format: PlainFormat) throws {
        guard format == .table else { return try Talk.say(json: keys) }
        Talk.say("密钥文件 \(keys.file)")
        Talk.say("数据密钥 \(keys.data.fingerprint)\(keys.data.since.map { "，\($0) 起使用" } ?? "")\(keys.isRight ? "" : "；与数据库不符")")
        Talk.say("审计密钥 \(keys.audit.fingerprint)\(keys.audit.since.map { "，\($0) 起使用" } ?? "")\(keys.auditFollows ? "，随数据密钥" : "")")
        if keys.formerAuditKeys > 0 { Talk.say("以前的审计密钥 \(keys.formerAuditKeys) 把，用来核对以前的记录，须一直保留") }
        if keys.isRotating { Talk.say("数据密钥正在更换，还没有换完；请再运行一次 yugong keys rotate") }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "密钥的指纹和启用时间；不显示密钥")

        @OptionGroup var options: DatabaseOptions
        @Option(help: "输出格式") var format = PlainFormat.table

        func run() throws {
            let (url, settings) = try options.place()
            try KeysCommand.say(try Keys.shown(databaseURL: url, settings: settings), format)
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "更换数据密钥（或审计密钥）",
            discussion: """
                须先停止服务。换下的密钥另存为“密钥文件.old-指纹”，只为打开此前的备份；那些备份销毁以后请删除它。\
                中途断掉的，再运行一次会接着换完。
                """)

        @OptionGroup var options: DatabaseOptions
        @Flag(help: "只更换审计密钥：以前的记录仍用旧密钥核对") var audit = false
        @Flag(help: "怀疑密钥泄露时用：恢复码和没用过的一次性码全部作废，并通知本人") var dropCodes = false
        @Option(help: "输出格式") var format = PlainFormat.table

        func validate() throws {
            if audit, dropCodes { throw ValidationError("--drop-codes 只用于更换数据密钥") }
        }

        func run() throws {
            let (url, settings) = try options.place()
            let keys: KeysShown
            if audit {
                keys = try Keys.replaceAudit(databaseURL: url, settings: settings, who: commandLineUser())
            } else {
                keys = try Keys.replaceData(
                    databaseURL: url, settings: settings, dropsCodes: dropCodes, who: commandLineUser(), progress: StageBar().tell)
                Talk.endProgress()
            }
            try KeysCommand.say(keys, format)
            Talk.note("已换好。请现在就备份新的密钥文件，与数据库的备份分开存放；没有它，数据库打不开。")
            if !audit { Talk.note("换下的密钥在 \(keys.file).old-…，只为打开此前的备份。怀疑泄露的，请移到安全的地方；那些备份销毁以后请删除它。") }
        }
    }
}
