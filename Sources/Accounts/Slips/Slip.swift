import Access
import Kit

/// 一次性码: a code on paper, from the responsible officer, by which somebody without a password opens the own account.
package struct Slip: Sendable, Identifiable {
    /// What it is for.
    enum Kind: String, Sendable, Codable {
        /// The first sign-in.
        case activation
        /// Another password.
        case reset

        var word: String {
            switch self {
            case .activation: "激活码"
            case .reset: "重设密码的码"
            }
        }

        /// Days it holds: the first is handed out in meetings, the other is waited for.
        var days: Int {
            switch self {
            case .activation: 30
            case .reset: 7
            }
        }
    }

    /// Why a code no longer holds.
    enum Ending: String, Sendable {
        case used, voided
        /// A newer one took its place.
        case replaced

        var word: String {
            switch self {
            case .used: "已使用"
            case .voided: "已作废"
            case .replaced: "已换新码"
            }
        }
    }

    package let id: Int64
    let accountID: Int64
    let kind: Kind
    /// Using it takes the second factor away too.
    let takesFactor: Bool
    /// Where the person was; nil for an account without a file.
    let unitID: Int64?
    /// The act that made it.
    let batch: Int64
    /// Who made it: the name, and the account; nil for the program.
    let maker: String
    let makerID: Int64?
    let madeMilliseconds: Int64
    let expiresMilliseconds: Int64
    let ending: Ending?
    let endedMilliseconds: Int64?

    /// Codes made at once, at most.
    static let most = 1000

    func isValid(now: Int64) -> Bool { ending == nil && now < expiresMilliseconds }

    /// Until when it holds: the last day.
    var lastDay: Day { Clock.day(ofMilliseconds: expiresMilliseconds - 1) }

    /// The moment at which a code made now ends: with the last of its days, so that a slip need not tell the hour.
    static func expiry(_ kind: Kind, now: Int64) -> Int64 {
        Clock.start(of: Clock.day(ofMilliseconds: now) + kind.days + 1)
    }

    func state(now: Int64) -> String { ending?.word ?? (isValid(now: now) ? "有效" : "已过期") }
}

/// Where somebody stands on the way to an account of the own.
package enum AccountStanding: String, CaseIterable, Sendable {
    /// No account that can be signed in to, and no code that holds either.
    case none
    /// A code that holds is out.
    case sent
    case expired, active, locked, closed

    package var word: String {
        switch self {
        case .none: "没有账号"
        case .sent: "已发码"
        case .expired: "码已过期"
        case .active: "使用中"
        case .locked: "已锁定"
        case .closed: "已停用"
        }
    }

    var mark: Mark {
        switch self {
        case .active: .met
        case .sent: .pending
        case .none, .expired: .unmet
        case .locked, .closed: .unknown
        }
    }

    /// Of all accounts of a person the one that counts, and what stands.
    static func of(_ accounts: [Account], _ slips: [Int64: Slip], now: Int64) -> (standing: AccountStanding, account: Account?, slip: Slip?) {
        if let active = accounts.first(where: { $0.state == .active }) { return (.active, active, slips[active.id]) }
        if let locked = accounts.first(where: { $0.state == .locked }) { return (.locked, locked, slips[locked.id]) }
        guard let waiting = accounts.first(where: { $0.state == .new }) ?? accounts.last else { return (.none, nil, nil) }
        if let slip = slips[waiting.id] { return (slip.isValid(now: now) ? .sent : .expired, waiting, slip) }
        return (waiting.state == .closed ? .closed : .none, waiting, nil)
    }
}
