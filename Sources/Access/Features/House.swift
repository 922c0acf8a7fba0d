import Kit
import Register
import Rules

/// What the routes of a feature work with.
package struct House: Sendable {
    package let database: Database
    private let shelf: PolicyShelf
    package let numbers: PersonalNumbers
    /// One, so that all documents stand in one line.
    package let typesetting: Typesetting
    /// Years that a person's file is kept after the last post; nil where nobody has decided.
    package let retentionYears: Int?
    package let features: FeatureSet
    /// What areas above keep for their own features, one value of a type.
    private var parts: [ObjectIdentifier: any Sendable] = [:]

    package init(
        database: Database, shelf: PolicyShelf, numbers: PersonalNumbers, typesetting: Typesetting, retentionYears: Int?, features: FeatureSet
    ) {
        self.database = database
        self.shelf = shelf
        self.numbers = numbers
        self.typesetting = typesetting
        self.retentionYears = retentionYears
        self.features = features
    }

    /// The policies as they are now, and their words: asked anew for each request, since their files may change.
    package var library: PolicyLibrary { shelf.library }
    package var words: RosterWords { shelf.words }

    package func with<Part: Sendable>(_ part: Part) -> House {
        var house = self
        house.parts[ObjectIdentifier(Part.self)] = part
        return house
    }

    /// The value that an area above has put in.
    package func part<Part: Sendable>(_ type: Part.Type = Part.self) -> Part {
        guard let part = parts[ObjectIdentifier(type)] as? Part else {
            // may trap: at start, before anything is served, on a mistake of the program itself.
            fatalError("nobody has put a \(type) into the house")
        }
        return part
    }
}

/// Where routes are registered: one set for each kind of caller.
package struct Doors {
    package let visitors: Routes<Visitor>
    package let steps: Routes<SignInStep>
    package let signedIn: Routes<SignedIn>
    package let assets: AssetLinks
    package let listening: Listening
    /// Whether what is for development only is there too.
    package let isDevelopment: Bool

    package init(
        visitors: Routes<Visitor>, steps: Routes<SignInStep>, signedIn: Routes<SignedIn>, assets: AssetLinks, listening: Listening, isDevelopment: Bool
    ) {
        self.visitors = visitors
        self.steps = steps
        self.signedIn = signedIn
        self.assets = assets
        self.listening = listening
        self.isDevelopment = isDevelopment
    }
}
