import Access
import Kit

/// Every component in every state, for those who build pages. Registered in development only.
enum GalleryRoutes {
    static func add(to routes: Routes<SignedIn>) {
        routes.get("/gallery") { request, signedIn in .page(GalleryPages.all(request.list, token: signedIn.token)) }
        routes.post("/gallery") { form, request, signedIn in
            .page(GalleryPages.all(ListAsk(PageAddress("/gallery")), token: signedIn.token, sent: form))
        }
    }
}
