import Kit

/// From where somebody asks to be let in.
package struct SignInPlace: Sendable {
    package let address: String
    /// The token by which this browser is known again; nil for a new one.
    package let device: String?
    /// 「Windows 电脑 · Edge 浏览器」.
    package let words: String

    package init(address: String, device: String?, words: String) {
        self.address = address
        self.device = device
        self.words = words
    }
}
