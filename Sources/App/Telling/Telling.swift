import Access
import Kit

/// After an act the next page says what was done, leads to where it is taken back, and back to what waits for it. Which act it was stands
/// in a cookie until that page is shown: addresses stay as they are, and nobody reads of an act that was not the own.
struct Telling: Sendable {
    let database: Database
    let features: FeatureSet

    private static let done = "yugong-done", back = "yugong-back"
    /// Seconds within which the next page comes, and within which somebody goes back to an approval that was opened.
    private static let patience = 120, backWithin = 1800

    func finish(_ reply: Reply, of request: WebRequest, by signedIn: SignedIn, isAct: Bool) async throws -> Reply {
        if isAct { return noting(reply, of: request, by: signedIn) }
        guard reply.isPage, !request.wantsFragment else { return reply }
        var reply = reply
        // What has just been decided needs no way back to it.
        if Self.isApproval(request.path), request.cookies[Self.done] == nil, request.cookies[Self.back] != Self.number(request.path) {
            reply = reply.setting(Cookie(Self.back, Self.number(request.path), maxAge: Self.backWithin, isSecure: request.isSecure))
        }
        guard let noted = request.cookies[Self.done] else { return reply }
        reply = reply.setting(Cookie(Self.done, "", maxAge: 0, isSecure: request.isSecure))
        guard let id = Int64(noted) else { return reply }
        let found = try await database.read { db -> (act: ActRecord, undo: String?)? in
            guard let act = try ActStore.act(id, of: signedIn.account.id, in: db), signedIn.now - act.atMilliseconds < Int64(Self.patience) * 1000,
                try ActStore.count(ofAct: act.id, in: db) > 0
            else { return nil }
            return (act, try features.brought(UndoDoor.self).first { $0.kinds.contains(act.kind) }?.link(act.id, db))
        }
        return found.map { reply.saying(words(for: $0.act, undo: $0.undo, request)) } ?? reply
    }

    /// Notes the act that a form has done, for the page that it leads to.
    private func noting(_ reply: Reply, of request: WebRequest, by signedIn: SignedIn) -> Reply {
        guard let onward = reply.onward, let act = signedIn.receipt.last else { return reply }
        var reply = reply
        if Self.isApproval(String(onward.prefix { $0 != "?" })), request.cookies[Self.back] != nil {
            reply = reply.setting(Cookie(Self.back, "", maxAge: 0, isSecure: request.isSecure))
        }
        return reply.setting(Cookie(Self.done, "\(act)", maxAge: Self.patience, isSecure: request.isSecure))
    }

    private func words(for act: ActRecord, undo: String?, _ request: WebRequest) -> HTML {
        guard features.knows(act: act.kind), !features.brought(ToldElsewhere.self).contains(where: { $0.kinds.contains(act.kind) }) else { return "" }
        // A post that waits for consent: the page of the approval says itself that nothing is done yet.
        if Self.isApproval(request.path), act.kind.hasPrefix("person.") { return "" }
        let waiting = Self.isApproval(request.path) ? nil : request.cookies[Self.back].flatMap { Int64($0) }
        return TellingPages.told(features.word(ofAct: act.kind), undo: undo, waiting: waiting)
    }

    private static func isApproval(_ path: String) -> Bool { path.hasPrefix("/approvals/") && Int64(number(path)) != nil }
    private static func number(_ path: String) -> String { String(path.dropFirst("/approvals/".count)) }
}
