import Access
import Kit

/// Where forms of searches go whose words may be a person's name: on to the list, with the words as ciphertext in its address.
package enum SeekRoutes {
    package static func add(to routes: Routes<SignedIn>) {
        routes.post(seekPath, long: ["q", "who"]) { form, _, _ in
            guard let path = Reply.localPath(form.text(seekTarget)), !path.contains("?") else { return .redirect("/") }
            let asked = form.fields.pairs.filter { ![seekTarget, FormToken.field].contains($0.name) && !$0.value.isEmpty }
            // An address has its limits, and so have names.
            return .redirect(PageAddress(path, Fields(asked.prefix(40).map { ($0.name, String($0.value.unicodeScalars.prefix(100))) })).link)
        }
    }
}
