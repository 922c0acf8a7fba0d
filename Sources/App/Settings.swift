import Accounts
import Foundation
import Kit

/// What the surroundings say: only here is the environment read.
package struct Settings: Sendable {
    /// The folder that holds `Policies/` and `Public/`.
    package var home: String
    /// `/gallery` is there.
    package var isDevelopment: Bool
    package var keyFile: String?
    package var userHome: String
    /// Where the database is unless a command says otherwise.
    package var databaseURL: String
    /// Folders with policies besides the shipped ones.
    package var policyFolders: [String]
    /// Years that a person's file is kept after the last post, as the operator has decided; nil where nobody has.
    package var retentionYears: Int?
    /// How much the service log says: a level of swift-log, `info` where nothing is said.
    package var logLevel = "info"
    /// How the surroundings want it to be reached; a command's options win.
    package var reach = Reach()
    /// The provider of single sign-on, where there is one.
    package var signOn = SignOn()
    /// Where anchors are sent besides the folder of the key.
    package var anchorCopies = AnchorCopies()
    package var allPolicyFolders: [String] { [home + "/Policies"] + policyFolders }

    package init(
        home: String, isDevelopment: Bool = false, keyFile: String? = nil, userHome: String = "", databaseURL: String = "sqlite:data/yugong.db",
        policyFolders: [String] = []
    ) {
        self.home = home
        self.isDevelopment = isDevelopment
        self.keyFile = keyFile
        self.userHome = userHome
        self.databaseURL = databaseURL
        self.policyFolders = policyFolders
    }

    /// The settings of this process. Refusal `assets.missing` where the shipped files are nowhere to be found.
    package static func fromEnvironment() throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        guard let home = environment["YUGONG_HOME"] ?? shippedFolder() else {
            throw Refusal("assets.missing", "找不到随程序一起的 Policies 和 Public 两个目录。请把它们放在程序旁边，或者用环境变量 YUGONG_HOME 指出它们在哪里。")
        }
        var settings = Settings(
            home: home, isDevelopment: !(environment["YUGONG_DEV"] ?? "").isEmpty, keyFile: environment["YUGONG_KEY_FILE"],
            userHome: environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path,
            databaseURL: environment["YUGONG_DATABASE"] ?? "sqlite:data/yugong.db",
            policyFolders: environment["YUGONG_POLICIES"].map { [$0] } ?? [])
        settings.retentionYears = environment["YUGONG_RETENTION_YEARS"].flatMap { Int($0) }.flatMap { (1...100).contains($0) ? $0 : nil }
        settings.logLevel = environment["YUGONG_LOG"] ?? settings.logLevel
        settings.reach = Reach(
            certificate: environment["YUGONG_TLS_CERTIFICATE"], key: environment["YUGONG_TLS_KEY"],
            publicURL: environment["YUGONG_PUBLIC_URL"], trustedProxies: environment["YUGONG_TRUSTED_PROXIES"])
        settings.anchorCopies = AnchorCopies(
            file: environment["YUGONG_ANCHOR_FILE"], syslog: environment["YUGONG_ANCHOR_SYSLOG"], webhook: environment["YUGONG_ANCHOR_WEBHOOK"])
        settings.signOn = SignOn(
            issuer: environment["YUGONG_SSO_ISSUER"], client: environment["YUGONG_SSO_CLIENT"], secretFile: environment["YUGONG_SSO_SECRET_FILE"],
            name: environment["YUGONG_SSO_NAME"], staffNumberClaim: environment["YUGONG_SSO_STAFF_NUMBER_CLAIM"], strong: environment["YUGONG_SSO_STRONG"],
            scopes: environment["YUGONG_SSO_SCOPES"], trust: environment["YUGONG_SSO_TRUST"])
        return settings
    }

    /// How browsers reach the server, as it was written down.
    package struct Reach: Sendable {
        /// PEM files; both or none.
        package var certificate: String?, key: String?
        /// `https://train.example.cn`, several by commas.
        package var publicURL: String?
        /// `10.1.2.3, 10.2.0.0/16`; this machine where nothing is said.
        package var trustedProxies: String?

        package init(certificate: String? = nil, key: String? = nil, publicURL: String? = nil, trustedProxies: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.publicURL = publicURL
            self.trustedProxies = trustedProxies
        }

        /// Where to listen. Refusals `usage.certificate`, `usage.certificateKey`, `usage.publicURL`, `usage.proxies`.
        package func listening(host: String, port: Int) throws(Refusal) -> Listening {
            var listening = Listening(host: host, port: port)
            switch (certificate.flatMap { $0.isEmpty ? nil : $0 }, key.flatMap { $0.isEmpty ? nil : $0 }) {
            case (let certificate?, let key?): listening.certificate = try Certificate(file: certificate, key: key)
            case (nil, nil): break
            default: throw Refusal("usage.certificate", "证书和私钥要一起给出：--tls-certificate 和 --tls-key，或者环境变量 YUGONG_TLS_CERTIFICATE 和 YUGONG_TLS_KEY。")
            }
            if let publicURL { listening.publicAddresses = try PublicAddress.list(publicURL) }
            if let trustedProxies { listening.trustedProxies = try AddressRange.list(trustedProxies) }
            return listening
        }
    }

    /// The nearest folder above the executable that holds the shipped files, or `../share/yugong` beside its folder.
    private static func shippedFolder() -> String? {
        guard let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        // Tests run in a program of the toolchain: their bundle is an argument.
        let starts = [executable] + CommandLine.arguments.filter { $0.hasPrefix("/") && $0.hasSuffix(".xctest") }
        for start in starts {
            var folder = URL(fileURLWithPath: start).deletingLastPathComponent()
            let installed = folder.deletingLastPathComponent().appendingPathComponent("share/yugong")
            if isShipped(installed.path) { return installed.path }
            while folder.path != "/" {
                if isShipped(folder.path) { return folder.path }
                folder.deleteLastPathComponent()
            }
        }
        return nil
    }

    private static func isShipped(_ folder: String) -> Bool {
        ["Policies", "Public"].allSatisfy { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder) && isFolder.boolValue
        }
    }
}

extension Settings {
    /// A provider of single sign-on, as it was written down. Without an issuer there is none.
    package struct SignOn: Sendable {
        package var issuer: String?
        /// What the provider calls this installation.
        package var client: String?
        /// The secret alone in a file: it stands in no command line, which everybody on the machine can read.
        package var secretFile: String?
        /// What people call the provider.
        package var name: String?
        /// The claim that is a staff number and may bind an account at the first sign-in; none unless it is named.
        package var staffNumberClaim: String?
        /// `mfa, urn:example:strong`: values of `acr` or `amr` that count as a second factor.
        package var strong: String?
        /// `openid` and what else is to be asked for.
        package var scopes: String?
        /// PEM file with certificates trusted besides the system's.
        package var trust: String?

        package init(
            issuer: String? = nil, client: String? = nil, secretFile: String? = nil, name: String? = nil, staffNumberClaim: String? = nil, strong: String? = nil,
            scopes: String? = nil, trust: String? = nil
        ) {
            self.issuer = issuer
            self.client = client
            self.secretFile = secretFile
            self.name = name
            self.staffNumberClaim = staffNumberClaim
            self.strong = strong
            self.scopes = scopes
            self.trust = trust
        }

        /// What options say wins over the surroundings.
        package func overridden(by other: SignOn) -> SignOn {
            SignOn(
                issuer: other.issuer ?? issuer, client: other.client ?? client, secretFile: other.secretFile ?? secretFile, name: other.name ?? name,
                staffNumberClaim: other.staffNumberClaim ?? staffNumberClaim, strong: other.strong ?? strong, scopes: other.scopes ?? scopes, trust: other.trust ?? trust)
        }

        /// Nil without an issuer. Refusals `usage.ssoAddress`, `usage.ssoSecret`, `usage.ssoIssuer`, `usage.ssoClient`, `usage.ssoRoots`, `usage.publicURL`.
        package func singleSignOn(at reach: Reach) throws -> SingleSignOn? {
            guard let issuer = Self.said(issuer) else { return nil }
            // The way back is fixed here: what a request calls us by is anybody's word.
            guard let home = try reach.publicURL.map({ try PublicAddress.list($0) })?.first else {
                throw Refusal("usage.ssoAddress", "要用统一身份登录，请同时用 --public-url 写明浏览器打开本系统的网址：平台要把人送回那里。")
            }
            guard let file = Self.said(secretFile), let text = try? String(contentsOfFile: file, encoding: .utf8), text.utf8.count <= 4096 else {
                throw Refusal("usage.ssoSecret", "读不出统一身份登录的密钥文件\(Self.said(secretFile).map { " \($0)" } ?? "")。请用 --sso-secret-file 给出一个只含密钥的文件，并让运行本程序的用户能读。")
            }
            func list(_ text: String?) -> [String] { (text ?? "").split { $0 == "," || $0 == " " }.map(String.init) }
            let client = try OpenIDClient(
                issuer: issuer, id: client ?? "", secret: text.trimmingCharacters(in: .whitespacesAndNewlines), redirect: home.description + SingleSignOn.path,
                scopes: ["openid"] + list(scopes).filter { $0 != "openid" }, trustedRoots: Self.said(trust))
            return SingleSignOn(
                name: Self.said(name) ?? "统一身份", provider: try IdentityProvider(client), staffNumberClaim: Self.said(staffNumberClaim), strong: Set(list(strong)))
        }

        private static func said(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    }
}
