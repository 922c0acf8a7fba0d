import Foundation
import Kit

/// A kind of file that is made after the request: a value of the feature that brings it (`Feature.brings`).
package struct MadeFileKind: Sendable {
    /// How much of the machine it takes.
    package enum Size: Sendable {
        /// About few: a document.
        case document
        /// Goes through a whole list, and keeps a reader for long.
        case list
    }

    /// A dotted English key: it stands in the database.
    package let key: String
    /// As screens call it.
    package let word: String
    /// Hours for which it can be fetched.
    package let keptHours: Int
    let size: Size
    let judge: @Sendable (House, Data, SignedIn, Reading) throws -> Void
    let make: @Sendable (House, Data, SignedIn, JobAtWork) async throws -> Made

    /// Hours for which a file can be fetched where its kind says nothing else.
    package static let usualHours = 4

    /// `judge` throws why somebody may not have it: when it is asked for, when it is made and when it is fetched. `make` makes it as
    /// whoever asked, with the rights of that moment; the business refusals it throws are told to them, what is the machine's fault is
    /// tried again.
    package init<Asked: Codable & Sendable>(
        _ key: String, _ word: String, of type: Asked.Type, as size: Size, keptHours: Int = MadeFileKind.usualHours,
        judge: @escaping @Sendable (House, Asked, SignedIn, Reading) throws -> Void, make: @escaping @Sendable (House, Asked, SignedIn, JobAtWork) async throws -> Made
    ) {
        self.key = key
        self.word = word
        self.size = size
        self.keptHours = keptHours
        self.judge = { try judge($0, JSONDecoder().decode(Asked.self, from: $1), $2, $3) }
        self.make = { try await make($0, JSONDecoder().decode(Asked.self, from: $1), $2, $3) }
    }

    /// Enqueues making it, in the act that asks for it; gives the page that tells how it stands. `title` is what pages call the file,
    /// `back` the page they lead back to. What is asked again while it is made is made once.
    ///
    /// Refusal `made.many`, and those of `judge`.
    package func ask(_ asked: some Encodable, _ title: String, back: String, by signedIn: SignedIn, _ house: House, in db: Writing) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let content = try encoder.encode(asked)
        try judge(house, content, signedIn, db)
        let order = MadeFile.Order(title: title, back: back, origin: signedIn.origin, grants: signedIn.grants.map(\.id).sorted(), asked: content)
        let id = try MadeFileStore.add(self, order, by: signedIn, house.numbers, in: db)
        try JobStore.add(job, JobStore.New(about: id, key: "\(id)"), in: db)
        return MadeFile.link(id)
    }

    /// Asks in an act that does nothing else.
    package func ask(_ asked: some Encodable & Sendable, _ title: String, back: String, by signedIn: SignedIn, _ house: House) async throws -> Reply {
        .redirect(try await house.database.write(signedIn.act("file.ask")) { try ask(asked, title, back: back, by: signedIn, house, in: $0) })
    }

    var job: JobKind {
        switch size {
        case .document: MadeFileWork.document
        case .list: MadeFileWork.list
        }
    }
}

/// A file that was made and is to be kept.
package struct Made: Sendable {
    let name: String, type: String
    /// Where it lies; it is taken away once it is kept.
    let path: String
    /// The act by which it is kept, with what else is written in it; nil where making it changes nothing.
    let act: Act?
    let also: @Sendable (Writing) throws -> Void

    package init(_ name: String, type: String, at path: String, by act: Act? = nil, also: @escaping @Sendable (Writing) throws -> Void = { _ in }) {
        self.name = name
        self.type = type
        self.path = path
        self.act = act
        self.also = also
    }

    /// The same of what is in memory. Throws `Refusal.cannotWrite`.
    package init(_ name: String, type: String, _ bytes: [UInt8], by act: Act? = nil, also: @escaping @Sendable (Writing) throws -> Void = { _ in }) throws {
        let path = Scratch.path("made")
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else { throw Refusal.cannotWrite(path) }
        self.init(name, type: type, at: path, by: act, also: also)
    }
}
