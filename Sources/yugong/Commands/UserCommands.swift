import Access
import Accounts
import App
import ArgumentParser
import Kit

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "账号：第一次登录和应急时用", subcommands: [Add.self, Reset.self, List.self, Grant.self, Revoke.self, Code.self])

    private struct Made: Encodable { let name: String, password: String }

    private static func say(_ name: String, _ password: String, _ format: PlainFormat) throws {
        switch format {
        case .json: try Talk.say(json: Made(name: name, password: password))
        case .table: Talk.say("账号 \(name)  密码 \(password)\n密码只显示这一次，请交给本人并提醒登录后修改。")
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "新建账号，给出一次性显示的密码")

        @OptionGroup var options: DatabaseOptions
        @Argument(help: ArgumentHelp("账号名", valueName: "NAME")) var name: String
        @Option(help: ArgumentHelp("身份，例如 personnelOfficer、leader", valueName: "ROLE")) var role = "personnelOfficer"
        @Option(help: ArgumentHelp("单位编码", valueName: "CODE")) var unit: String
        @Option(help: ArgumentHelp("显示的名字", valueName: "NAME")) var display: String?
        @Option(help: "输出格式") var format = PlainFormat.table

        func run() throws {
            let app = try options.open()
            let password = try Accounts.add(
                name, role: role, unit: unit, displayName: display, today: Clock.today, by: .commandLine("account.add"), in: app.database)
            try UserCommand.say(name, password, format)
        }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "重置密码，并结束该账号的全部登录")

        @OptionGroup var options: DatabaseOptions
        @Argument(help: ArgumentHelp("账号名", valueName: "NAME")) var name: String
        @Flag(help: "连验证器一起重置，下次登录重新设置") var factor = false
        @Option(help: "输出格式") var format = PlainFormat.table

        func run() throws {
            let app = try options.open()
            try UserCommand.say(name, try Accounts.reset(name, factor: factor, by: .commandLine("account.reset"), in: app.database), format)
        }
    }

    struct Grant: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "给已有的账号授权，不依托任职；三员分立的规定同样适用")

        @OptionGroup var options: DatabaseOptions
        @Argument(help: ArgumentHelp("账号名", valueName: "NAME")) var name: String
        @Option(help: ArgumentHelp("身份，例如 auditor、securityAdmin", valueName: "ROLE")) var role: String
        @Option(help: ArgumentHelp("单位编码", valueName: "CODE")) var unit: String
        @Option(help: ArgumentHelp("最后一天，例如 2027-06-30；不给就长期有效", valueName: "DAY")) var until: Day?
        @Option(help: ArgumentHelp("理由", valueName: "TEXT")) var why = ""

        func run() throws {
            let app = try options.open(), act = Act(who: commandLineUser(), origin: "", kind: "grant.give", why: why)
            try Accounts.grant(name, role: role, unit: unit, until: until, today: Clock.today, by: act, in: app.database)
            Talk.note("已授权，正在登录的账号即时生效。")
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "今天起收回一个账号的一项授权，正在用的登录随之结束")

        @OptionGroup var options: DatabaseOptions
        @Argument(help: ArgumentHelp("账号名", valueName: "NAME")) var name: String
        @Option(help: ArgumentHelp("身份", valueName: "ROLE")) var role: String
        @Option(help: ArgumentHelp("单位编码", valueName: "CODE")) var unit: String
        @Option(help: ArgumentHelp("理由", valueName: "TEXT")) var why = ""

        func run() throws {
            let app = try options.open(), act = Act(who: commandLineUser(), origin: "", kind: "grant.end", why: why)
            try Accounts.revoke(name, role: role, unit: unit, today: Clock.today, by: act, in: app.database)
            Talk.note("已收回。")
        }
    }

    struct Code: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "显示一个验证器密钥此刻的六位验证码：试用演示账号而手边没有手机时用")

        @Argument(help: ArgumentHelp("验证器密钥，即 demo 写在账号旁边的那一串字母和数字", valueName: "SECRET")) var secret: String

        func validate() throws {
            guard TimeCode.Secret(text: secret) != nil else { throw ValidationError("这不是验证器密钥。密钥由字母 A–Z 和数字 2–7 组成，见账号后面的一列。") }
        }

        func run() {
            guard let secret = TimeCode.Secret(text: secret) else { return }
            Talk.say(TimeCode.code(secret, step: TimeCode.step(atMilliseconds: Clock.nowMilliseconds)))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出全部账号")

        @OptionGroup var options: DatabaseOptions
        @Option(help: "输出格式") var format = PlainFormat.table

        private struct Line: Encodable { let name: String, displayName: String, grants: [String] }

        func run() throws {
            let app = try options.open()
            let lines = try Accounts.list(today: Clock.today, in: app.database)
            switch format {
            case .json: try Talk.say(json: lines.map { Line(name: $0.name, displayName: $0.displayName, grants: $0.grants) })
            case .table: for line in lines { Talk.say("\(line.name)  \(line.displayName)  \(line.grants.joined(separator: "、"))") }
            }
        }
    }
}
