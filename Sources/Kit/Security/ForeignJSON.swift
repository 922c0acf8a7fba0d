import Foundation

/// JSON that comes from outside or out of the database. Foundation's reader ends the process where brackets stand some
/// hundred deep in one another; nothing of ours goes deeper than a few.
enum ForeignJSON {
    static let deepest = 32

    struct TooDeep: Error {}

    /// The bytes, where they are not nested too deep. Whether they are JSON is for the reader to say.
    static func shallow(_ bytes: Data) throws(TooDeep) -> Data {
        var depth = 0, isText = false, isEscaped = false
        for byte in bytes {
            if isText {
                if isEscaped { isEscaped = false } else if byte == UInt8(ascii: "\\") { isEscaped = true } else if byte == UInt8(ascii: "\"") { isText = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                guard depth <= deepest else { throw TooDeep() }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return bytes
    }
}
