import ArgumentParser

/// `yugong`: the command line. A command that is not built yet is absent.
struct Yugong: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yugong",
        abstract: "育工：工会教育培训管理",
        discussion: """
            退出状态：0 完成 · 64 用法不对 · 65 数据有错（未作任何改动）· 69 数据库无法连接 · 70 程序出错 · \
            73 无法写出文件 · 77 不允许
            """,
        subcommands: [
            Serve.self, Migrate.self, DemoCommand.self, ImportCommand.self, TemplateCommand.self, ExportCommand.self, IndicatorsCommand.self, ExplainCommand.self,
            PolicyCommand.self, UserCommand.self, RightsCommand.self, VerifyCommand.self, KeysCommand.self, BackupCommand.self, RestoreCommand.self,
        ])

    /// Without a command there is nothing to do: that is wrong usage, and the help says what there is.
    func run() async throws {
        Talk.note(Yugong.helpMessage())
        throw Ended(status: .wrongUsage)
    }
}
