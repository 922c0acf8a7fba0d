// swift-tools-version: 6.1
import PackageDescription

// The product is optimised in debug builds too, and traps where a release would. It takes hardly longer to build, and without it
// the tests take half as long again (docs/decisions/0029).
let fast: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

// The toolchain's own linker: the default one takes most of the time of an edited line (docs/decisions/0037).
let linked: [LinkerSetting] = [.unsafeFlags(["-use-ld=lld"])]

// What stories over the whole product see.
let everything: [Target.Dependency] = ["World", "App", "Standing", "Figures", "Representatives", "Ledger", "Certificates", "People", "Approvals", "Accounts", "Access", "Register", "Kit", "Rules"]

// Targets and arrows, nothing clever: docs/architecture.md draws the same graph.
// Direct dependencies are pinned exactly; docs/decisions/ says why each was taken.
let package = Package(
    name: "yugong",
    products: [.executable(name: "yugong", targets: ["yugong"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // Module maps of Debian's libraries, no code.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CXlsxWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CMinizip", pkgConfig: "minizip", providers: [.apt(["libminizip-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),

        // The areas, lowest first.
        .target(
            name: "Kit",
            dependencies: [
                "CSQLite", "CLibPQ", "CArgon2", "CXlsxWriter", "CMinizip", "CExpat", "CMalloc", "CQRencode",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: fast, linkerSettings: linked),
        .target(name: "Rules", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: fast, linkerSettings: linked),
        .target(name: "Register", dependencies: ["Kit", "Rules"], swiftSettings: fast),
        .target(name: "Access", dependencies: ["Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Accounts", dependencies: ["Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Approvals", dependencies: ["Accounts", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "People", dependencies: ["Approvals", "Accounts", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Certificates", dependencies: ["People", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Ledger", dependencies: ["People", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Representatives", dependencies: ["People", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Figures", dependencies: ["Representatives", "Ledger", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(name: "Standing", dependencies: ["Figures", "Ledger", "Certificates", "People", "Approvals", "Accounts", "Access", "Register", "Kit", "Rules"], swiftSettings: fast),
        .target(
            name: "App", dependencies: ["Standing", "Figures", "Representatives", "Ledger", "Certificates", "People", "Approvals", "Accounts", "Access", "Register", "Kit", "Rules"],
            // Into the binary: a resource bundle is lost when the program moves.
            resources: [.embedInCode("Migrations")], swiftSettings: fast),
        .target(
            name: "World", dependencies: ["App", "Standing", "Figures", "Representatives", "Ledger", "Certificates", "People", "Approvals", "Accounts", "Access", "Register", "Kit", "Rules"],
            swiftSettings: fast),
        .executableTarget(
            name: "yugong",
            dependencies: everything + [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // What bin/bench measures inside the process.
        .executableTarget(
            name: "yugong-bench", dependencies: everything, path: "Benchmarks", exclude: ["run.py"]),

        // Throw-away databases on both engines for the tests.
        .target(
            name: "TestBench", dependencies: ["App", "Accounts", "Access", "Register", "Kit", "CLibPQ", .product(name: "AsyncHTTPClient", package: "async-http-client")],
            path: "Tests/TestBench"),
        .testTarget(
            name: "KitTests", dependencies: ["Kit", "TestBench"],
            exclude: ["Files/make_workbooks.py", "Files/compare_workbooks.py", "Files/describe_template.py"]),
        .testTarget(name: "PolicyTests", dependencies: ["TestBench", "Rules"], swiftSettings: fast),
        .testTarget(name: "PeopleTests", dependencies: ["TestBench"] + everything),
        .testTarget(name: "LedgerTests", dependencies: ["TestBench"] + everything),
        .testTarget(name: "RepresentativesTests", dependencies: ["TestBench"] + everything),
        .testTarget(name: "StandingTests", dependencies: ["TestBench"] + everything),
        .testTarget(name: "AppTests", dependencies: ["TestBench"] + everything, exclude: ["Exchange/workbooks.py"]),
        .testTarget(name: "TidyTests", dependencies: ["TestBench"], swiftSettings: fast),
    ])

// Fuzzers are built in a way of their own, which ordinary builds do not see: bin/fuzz.
if Context.environment["YUGONG_FUZZ"] != nil {
    package.targets.append(.executableTarget(name: "yugong-fuzz", dependencies: ["Figures", "Ledger", "People", "Accounts", "Access", "Register", "Rules", "Kit"], path: "Fuzz"))
}
