import Access
import Kit
import Rules

/// 取走我的全部资料: one's own, as PDF or JSON, each time an act with the digest of what was taken.
package enum ExtractRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/me/extract") { _, signedIn in
            let person = try await database.read { try signedIn.own(in: $0) }
            return .page(ExtractPages.choose(person, signedIn))
        }
        routes.post("/me/extract") { form, _, signedIn in
            let person = try await database.read { try signedIn.own(in: $0) }
            return try await MadeFileKind.extract.ask(
                ExtractOrder(isMasked: form.isTicked("masked"), isJSON: form.text("format") == "json"), "\(person.name)的培训教育档案摘录", back: "/me/extract", by: signedIn, house)
        }
    }
}
