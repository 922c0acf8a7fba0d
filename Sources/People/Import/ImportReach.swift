/// What whoever imports may see and keep: everything from the command line, the own subtree in the browser.
package struct ImportReach: Sendable {
    /// Nil is everything.
    package let units: Set<Int64>?
    /// Whom to ask about a unit outside: the officer of the nearest common superior, by name and unit.
    package let whomToAsk: @Sendable (_ unit: Int64) -> String?

    package static let everything = ImportReach(units: nil) { _ in nil }

    package init(units: Set<Int64>?, whomToAsk: @escaping @Sendable (_ unit: Int64) -> String?) {
        self.units = units
        self.whomToAsk = whomToAsk
    }

    package func covers(_ unit: Int64) -> Bool { units?.contains(unit) ?? true }
}
