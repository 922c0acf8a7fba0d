/// What a route asks of whoever comes. The coarse part (signed in, a right anywhere, a role) is enforced before the
/// handler; of which unit, person or record it is asked, the handler's `InScope` proof or file decides.
package enum Need: Sendable, Equatable {
    /// Nobody has signed in yet.
    case open
    /// Between the steps of signing in: the next step, and nothing else.
    case step
    /// Everybody signed in, about the account's own.
    case signedIn
    /// The file of the account's own person.
    case ownPerson
    case right(Right, Place)
    /// One of the three administrators, of the whole installation.
    case role(Role)
    /// Of an approval: who asks, who decides and who may look is a matter of its steps, not of a right alone.
    case approval(Side)

    package enum Side: Sendable { case seer, asker, decider }

    /// Where the right must be.
    package enum Place: Sendable {
        case anywhere, unit, person, primaryUnit, record, releasingUnit, askingUnit, eitherUnit, superiorUnit, ownImport, root
    }

    /// Whether the coarse part is met. Handlers do not ask for it again.
    package func lets(_ signedIn: SignedIn) -> Bool {
        switch self {
        case .open, .step, .signedIn, .approval: true
        case .ownPerson: signedIn.account.personID != nil
        case .right(let right, .root): signedIn.scope.isOverAll(right)
        case .right(let right, _): signedIn.scope.isAnywhere(right)
        case .role(let role): signedIn.isOverAll(role)
        }
    }

    /// Which kind of caller comes to the handler.
    package enum Caller: Sendable { case visitor, betweenSteps, signedIn }
    package var caller: Caller {
        switch self {
        case .open: .visitor
        case .step: .betweenSteps
        default: .signedIn
        }
    }

    /// How far somebody with one role gets, in the words of the printed matrix.
    package func reach(of role: Role) -> String {
        switch self {
        case .open: "任意"
        case .step: "登录途中"
        case .signedIn, .ownPerson: "本人"
        case .role(let needed): role == needed ? "根单位" : "—"
        case .approval(.decider): role.isAdministrator ? "—" : "轮到的人"
        case .approval: role.rights.contains(.seeing) ? "本单位及下级" : role.isAdministrator ? "—" : "轮到的人"
        case .right(let right, let place):
            if !role.rights.contains(right) { "—" } else {
                switch place {
                case .anywhere: "任意"
                case .ownImport: "本人"
                case .root: "根单位"
                case .unit, .person, .primaryUnit, .record, .releasingUnit, .askingUnit, .eitherUnit: "本单位及下级"
                case .superiorUnit: "下级"
                }
            }
        }
    }
}
