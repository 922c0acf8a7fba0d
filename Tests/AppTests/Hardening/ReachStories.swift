import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("By which name, through whom, and what every answer carries", .ownThreads)
struct ReachStories {
    @Test("Under public addresses only their names are answered; forms may come from their pages")
    func names() async throws {
        let listening = Listening(host: "127.0.0.1", port: 0, publicAddresses: try PublicAddress.list("https://Train.Example.cn/, http://train.local:8080"))
        try await servedOnBothEngines(at: listening) { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            #expect(try await browser.get("/sign-in", headers: ["Host": "other.example.cn"]).status == 421)
            #expect(try await browser.get("/sign-in", headers: ["Host": "train.example.cn:81"]).status == 421)
            let page = try await browser.get("/sign-in", headers: ["Host": "train.example.cn"])
            #expect(page.status == 200)
            #expect(page.header("Set-Cookie")?.hasPrefix("__Host-yugong-form=") == true && page.header("Set-Cookie")?.contains("; Secure") == true)
            #expect(page.header("Strict-Transport-Security") == "max-age=31536000; includeSubDomains")
            let plain = try await Browser(port: port).get("/sign-in", headers: ["Host": "train.local:8080"])
            #expect(plain.header("Set-Cookie")?.hasPrefix("yugong-form=") == true && plain.header("Strict-Transport-Security") == nil)
            let fields = [("name", "ouyang"), ("password", password)]
            #expect(try await browser.post("/sign-in", fields, headers: ["Host": "train.example.cn", "Origin": "https://evil.example"]).status == 403)
            #expect(try await browser.post("/sign-in", fields, headers: ["Host": "train.example.cn", "Origin": "http://train.example.cn"]).status == 403)
            // A proxy that asks us by our inner name.
            let signed = try await browser.post("/sign-in", fields, headers: ["Host": "train.example.cn", "Origin": "https://train.example.cn"])
            #expect(signed.status == 303 || signed.status == 200)
        }
    }

    @Test("Only a trusted proxy is believed about TLS")
    func proxies() async throws {
        for (proxies, isBelieved) in [(AddressRange.thisMachine, true), ([try AddressRange("10.0.0.0/8")], false)] {
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: 0, trustedProxies: proxies)) { _, port in
                let page = try await Browser(port: port).get("/sign-in", headers: ["X-Forwarded-Proto": "https"])
                #expect((page.header("Strict-Transport-Security") != nil) == isBelieved)
            }
        }
    }

    @Test("A cookie that another site or a plain connection may have set is not seen over TLS")
    func prefixes() {
        let cookies = Cookies(header: "yugong=planted; __Host-yugong=ours", isSecure: true)
        #expect(cookies["yugong"] == "ours")
        #expect(Cookies(header: "yugong=planted", isSecure: true)["yugong"] == nil)
        #expect(Cookies(header: "yugong=plain")["yugong"] == "plain")
    }

    @Test("Ranges of addresses and public addresses are read or refused by name")
    func reading() throws {
        let range = try AddressRange("10.1.0.0/16")
        #expect(range.holds("10.1.255.3") && !range.holds("10.2.0.1") && range.holds("::ffff:10.1.0.1") && !range.holds("::1"))
        let unique = try AddressRange("fd00::/8"), all = try AddressRange("0.0.0.0/0")
        #expect(unique.holds("fd12::1") && all.holds("1.2.3.4"))
        for wrong in ["", "10.1", "10.1.0.0/33", "10.1.0.0/x", "name"] { #expect(throws: Refusal.self) { try AddressRange(wrong) } }
        let usual = try PublicAddress("https://a.cn:443"), other = try PublicAddress("http://a.cn:8080/")
        #expect(usual.authority == "a.cn" && other.description == "http://a.cn:8080")
        for wrong in ["", "a.cn", "ftp://a.cn", "https://", "https://a.cn/path", "https://a b"] { #expect(throws: Refusal.self) { try PublicAddress(wrong) } }
        #expect(throws: Refusal.self) { try Settings.Reach(certificate: "/a").listening(host: "::1", port: 0) }
        #expect(throws: Refusal.self) { try Settings.Reach(certificate: "/none", key: "/none").listening(host: "::1", port: 0) }
    }

    @Test("With the database away a page says so, with a number, and nothing of where it was")
    func away() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            app.database.close()
            let page = try await browser.get("/account")
            #expect(page.status == 503 && page.header("Retry-After") == "10" && page.body.contains("编号") && page.body.contains("暂时不能服务"))
            #expect(!page.body.contains("postgres") && !page.body.contains("sqlite"))
        }
    }

    @Test("What other sites embed is not given to them; their links lead in")
    func embedding() async throws {
        try await servedOnBothEngines { _, port in
            let browser = Browser(port: port)
            let embedded = try await browser.get("/assets/app.css", headers: ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"])
            let linked = try await browser.get("/sign-in", headers: ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"])
            #expect(embedded.status == 404 && linked.status == 200)
        }
    }
}
