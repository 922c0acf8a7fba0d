/// What a handler is asked, apart from the form.
package struct WebRequest: Sendable {
    /// Names this request in the log and on the page that admits a failure.
    package var id: String
    package var path: String
    /// Values of the `:name` parts of the route.
    package var parameters: [String: String]
    package var query: Fields
    package var cookies: Cookies
    /// Address of the browser, as far as it can be known: for the audit trail and for throttling.
    package var origin: String
    /// What the browser says it is, at most 300 characters.
    package var userAgent: String
    /// Whether htmx asks for a piece of a page rather than for a whole one.
    package var wantsFragment: Bool
    /// The page of this site from which it was asked, path and query.
    package var cameFrom: String?
    /// Whether the browser says that it speaks TLS with us, directly or through a proxy.
    package var isSecure: Bool
    /// Where browsers reach us, for what is printed: the first public address that was said, or the one asked for.
    package var site: String
    /// When it arrived, milliseconds since 1970-01-01 UTC.
    package var now: Int64

    package init(
        id: String, path: String, parameters: [String: String] = [:], query: Fields = Fields(), cookies: Cookies, origin: String, userAgent: String = "",
        wantsFragment: Bool = false, cameFrom: String? = nil, isSecure: Bool = false, site: String = "", now: Int64
    ) {
        self.id = id
        self.path = path
        self.parameters = parameters
        self.query = query
        self.cookies = cookies
        self.origin = origin
        self.userAgent = userAgent
        self.wantsFragment = wantsFragment
        self.cameFrom = cameFrom
        self.isSecure = isSecure
        self.site = site
        self.now = now
    }

    package var today: Day { Clock.day(ofMilliseconds: now) }
    /// Path and query, to make links that change a part of them.
    package var address: PageAddress { PageAddress(path, query) }

    /// Values that a query may have: each is written again into every link of a list.
    static let queryLimit = 200

    /// Itself. Throws `WebProblem.malformed` where a value holds what no keyboard types and no database keeps, and where
    /// no page of ours asks for so much.
    func sound() throws(WebProblem) -> WebRequest {
        guard query.pairs.count <= Self.queryLimit, query.isSound, parameters.values.allSatisfy({ !$0.utf8.contains(0) }) else { throw .malformed }
        return self
    }

    /// The id in the route. Throws `WebProblem.missing` where it is none: a wrong address looks like a missing thing.
    package func id(_ name: String) throws -> Int64 {
        guard let id = parameters[name].flatMap({ Int64($0) }) else { throw WebProblem.missing }
        return id
    }
}

/// The cookies a browser sent.
package struct Cookies: Sendable {
    private let values: [String: String]

    private let prefix: String

    /// Reads a `Cookie` header; of a name sent twice the first counts. Over TLS only cookies are seen that no other
    /// site and no plain connection can have set.
    package init(header: String, isSecure: Bool = false) {
        prefix = isSecure ? Cookie.securePrefix : ""
        var values: [String: String] = [:]
        for part in header.split(separator: ";") {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = part[..<equals].drop { $0 == " " }
            guard !name.isEmpty, values[String(name)] == nil else { continue }
            values[String(name)] = String(part[part.index(after: equals)...])
        }
        self.values = values
    }

    package subscript(name: String) -> String? { values[prefix + name] }
}

/// A cookie to set: for this site only, out of reach of scripts, not sent along with other sites' forms.
package struct Cookie: Sendable {
    package var name: String
    /// Letters, digits, `-`, `_` only.
    package var value: String
    /// Seconds it lives; nil until the browser closes, 0 to remove it.
    package var maxAge: Int?
    package var isSecure: Bool

    package init(_ name: String, _ value: String, maxAge: Int? = nil, isSecure: Bool) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.isSecure = isSecure
    }

    /// Browsers take a cookie of such a name only from its own host and over TLS.
    static let securePrefix = "__Host-"

    package var header: String {
        "\(isSecure ? Cookie.securePrefix : "")\(name)=\(value); Path=/; HttpOnly; SameSite=Lax" + (maxAge.map { "; Max-Age=\($0)" } ?? "") + (isSecure ? "; Secure" : "")
    }
}

/// A "no" of the web itself, shown as a page that says what to do. Missing and forbidden are one and the same.
package struct WebProblem: Error, Sendable, Equatable {
    package var status: Int
    package var title: String
    package var sentence: String

    package init(_ status: Int, _ title: String, _ sentence: String) {
        self.status = status
        self.title = title
        self.sentence = sentence
    }

    /// For what does not exist and for what the account may not see: the outside learns no difference.
    package static let missing = WebProblem(404, "没有这个页面", "地址可能有误，或者内容已经移走，或者不在您的权限范围内。请从首页重新进入；如果是别人发来的链接，请与发送人核对。")
    package static let foreignForm = WebProblem(403, "表单没有提交", "这张表单已过期，或者不是从本系统的页面提交的，内容没有保存。请返回上一页，刷新后再提交。")
    package static let malformed = WebProblem(400, "请求无法识别", "浏览器发来的内容不完整，没有保存任何改动。请返回上一页重新提交。")
    package static let unknownKind = WebProblem(415, "内容无法识别", "发来的不是网页表单，没有保存任何改动。请从本系统的页面提交。")
    package static let otherHost = WebProblem(421, "地址不对", "本系统不以这个网址提供服务。请改用单位公布的网址打开；如果这就是公布的网址，请告诉本单位的系统管理员，由他登记这个网址。")
    package static let tooSlow = WebProblem(408, "接收超时", "内容传得太慢，没有收完，也没有保存任何改动。请检查网络后重新提交。")
    package static let failed = WebProblem(500, "系统出了错", "这次操作没有完成，已经写入的也全部撤回。请稍后再试一次；如果仍然出错，请把下面的编号告诉本单位的系统管理员。")
    package static let crowded = WebProblem(503, "正在接收的内容太多", "同时提交的表单或文件已经太多，这一份没有接收。请等前面的传完，再提交一次。")
    static let downloadsCrowded = WebProblem(429, "同时下载的文件太多", "您有 \(Downloads.most) 个文件还在下载。请等它们下完，再下载这一个；如果您没有在下载，请改密码并退出其他登录。")
    package static let ownCrowded = WebProblem(429, "提交的内容太多", "您同时提交的表单或文件已经太多，这一份没有接收。请等前面的传完，再提交一次；如果您没有在提交，请改密码并退出其他登录。")
    package static let diskFull = WebProblem(503, "存放文件的空间不足", "服务器的磁盘快满了，文件没有接收。请告诉本单位的系统管理员腾出空间，然后再提交。")
    package static func tooMany(waitMilliseconds: Int64) -> WebProblem {
        WebProblem(429, "提交得太快", "短时间内提交的次数太多，这一次没有保存。请等 \((waitMilliseconds + 999) / 1000) 秒，返回上一页再提交。")
    }
    /// What the database refuses; where and why exactly is for the log.
    static func unavailable(_ refusal: Refusal) -> WebProblem { WebProblem(503, "暂时不能服务", refusal.sentence) }
    package static func tooLarge(limit: Int) -> WebProblem {
        let size = limit >= 1 << 20 ? "\(limit >> 20) MB" : "\(limit >> 10) KB"
        return WebProblem(413, "内容太大", "提交的内容超过 \(size)，没有接收。请拆成几个较小的文件，分别提交。")
    }
}
