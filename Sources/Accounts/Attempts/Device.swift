import Access
import Kit

/// A browser in words people use.
enum Device {
    /// Where a browser keeps what it is known by.
    static let cookie = "yugong-device"

    /// 「Windows 电脑 · Edge 浏览器」, from what the browser says of itself; what it hides stays unsaid.
    static func words(userAgent: String) -> String {
        func first(_ known: [(sign: String, word: String)]) -> String? { known.first { userAgent.contains($0.sign) }?.word }
        let machine = first(machines), program = first(programs)
        switch (machine, program) {
        case (let machine?, let program?): return "\(machine) · \(program)"
        case (let one?, nil), (nil, let one?): return one
        case (nil, nil): return "认不出的设备"
        }
    }

    /// The more special ones first: iPads call themselves Macs, and everybody calls himself Safari.
    private static let machines: [(sign: String, word: String)] = [
        ("OpenHarmony", "鸿蒙设备"), ("HarmonyOS", "鸿蒙设备"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"), ("Android", "安卓手机"),
        ("Windows", "Windows 电脑"), ("Macintosh", "苹果电脑"), ("UOS", "统信电脑"), ("Kylin", "麒麟电脑"), ("Linux", "Linux 电脑"),
    ]
    private static let programs: [(sign: String, word: String)] = [
        ("wxwork", "企业微信"), ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("QQBrowser", "QQ 浏览器"), ("HuaweiBrowser", "华为浏览器"),
        ("MiuiBrowser", "小米浏览器"), ("UCBrowser", "UC 浏览器"), ("Quark", "夸克浏览器"), ("QihooBrowser", "360 浏览器"), ("360SE", "360 浏览器"), ("Edg", "Edge 浏览器"),
        ("Firefox", "火狐浏览器"), ("Chrome", "Chrome 浏览器"), ("Safari", "Safari 浏览器"),
    ]
}

extension SignInPlace {
    init(_ request: WebRequest) {
        self.init(
            address: request.origin, device: request.cookies[Device.cookie].flatMap { $0.utf8.count == 43 ? $0 : nil },
            words: Device.words(userAgent: request.userAgent))
    }
}
