import Kit

/// 通知, for everybody signed in: one's own only.
package enum MessageRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database) {
        routes.get("/notices") { request, signedIn in
            let before = request.query["before"].flatMap { Int64($0) }
            let found = try await database.read { try MessageStore.latest(of: signedIn.account, before: before, in: $0) }
            let page = Array(found.prefix(MessageStore.pageSize))
            return .page(MessagePages.list(page, next: found.count > page.count ? page.last?.id : nil, isFirst: before == nil, signedIn))
        }
        // Opening what a message is about marks it as read: nobody should have to say so twice.
        routes.get("/notices/:message") { request, signedIn in
            let id = try request.id("message")
            guard let message = try await database.read({ try MessageStore.message(id, of: signedIn.account, in: $0) }) else { throw WebProblem.missing }
            if !message.isRead {
                try await database.write(signedIn.act("message.read")) { try MessageStore.markRead(id, of: signedIn.account, in: $0) }
            }
            return .redirect(message.link.isEmpty ? "/notices" : message.link)
        }
        routes.post("/notices/read") { _, _, signedIn in
            try await database.write(signedIn.act("message.read")) { try MessageStore.markRead(of: signedIn.account, in: $0) }
            return .redirect("/notices")
        }
    }

    /// Marks what led to a page as read when the page was reached by another way.
    package static func markSeen(_ link: String, _ signedIn: SignedIn, _ database: Database) async throws {
        guard signedIn.unread > 0, try await database.read({ try MessageStore.hasUnread(about: link, of: signedIn.account, in: $0) }) else { return }
        try await database.write(signedIn.act("message.read")) { try MessageStore.markRead(about: link, of: signedIn.account, in: $0) }
    }
}
