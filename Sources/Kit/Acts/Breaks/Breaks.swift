/// A place where the log cannot vouch for itself: it began anew, its anchor was gone, or an end that was seen is no longer
/// there. It is a finding until an auditor says on record that it is known, and why.
package struct Break: Hashable, Sendable {
    /// Names it for good.
    package let key: String
    package let sentence: String

    static func beginning(_ head: ChainHead) -> Break {
        Break(key: "since \(head.text)", sentence: "密钥文件记着审计链从链 \(head.chain) 开始，这一条现在不在了：记录被整个换过，或换了数据库")
    }
    static func unnoted(_ chain: Int64) -> Break {
        Break(key: "since none \(chain)", sentence: "密钥文件里没有记着审计链从哪里开始（现在是链 \(chain)）：那一行被删除，或第一次启动时写不进去")
    }
    static func head(_ head: ChainHead) -> Break {
        Break(key: "head \(head.text)", sentence: "链 \(head.chain) 第 \(head.sequence) 条不在了：锚点、它的副本或上一次核对见过它；链的末尾被截去，或数据库是从较早的备份恢复的")
    }
    static func unchained(_ act: Int64, _ count: Int64) -> Break {
        Break(key: "begin \(act)", sentence: "审计链在 \(Clock.minute(ofMilliseconds: act >> 20)) 才开始，此前已有 \(count) 次操作：它们只按开始时的样子记下，以前有没有改动无从判断")
    }
    /// An entry of a chain whose act is not there.
    static func link(_ link: ChainLink) -> Break {
        Break(key: "link \(link.actID) \(link.head.text)", sentence: "操作 \(link.actID) 被删除：链 \(link.head.chain) 第 \(link.head.sequence) 条还在，操作本身不在了（或这一条是插入的）")
    }
    /// The table of heads says something else than the links.
    static func register(_ chain: Int64, noted: ChainHead?, act: Int64?, found: ChainHead?, last: Int64?) -> Break {
        let isAct = noted == found
        let told = isAct ? "登记的最后一次操作是 \(act ?? 0)，链上是 \(last ?? 0)" : "登记到第 \(noted?.sequence ?? 0) 条，链上到第 \(found?.sequence ?? 0) 条"
        return Break(
            key: "register \(chain) \(noted?.text ?? "-") \(act ?? 0) \(found?.text ?? "-") \(last ?? 0)", sentence: "链头登记与链 \(chain) 不符：\(told)")
    }
    static func anchor(_ act: Int64) -> Break {
        Break(key: "anchor \(act)", sentence: "锚点文件在 \(Clock.minute(ofMilliseconds: act >> 20)) 以前不在了，那时重新开始：此前链的末尾有没有被截去无从判断")
    }
}

/// A break that an auditor has said to know.
package struct AcknowledgedBreak: Hashable, Sendable {
    package let found: Break
    package let act: ActRecord
}

/// Where the log broke.
package struct Breaks: Sendable {
    package let open: [Break]
    package let acknowledged: [AcknowledgedBreak]
    package static let none = Breaks(open: [], acknowledged: [])

    init(open: [Break], acknowledged: [AcknowledgedBreak]) {
        self.open = open
        self.acknowledged = acknowledged
    }

    /// Heads that an auditor knows to be gone.
    var knownHeads: Set<String> { Set(acknowledged.map(\.found.key).filter { $0.hasPrefix("head ") }.map { String($0.dropFirst("head ".count)) }) }

    /// The key that means all that stand open.
    package static let all = "all"

    /// What stands open with this key. Refusals `audit.noBreak`, `audit.noReason`.
    package func acknowledging(_ key: String, why: String) throws(Refusal) -> [Break] {
        let found = key == Self.all ? open : open.filter { $0.key == key }
        guard !found.isEmpty else {
            throw Refusal("audit.noBreak", "没有这一处待确认的中断，或者已经确认过；请刷新页面核对。")
        }
        guard why.count >= 4, why.utf8.count <= 2000 else { throw Refusal("audit.noReason", "请写明查过什么、为什么可以确认（四个字以上，六百字以内）；它会记进操作记录。") }
        return found
    }
}
