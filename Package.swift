// swift-tools-version: 6.2
import PackageDescription

/// Every rail the toolchain has, on every target.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let locks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil, exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path, exclude: exclude, resources: resources,
        swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "strata",
    products: [
        .library(name: "EventCodec", targets: ["EventCodec"]),
        .library(name: "EventSourcing", targets: ["EventSourcing"]),
        .library(name: "EventSourcingTesting", targets: ["EventSourcingTesting"]),
        .library(
            name: "PostgresEventStore", targets: ["PostgresClient", "PostgresEventStore", "Runtime", "SagaEngine"]),
        .executable(name: "strata", targets: ["strata"]),
        .executable(name: "strata-bench", targets: ["StrataBench"]),
        .executable(name: "strata-soak", targets: ["StrataSoak"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(name: "CSpawn"),

        // The library.
        library("EventCodec"),
        library("EventSchema", ["EventCodec", crypto]),
        library("EventSourcing", ["EventCodec", crypto, locks]),
        library("SagaEngine", ["EventCodec", "EventSourcing", locks]),
        library("EventSourcingTesting", ["EventSourcing", "SagaEngine"]),
        library("EventArchive", ["CLZ4", "EventSourcing", crypto, locks]),
        library("PostgresClient", ["CLibPQ", locks, logging]),
        library("PostgresServer", ["CSpawn", "PostgresClient"]),
        library(
            "PostgresEventStore",
            ["EventArchive", "EventCodec", "EventSourcing", "PostgresClient", lifecycle, locks, logging],
            resources: [.embedInCode("Migrations")]),
        library(
            "Runtime",
            ["EventCodec", "EventSourcing", "PostgresClient", "SagaEngine", lifecycle, locks, logging, metrics]),

        // The shop.
        library("Commerce", ["EventCodec"]),
        library("Catalog", ["Commerce", "EventCodec", "EventSourcing"]),
        library("Inventory", ["Commerce", "EventCodec", "EventSourcing"]),
        library("Orders", ["Commerce", "EventCodec", "EventSourcing"]),
        library("Payments", ["Commerce", "EventCodec", "EventSourcing", locks]),
        library(
            "Projections",
            [
                "Catalog", "Commerce", "EventSourcing", "Inventory", "Orders", "Payments", "PostgresClient", "Runtime",
            ], path: "Projections"),
        library(
            "Sagas", ["Commerce", "EventSourcing", "Inventory", "Orders", "Payments", "SagaEngine"], path: "Sagas"),

        // The programs.
        library("Terminal", [locks]),
        library("Demo", ["Commerce", "EventCodec", asyncHTTPClient, locks, nioCore, nioHTTP1]),
        .executableTarget(
            name: "strata",
            dependencies: [
                "Catalog", "Commerce", "CommandAPI", "Demo", "EventArchive", "EventCodec", "EventSchema",
                "EventSourcing", "HTTPSupport",
                "Inventory", "Orders", "Payments",
                "PostgresClient", "PostgresEventStore", "PostgresServer", "Projections", "QueryAPI", "Runtime",
                "SagaEngine", "Sagas", "StoreAPI", "Telemetry", "Terminal", argumentParser, lifecycle, logging, metrics,
                unixSignals,
            ], swiftSettings: strict),
        .executableTarget(
            name: "StrataBench",
            dependencies: [
                "Commerce", "EventCodec", "EventSourcing", "Orders", "PostgresClient", "PostgresEventStore",
                "PostgresServer", argumentParser, logging,
            ], resources: [.embedInCode("Peers/eventsourcing_recorder.py")], swiftSettings: strict),
        library(
            "FaultInjection",
            [
                "EventSourcing", "EventSourcingTesting", "PostgresClient", "PostgresEventStore", "PostgresServer",
                locks, logging,
            ]),
        .executableTarget(
            name: "StrataSoak", dependencies: ["FaultInjection", argumentParser], swiftSettings: strict),

        // The edge: HTTP and what operators see.
        library("Telemetry", ["EventCodec", "EventSourcing", "Terminal", locks, logging, metrics]),
        library(
            "HTTPSupport",
            [
                "EventCodec", "EventSourcing", crypto, httpTypes, hummingbird, lifecycle, locks, logging, metrics,
                nioCore,
            ]),
        library(
            "CommandAPI",
            [
                "Catalog", "Commerce", "EventCodec", "EventSourcing", "HTTPSupport", "Inventory", "Orders", "Payments",
                httpTypes, hummingbird, lifecycle, locks, logging,
            ], resources: [.embedInCode("openapi.json")]),
        library(
            "QueryAPI",
            [
                "Commerce", "EventCodec", "EventSourcing", "HTTPSupport", "PostgresClient", "Runtime", "SagaEngine",
                httpTypes, hummingbird, lifecycle, logging, nioCore,
            ], resources: [.embedInCode("openapi.json")]),
        library(
            "StoreAPI",
            [
                "EventCodec", "EventSchema", "EventSourcing", "HTTPSupport", httpTypes, hummingbird, lifecycle, logging,
            ], resources: [.embedInCode("openapi.json")]),

        // The tests.
        library("Support", ["PostgresClient", "PostgresServer"], path: "Tests/Support"),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "Demo", "EventArchive", "EventSourcing", "EventSourcingTesting", "FaultInjection", "PostgresClient",
                "PostgresEventStore", "PostgresServer", "StrataSoak", "Support", "strata", logging,
            ],
            path: "Tests/Crash", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Demo", "EventSourcing", "PostgresEventStore", "PostgresServer", "StoreAPI", "Support", "strata",
                argumentParser,
            ],
            path: "Tests/EndToEnd",
            swiftSettings: strict),
        library(
            "HTTPTestSupport",
            ["EventCodec", "EventSourcing", "HTTPSupport", asyncHTTPClient, lifecycle, logging, nioCore, nioHTTP1],
            path: "Tests/HTTPTestSupport"),
        tests(
            "CommandAPITests",
            [
                "Catalog", "CommandAPI", "Commerce", "EventCodec", "EventSourcing", "EventSourcingTesting",
                "HTTPSupport", "HTTPTestSupport",
                "Inventory", "Orders", "Payments", "PostgresEventStore", "PostgresServer", "Support", lifecycle, locks,
                metrics,
            ]),
        tests(
            "QueryAPITests",
            [
                "Catalog", "Commerce", "EventCodec", "EventSourcing", "EventSourcingTesting", "HTTPSupport",
                "HTTPTestSupport", "Inventory",
                "Orders", "Payments", "PostgresClient", "PostgresEventStore", "PostgresServer", "Projections",
                "QueryAPI", "Runtime", "SagaEngine", httpTypes, metrics,
            ]),
        tests(
            "StoreAPITests",
            [
                "EventCodec", "EventSchema", "EventSourcing", "EventSourcingTesting", "HTTPSupport", "HTTPTestSupport",
                "PostgresEventStore",
                "PostgresServer", "StoreAPI", "Support", locks, metrics,
            ]),
        tests("TerminalTests", ["Terminal"]),
        tests("TelemetryTests", ["EventCodec", "Telemetry", locks, logging, metrics]),
        tests(
            "HTTPSupportTests",
            [
                "EventCodec", "EventSourcing", "EventSourcingTesting", "HTTPSupport", "HTTPTestSupport", "Support",
                "Telemetry", httpTypes, hummingbird, lifecycle, locks, logging,
            ]),
        tests("EventArchiveTests", ["EventArchive", "EventSourcing", "EventSourcingTesting", "Support", crypto]),
        tests("EventSourcingTests", ["EventSourcing", "EventSourcingTesting", "SagaEngine", locks]),
        tests(
            "DocumentationTests",
            [
                "EventSourcing", "EventSourcingTesting", "PostgresClient", "PostgresEventStore", "PostgresServer",
                "Runtime", "SagaEngine", lifecycle, logging, unixSignals,
            ]),
        tests("PostgresClientTests", ["EventSourcingTesting", "PostgresClient", "PostgresServer", "Support", locks]),
        tests(
            "ProjectionsTests",
            [
                "Catalog", "Commerce", "EventSourcing", "EventSourcingTesting", "Inventory", "Orders", "Payments",
                "PostgresClient", "PostgresServer", "Projections", "Runtime",
            ]),
        tests(
            "RuntimeTests",
            [
                "EventSourcing", "EventSourcingTesting", "PostgresClient", "PostgresEventStore", "PostgresServer",
                "Runtime", "Support", "Telemetry", lifecycle, locks, logging,
            ]),
        tests("SagaEngineTests", ["EventSourcing", "EventSourcingTesting", "SagaEngine", locks]),
        tests(
            "SagasTests",
            [
                "Commerce", "EventSourcing", "EventSourcingTesting", "Inventory", "Orders", "Payments", "SagaEngine",
                "Sagas",
            ]),
        tests(
            "PostgresEventStoreTests",
            [
                "EventSourcing", "EventSourcingTesting", "PostgresClient", "PostgresEventStore", "PostgresServer",
                "Support",
                locks, logging,
            ]),
        tests("FaultInjectionTests", ["EventSourcing", "FaultInjection"]),
        tests("StrataBenchTests", ["EventCodec", "StrataBench"]),
        tests("InventoryTests", ["Commerce", "EventSourcing", "EventSourcingTesting", "Inventory"]),
        tests("OrdersTests", ["Commerce", "EventSourcing", "EventSourcingTesting", "Orders"]),
        tests("PaymentsTests", ["Commerce", "EventSourcing", "EventSourcingTesting", "Payments"]),
        tests("PostgresServerTests", ["PostgresClient", "PostgresServer"]),
        tests("CatalogTests", ["Catalog", "Commerce", "EventSourcing", "EventSourcingTesting"]),
        tests("CommerceTests", ["Commerce", "EventCodec"]),
        tests("EventCodecTests", ["EventCodec", "EventSourcingTesting"]),
        tests(
            "EventSchemaTests",
            [
                "Catalog", "Commerce", "EventCodec", "EventSchema", "EventSourcing", "Inventory", "Orders", "Payments",
                "SagaEngine",
            ]),
    ]
)
