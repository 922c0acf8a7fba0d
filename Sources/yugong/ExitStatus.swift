import ArgumentParser
import Kit
import Standing

/// The statuses the command line ends with (exchange.md, "Commands"), and nothing else.
enum ExitStatus: Int32 {
    case done = 0
    case wrongUsage = 64
    case dataErrors = 65
    case unreachable = 69
    case ourFault = 70
    case cannotWrite = 73
    case notAllowed = 77

    /// Refusals are about the data unless their name says otherwise.
    init(_ refusal: Refusal) {
        switch refusal.name {
        case let name where name.hasPrefix("usage.") || Indicators.wrongUse.contains(name): self = .wrongUsage
        // A program that was copied without its folders is nobody's data.
        case "assets.missing": self = .ourFault
        case "database.url", "demo.people", "demo.years", "account.role", "account.name": self = .wrongUsage
        case let name where name.hasPrefix("database.") || name.hasPrefix("key."): self = .unreachable
        case let name where name.hasPrefix("output.") || name == "file.cannotWrite": self = .cannotWrite
        case let name where name.hasPrefix("rights."): self = .notAllowed
        default: self = .dataErrors
        }
    }
}

/// Ends the command with a status after everything was said.
struct Ended: Error {
    let status: ExitStatus
}
