import Access
import App
import ArgumentParser
import Foundation
import Kit
import Synchronization
import World

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "启动网页服务（先把数据库升级到当前结构）")

    @OptionGroup var options: DatabaseOptions
    @Option(help: "端口") var port = 8080
    @Option(help: "监听的地址") var host = "127.0.0.1"
    @Option(help: ArgumentHelp("TLS 证书（PEM，本站证书在前）；也可用环境变量 YUGONG_TLS_CERTIFICATE。收到 SIGHUP 时重新读取", valueName: "FILE"))
    var tlsCertificate: String?
    @Option(help: ArgumentHelp("TLS 私钥（PEM，不带口令）；也可用环境变量 YUGONG_TLS_KEY", valueName: "FILE"))
    var tlsKey: String?
    @Option(help: ArgumentHelp("浏览器用来打开本系统的网址，几个用逗号隔开；给出后不再应答别的主机名。也可用环境变量 YUGONG_PUBLIC_URL", valueName: "URL"))
    var publicUrl: String?
    @Option(help: ArgumentHelp("前面的反向代理的地址或网段，几个用逗号隔开，默认只有本机；也可用环境变量 YUGONG_TRUSTED_PROXIES", valueName: "ADDRESSES"))
    var trustedProxies: String?

    @OptionGroup var signOn: SignOnOptions
    @OptionGroup var anchors: AnchorOptions

    func run() async throws {
        guard (0...65535).contains(port) else { throw Refusal("usage.port", "端口应在 0 到 65535 之间，这里是 \(port)。") }
        let settings = try Settings.fromEnvironment()
        var reach = settings.reach
        reach.certificate = tlsCertificate ?? reach.certificate
        reach.key = tlsKey ?? reach.key
        reach.publicURL = publicUrl ?? reach.publicURL
        reach.trustedProxies = trustedProxies ?? reach.trustedProxies
        let listening = try reach.listening(host: host, port: port)
        if !listening.isConfidential {
            Talk.note("注意：正在 \(host) 上以明文提供服务，密码和个人信息在网络上可以被看到。请给出证书（--tls-certificate、--tls-key），或者只在本机监听、由前面的代理提供 TLS。")
        }
        let singleSignOn = try settings.signOn.overridden(by: signOn.said).singleSignOn(at: reach)
        let options = options, copies = anchors.said
        let app = try await onThread { try options.open(mayCreate: true, singleSignOn: singleSignOn, anchorCopies: copies) }
        for warning in app.warnings { Talk.note(warning) }
        do {
            try await app.serve(listening) { address in
                Talk.say("育工已启动：\(address)")
            }
        } catch where !(error is Refusal) {
            throw Refusal("usage.address", "无法在 \(host) 的端口 \(port) 上启动（\(error)）；请换一个端口（--port）或地址（--host），或先停掉占用它的程序。")
        }
    }
}

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "把数据库升级到当前结构")

    @OptionGroup var options: DatabaseOptions
    @Option(help: ArgumentHelp("PostgreSQL：让这个数据库账号能提供服务，但不拥有数据表，改不了操作记录；此后 yugong serve 用它的地址", valueName: "NAME"))
    var servingRole: String?

    func run() throws {
        let app = try options.open(mayCreate: true)
        if let servingRole { try app.database.grantServing(to: servingRole, appendOnly: Keeping.exceptions(of: app.features).appendOnly) }
        Talk.note("数据库已是当前结构。\(servingRole.map { "账号 \($0) 可以用来提供服务。" } ?? "")")
    }
}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo", abstract: "在空数据库里建一个演示用的城市，并给出可登录的账号")

    @OptionGroup var options: DatabaseOptions
    @Option(help: "人数；第五年以后新来的人另加") var people = 3000
    @Option(help: ArgumentHelp("年份；默认从 2019 年到今天这一年", valueName: "2019-2023")) var years: String?
    @Option(help: ArgumentHelp("把这一天当作今天，此后的事都还没有发生；默认是今天", valueName: "日期")) var today: Day?
    @Option(help: "输出格式") var format = PlainFormat.table

    private struct Account: Encodable {
        let name: String, password: String, totp: String?, displayName: String, role: String, unit: String
    }

    func run() async throws {
        let today = today ?? Clock.today, years = years ?? "2019-\(max(today.year, 2019))"
        let ends = years.split(separator: "-").map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else {
            throw Refusal("usage.years", "年份请写成 2019-2023 这样的起止年，这里是“\(years)”。")
        }
        guard [first, last].allSatisfy({ Day.entered.contains(.firstDay(of: $0)) }), (1...10_000_000).contains(people) else {
            throw Refusal("usage.people", "人数应在 1 到 10000000 之间，年份在 \(Day.entered.lowerBound.year) 到 \(Day.entered.upperBound.year) 之间；这里是 \(people) 人、\(years)。")
        }
        let options = options, knowsPlan = Demo.knowsPlan(first...last, today: today)
        let app = try await onThread { try options.open(mayCreate: true, isForDemo: knowsPlan) }
        let progress = Talk.progress(of: "写入演示数据"), all = Mutex(people)
        let accounts = try await Demo.fill(
            app.database, numbers: app.numbers, secrets: app.entrance.secrets, people: people, years: first...last, today: today, who: commandLineUser(), house: app.house
        ) { done, count in
            all.withLock { $0 = count }
            progress(done, count)
        }
        Talk.endProgress()
        switch format {
        case .json:
            try Talk.say(json: accounts.map { Account(name: $0.name, password: $0.password, totp: $0.secret?.text, displayName: $0.displayName, role: $0.role?.rawValue ?? "learner", unit: $0.unit) })
        case .table:
            let added = all.withLock { $0 } - people
            Talk.say("演示数据已建好，共 \(people + added) 人\(added > 0 ? "（其中 \(added) 人是后来新进的）" : "")，人名和号码均为虚构。可以用下面的账号登录；写有验证器密钥的还要一个六位验证码，")
            Talk.say("把密钥加进手机上的验证器（手工输入，类型选“基于时间”），或用命令 bin/yugong user code 密钥 看此刻的验证码：")
            for account in accounts {
                let secret = account.secret.map { "  验证器密钥 \($0.text)" } ?? ""
                Talk.say("  账号 \(account.name)  密码 \(account.password)\(secret)  \(account.unitName) \(account.roleWord)")
            }
        }
    }
}

/// Where anchors are sent, as `serve` is told of it; each also by an environment variable.
struct AnchorOptions: ParsableArguments {
    @Option(help: ArgumentHelp("每个新锚点抄一行到这个文件（最好在别的机器上）；也可用环境变量 YUGONG_ANCHOR_FILE", valueName: "FILE"))
    var anchorFile: String?
    @Option(help: ArgumentHelp("每个新锚点送一行到系统日志的套接字，例如 /dev/log；也可用环境变量 YUGONG_ANCHOR_SYSLOG", valueName: "SOCKET"))
    var anchorSyslog: String?
    @Option(help: ArgumentHelp("每个新锚点用 POST 送到这个网址；也可用环境变量 YUGONG_ANCHOR_WEBHOOK", valueName: "URL"))
    var anchorWebhook: String?

    var said: AnchorCopies { AnchorCopies(file: anchorFile, syslog: anchorSyslog, webhook: anchorWebhook) }
}

/// Single sign-on, as `serve` is told of it; each also by an environment variable.
struct SignOnOptions: ParsableArguments {
    @Option(help: ArgumentHelp("统一身份平台（OpenID Connect）的 issuer，给出后登录页上多一个按钮；须同时给出 --public-url。也可用环境变量 YUGONG_SSO_ISSUER", valueName: "URL"))
    var ssoIssuer: String?
    @Option(help: ArgumentHelp("在统一身份平台登记的应用编号；也可用环境变量 YUGONG_SSO_CLIENT", valueName: "ID"))
    var ssoClient: String?
    @Option(help: ArgumentHelp("只含应用密钥的文件；也可用环境变量 YUGONG_SSO_SECRET_FILE", valueName: "FILE"))
    var ssoSecretFile: String?
    @Option(help: ArgumentHelp("按钮上的名字（“用…登录”），默认“统一身份”；也可用环境变量 YUGONG_SSO_NAME", valueName: "NAME"))
    var ssoName: String?
    @Option(help: ArgumentHelp("令牌中等于人员编号的项目；给出后，首次登录的人自动绑定其唯一的在用账号。也可用环境变量 YUGONG_SSO_STAFF_NUMBER_CLAIM", valueName: "CLAIM"))
    var ssoStaffNumberClaim: String?
    @Option(help: ArgumentHelp("算作第二步验证的 acr 或 amr，几个用逗号隔开；也可用环境变量 YUGONG_SSO_STRONG", valueName: "VALUES"))
    var ssoStrong: String?
    @Option(help: ArgumentHelp("除 openid 外还要的 scope，几个用逗号隔开；也可用环境变量 YUGONG_SSO_SCOPES", valueName: "SCOPES"))
    var ssoScopes: String?
    @Option(help: ArgumentHelp("除系统自带的以外还信任的根证书（PEM）；也可用环境变量 YUGONG_SSO_TRUST", valueName: "FILE"))
    var ssoTrust: String?

    var said: Settings.SignOn {
        Settings.SignOn(
            issuer: ssoIssuer, client: ssoClient, secretFile: ssoSecretFile, name: ssoName, staffNumberClaim: ssoStaffNumberClaim, strong: ssoStrong, scopes: ssoScopes,
            trust: ssoTrust)
    }
}
