import Kit
import Synchronization

/// A row of the table of rights: one for each route, beside the feature that registers it.
package struct RightsRow: Sendable {
    package let method: String
    package let path: String
    package let need: Need
    /// What the route is, for whoever reads the matrix.
    package let what: String
    /// Registered in development only.
    package let isDevelopment: Bool
    /// Whether its address leads there without more: a page about something that its query names does not, nor one that only leads on.
    package let opensAlone: Bool

    package init(_ method: String, _ path: String, _ need: Need, _ what: String, isDevelopment: Bool = false, opensAlone: Bool = true) {
        self.method = method
        self.path = path
        self.need = need
        self.what = what
        self.isDevelopment = isDevelopment
        self.opensAlone = opensAlone
    }

    /// What the page or the deed is called where one reads of it, without what only the table of rights adds.
    package var called: String {
        let name = what.prefix { $0 != "：" && $0 != "；" && $0 != "，" }
        return String(name.hasSuffix("的表单") ? name.dropLast(3) : name)
    }
}

/// Checks off the rows while routes are registered. A route without a row, or of the wrong kind of caller, and a row
/// without a route end the program at start.
package final class RightsRegistration: Sendable {
    private let left: Mutex<[String: RightsRow]>

    package init(_ rows: [RightsRow]) {
        left = Mutex(Dictionary(rows.map { ("\($0.method) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first }))
    }

    @discardableResult
    package func take(_ method: String, _ path: String, as caller: Need.Caller) -> Need {
        guard let row = left.withLock({ $0.removeValue(forKey: "\(method) \(path)") }), row.need.caller == caller else {
            // may trap: at start, before anything is served, on a mistake of the program itself.
            fatalError("no feature has a row of rights left for \(method) \(path)")
        }
        return row.need
    }

    package func finish(isDevelopment: Bool) {
        let idle = left.withLock { $0.values.filter { isDevelopment || !$0.isDevelopment }.map { "\($0.method) \($0.path)" }.sorted() }
        // may trap: as above.
        if !idle.isEmpty { fatalError("rows of rights without a route: \(idle.joined(separator: ", "))") }
    }
}
