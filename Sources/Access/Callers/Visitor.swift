import Kit

/// Somebody who has not signed in: a secret of the browser's own makes the token of the sign-in form.
package struct Visitor: Sendable {
    package let token: FormToken
    /// Set where the browser has no secret yet.
    package let newSecret: String?

    package init(token: FormToken, newSecret: String?) {
        self.token = token
        self.newSecret = newSecret
    }
}
