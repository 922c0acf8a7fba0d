import Foundation
import Kit

/// A file that somebody asked for: made after the request, and its asker's alone for some hours.
struct MadeFile: Sendable {
    enum State: String, Sendable {
        case making, ready, failed
        /// Somebody's file was deleted by law who may stand in it.
        case withdrawn
    }

    /// What was asked.
    struct Order: Codable, Sendable {
        /// What pages call it; it may name somebody.
        let title: String
        /// The page to go back to.
        let back: String
        /// From where it was asked, for the act that goes with it.
        let origin: String
        /// What the asker was granted.
        let grants: [Int64]
        let asked: Data
    }

    /// What came of it.
    struct Outcome: Codable, Sendable {
        var name = "", type = "", bytes = 0
        /// Why none was made.
        var refusal = ""
    }

    let id: Int64
    let accountID: Int64
    let kind: String
    let state: State
    let order: Order?
    let outcome: Outcome?
    let askedMilliseconds: Int64, expiresMilliseconds: Int64
    let isFetched: Bool

    /// Of one account so many are made at a time, and so many are kept.
    static let mostMaking = 5, mostKept = 20

    static func link(_ id: Int64) -> String { "/files/\(id)" }
    var link: String { Self.link(id) }
    var contentLink: String { link + "/content" }
    var progressLink: String { link + "/progress" }

    func isKept(now: Int64) -> Bool { state == .ready && now < expiresMilliseconds }

    /// Whoever asked must still hold what was held then. Refusal `made.rightsLost`.
    func requireGrants(of signedIn: SignedIn) throws(Refusal) {
        let held = Set(signedIn.grants.map(\.id))
        guard order?.grants.allSatisfy(held.contains) ?? false else { throw Self.rightsLost }
    }

    static let rightsLost = Refusal("made.rightsLost", "要这份文件以后，您的授权有了变化，不再提供这一份；还需要的，请按现在的权限重新要一份。")
    static let gone = Refusal("made.gone", "这份文件已经过期，不再保存；还需要的，请重新要一份。")
    static let broken = Refusal("made.broken", "这份文件与登记的不符，没有提供。请重新要一份，并请系统管理员核对数据库。")
    static let stopped = "制作这份文件时程序出错，或者已被系统管理员停止，没有做出来；请重新要一份，仍然如此时请告诉系统管理员。"
}
