/// What a column or a parameter can hold on both engines.
package enum Value: Hashable, Sendable {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])

    /// The value of anything that can be bound; nil is `null`.
    package static func of<T: Bindable>(_ bindable: T?) -> Value { bindable?.bound ?? .null }
}

/// A type whose values can stand in SQL as parameters.
package protocol Bindable {
    var bound: Value { get }
    /// What PostgreSQL is told a parameter of this type is, also when it is nil.
    static var kind: ValueKind { get }
}

/// What a parameter is declared as; `any` goes by the value.
package enum ValueKind: UInt8, Sendable { case any, int, text, blob }

extension Int: Bindable {
    package var bound: Value { .int(Int64(self)) }
    package static var kind: ValueKind { .int }
}
extension Int64: Bindable {
    package var bound: Value { .int(self) }
    package static var kind: ValueKind { .int }
}
extension Int32: Bindable {
    package var bound: Value { .int(Int64(self)) }
    package static var kind: ValueKind { .int }
}
extension Bool: Bindable {
    package var bound: Value { .int(self ? 1 : 0) }
    package static var kind: ValueKind { .int }
}
extension Day: Bindable {
    package var bound: Value { .int(Int64(number)) }
    package static var kind: ValueKind { .int }
}
extension String: Bindable {
    package var bound: Value { .text(self) }
    package static var kind: ValueKind { .text }
}
extension [UInt8]: Bindable {
    package var bound: Value { .blob(self) }
    package static var kind: ValueKind { .blob }
}
extension Value: Bindable {
    package var bound: Value { self }
    package static var kind: ValueKind { .any }
}
