/// Compares generated Swift with what is on disk.
struct StalenessCheck {
    let registry: SchemaRegistry
    let files: PackageFiles

    func findings() -> [Finding] {
        let generated = CodeGenerator(registry).files()
        let stale = generated.compactMap { file -> Finding? in
            switch files.read(file.path) {
            case nil: Finding(file: file.path, message: "it is missing; run `strata schemas generate`.")
            case Array(file.text.utf8): nil
            default: Finding(file: file.path, message: "it is not what its schemas say; run `strata schemas generate`.")
            }
        }
        let expected = Set(generated.map(\.path))
        let orphans = files.list("Sources", suffix: "Events.swift").filter { path in
            path.split(separator: "/").dropLast().last == "Generated" && !expected.contains(path)
        }
        return stale + orphans.map { Finding(file: $0, message: "no schema asks for it; delete it.") }
    }
}
