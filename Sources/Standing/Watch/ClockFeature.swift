import Access
import Kit

extension Feature {
    /// Clocks of those new to a post that run out soon.
    package static let clocks = Feature(
        tasks: [
            TaskSource(50, lookedThrough: { signedIn, house in
                let units = signedIn.scope.topUnits(for: .keeping).map(\.id), view = try await house.facts.view()
                return try await onThread { RunningClocks.read(units, view, today: signedIn.today).tasks(on: signedIn.today) }
            }),
        ]
    )
}
