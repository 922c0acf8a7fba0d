import App
import ArgumentParser
import Kit

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "写出一份一致的备份，服务不必停；不含密钥，密钥请另行保管")

    @OptionGroup var options: DatabaseOptions
    @Argument(help: ArgumentHelp("备份文件，不能已经存在", valueName: "FILE")) var file: String
    @Option(help: "输出格式") var format = PlainFormat.table

    private struct Answer: Encodable { let file: String, rows: Int }

    func run() throws {
        let app = try options.open()
        let progress = Talk.progress(of: "写出备份，行")
        let rows = try Backup.make(app, to: file, who: commandLineUser(), now: Clock.nowMilliseconds) { progress($0, nil) }
        Talk.endProgress()
        switch format {
        case .json: try Talk.say(json: Answer(file: file, rows: rows))
        case .table:
            Talk.say("备份已写好：\(file)，\(rows) 行。备份里没有密钥，请把密钥文件 \(app.keyFile.path) 另外保管在别处。")
            Talk.say("用 yugong verify --backup \(file) 可以随时核对这份备份。")
        }
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: "核对一份备份并恢复到一个空的数据库；备份来自哪种数据库都可以")

    @OptionGroup var options: DatabaseOptions
    @Argument(help: ArgumentHelp("备份文件", valueName: "FILE")) var file: String
    @Option(help: ArgumentHelp("备份核对有问题也要恢复，写明原因；它会记进操作记录", valueName: "REASON")) var unverified: String?
    @Option(help: "输出格式") var format = PlainFormat.table

    func validate() throws {
        if let unverified, unverified.count < 4 { throw ValidationError("--unverified 后面请写明原因，四个字以上") }
    }

    private struct Answer: Encodable { let rows: Int, madeAt: String, oldAnchor: String? }

    func run() throws {
        let settings = try Settings.fromEnvironment(), url = options.database ?? settings.databaseURL
        let progress = Talk.progress(of: "恢复，行")
        let database = try Database(url: url)
        let done = try Backup.restore(
            file, into: database, databaseURL: url, settings: settings, who: commandLineUser(), now: Clock.nowMilliseconds, unverified: unverified
        ) { progress($0, nil) }
        Talk.endProgress()
        let madeAt = Clock.minute(ofMilliseconds: done.note.madeMilliseconds)
        switch format {
        case .json: try Talk.say(json: Answer(rows: done.rows, madeAt: madeAt, oldAnchor: done.oldAnchor))
        case .table:
            Talk.say("已恢复 \(madeAt) 的备份，\(done.rows) 行。原来的登录全部作废，请重新登录。")
            if let old = done.oldAnchor { Talk.say("原来的锚点另存为 \(old)：备份以后的操作已不在数据库里，只有它记得到哪里为止。") }
            Talk.say("请运行 yugong verify 核对恢复的结果。")
        }
    }
}
