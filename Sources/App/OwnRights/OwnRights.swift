import Kit
import People

/// 我能做什么: the table of rights in the words of one grant.
enum OwnRights {
    /// A part of Yugong: what of it is seen, and what is done in it.
    struct Area: Sendable, Hashable {
        let word: String
        var seen: [String] = []
        var done: [String] = []
    }

    /// Parts of Yugong by the first word of their addresses, in the order of the menu.
    static let areas: [(word: String, paths: Set<String>)] = [
        ("指标", ["figures"]), ("组织", ["organizations"]), ("名册与档案", ["people"]), ("培训记录", ["records"]), ("调入申请", ["requests", "transfers"]),
        ("有误反映", ["objections"]), ("删除申请", ["erasures"]), ("培训机构", ["institutions"]), ("导入导出", ["exchange"]), ("最近的变动", ["changes"]), ("账号激活", ["activation"]),
        ("账号", ["accounts"]), ("授权", ["grants"]), ("操作记录", ["audit"]), ("系统设置", ["settings"]),
    ]

    static func area(of path: String) -> String? {
        let first = String(path.split(separator: "/").first ?? "")
        return areas.first { $0.paths.contains(first) }?.word
    }

    /// What a role opens at a unit; at a root of the tree what is for the whole installation too.
    static func areas(of role: Role, isRoot: Bool) -> [Area] {
        var found: [String: Area] = [:]
        for row in RightsTable.rows where !row.isDevelopment {
            switch row.need {
            case .right(let right, let place) where role.rights.contains(right) && (place != .root || isRoot): break
            case .role(let needed) where needed == role && isRoot: break
            default: continue
            }
            // A form is what leads to the deed.
            guard let word = area(of: row.path), !row.what.hasSuffix("的表单") else { continue }
            var area = found[word] ?? Area(word: word)
            if row.method == "GET" {
                if !area.seen.contains(row.what) { area.seen.append(row.what) }
            } else if !area.done.contains(row.what) {
                area.done.append(row.what)
            }
            found[word] = area
        }
        return areas.compactMap { found[$0.word] }
    }
}
