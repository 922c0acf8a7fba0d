import Accounts
import Foundation
import Kit

/// What a system administrator sees of the installation: no secret, no path, nothing about anybody.
struct SystemFacts: Sendable {
    /// Name and value.
    typealias Line = (name: String, value: String)

    var serving: [Line] = []
    var database: [Line] = []
    var keys: [Line] = []
    var limits: [Line] = []
    var policies: [(title: String, years: String, file: String, digest: String)] = []
    /// What whoever starts the server is warned of.
    var warnings: [String] = []

    /// `last` are the moments of the last backup and of the last restore, where there was one.
    static func read(_ app: App, _ listening: Listening, backup: Int64?) throws -> SystemFacts {
        var facts = SystemFacts()
        let scheme = listening.certificate == nil ? "http" : "https"
        facts.serving = [
            ("监听", "\(scheme)://\(listening.host):\(listening.port == 0 ? "自动选择的端口" : "\(listening.port)")"),
            ("公布的网址", listening.publicAddresses.isEmpty ? "没有设置" : listening.publicAddresses.map(\.description).joined(separator: "、")),
            ("加密传输（TLS）", listening.certificate != nil ? "由本程序提供" : listening.isConfidential ? "没有；只在本机监听，由前面的代理提供" : "没有，内容在网络上以明文传输"),
            ("可信的代理", listening.trustedProxies == AddressRange.thisMachine ? "本机" : "\(listening.trustedProxies.count) 段地址"),
            ("程序", program.map { "\(Clock.minute(ofMilliseconds: $0)) 编译或安装" } ?? "不明"),
            ("开发环境", app.settings.isDevelopment ? "是；正式使用时请去掉 YUGONG_DEV" : "否"),
        ]
        facts.database = [
            ("数据库", app.database.engine == .sqlite ? "SQLite" : "PostgreSQL 协议"),
            ("结构版本", "\(Migrations.all.last?.name ?? "")（共 \(Migrations.all.count) 步）"),
            ("最近一次备份", backup.map { Clock.minute(ofMilliseconds: $0) } ?? "没有用 yugong backup 备份过"),
        ]
        let ring = try app.keyFile.ring()
        let anchor: String = switch ring.map({ app.keyFile.anchor.read($0.auditKey) }) ?? .missing {
        case .missing: "还没有"
        case .broken: "损坏或被改动，请用 yugong verify 核对"
        case .anchor(let anchor): "\(Clock.minute(ofMilliseconds: anchor.atMilliseconds))，\(anchor.heads.count) 条链"
        }
        facts.keys = [
            ("数据密钥", ring.map { fingerprint($0.data) } ?? "密钥文件不在"),
            ("审计密钥", ring?.audit.map { fingerprint($0) } ?? "由数据密钥导出"),
            ("审计链的锚点", anchor),
        ]
        facts.limits = [
            ("登录", "闲置 \(SessionRule.idle / 3_600_000) 小时或满 \(SessionRule.longest / 3_600_000) 小时退出"),
            ("密码", "\(PasswordRule.length.lowerBound) 至 \(PasswordRule.length.upperBound) 位，不在常见密码之列"),
            ("同时的连接", "\(Numbers.count(listening.limits.connections)) 个，每个地址 \(Numbers.count(listening.limits.connectionsPerAddress)) 个"),
            ("连接闲置", "\(listening.limits.idle) 秒断开"),
            ("授权到期提醒", "提前 \(GrantNotices.daysAhead) 天"),
        ]
        facts.policies = app.library.policies.map { policy in
            (policy.title, "\(policy.years.lowerBound)–\(policy.years.upperBound)", URL(fileURLWithPath: policy.file).lastPathComponent, String(policy.digest.prefix(19)))
        }
        facts.warnings = app.warnings
        return facts
    }

    /// Tells whether two machines have the same key, and nothing else about it.
    private static func fingerprint(_ key: KeyFile.Key) -> String {
        String(Secrets.derived(from: Secrets.text(of: key.bytes), for: "key fingerprint").prefix(12))
    }

    /// When the program's file was written, milliseconds.
    private static var program: Int64? {
        let date = (try? FileManager.default.attributesOfItem(atPath: "/proc/self/exe")).flatMap { _ in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).flatMap { try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date }
        }
        return date.map { Int64($0.timeIntervalSince1970 * 1000) }
    }
}
