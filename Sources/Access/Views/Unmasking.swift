import Kit
import Register

/// Looking at a whole number: a deed of its own, noted with the person before the number is shown.
package enum Unmasking {
    package static let subject = "unmask"

    package enum Number: String, Sendable {
        case idNumber, phone

        package var word: String {
            switch self {
            case .idNumber: "证件号码"
            case .phone: "手机号"
            }
        }
    }

    /// The number, once it is noted who looks; nil where none is recorded.
    package static func number(_ which: Number, of person: Person, _ numbers: PersonalNumbers, in db: Writing) throws -> String? {
        try db.change(subject, person.id, before: nil, after: RowImage(["number": .text(which.rawValue)]).json)
        return switch which {
        case .idNumber: try RosterStore.idNumber(of: person, numbers: numbers).text
        case .phone: try RosterStore.phone(of: person, numbers: numbers)
        }
    }
}
