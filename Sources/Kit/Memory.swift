import CMalloc

/// The heap of this process.
package enum Memory {
    /// Gives freed heap back to the system: after a start and after a figure of a new day much was held for a moment only.
    package static func giveBack() { malloc_trim(0) }
}
