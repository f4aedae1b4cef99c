internal import Glibc

/// The server's settings.
enum ServerSettings {
    /// What `postgresql.conf` holds. Operators change settings with `ALTER SYSTEM`, which wins over it.
    static func file(hasLZ4: Bool) -> String {
        let settings: [(String, String)] = [
            ("max_connections", "100"),
            ("shared_buffers", "\(sharedBuffersMiB(memoryMiB: memoryMiB))MB"),
            ("dynamic_shared_memory_type", hasSharedMemoryFolder ? "posix" : "mmap"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("wal_compression", hasLZ4 ? "lz4" : "on"),
            ("max_wal_size", "4GB"),
            ("checkpoint_timeout", "15min"),
            ("huge_pages", "try"),
            ("jit", "off"),
            ("autovacuum", "on"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("lc_messages", "C"),
            ("log_min_messages", "warning"),
            // Statements can hold personal data, and the program that sent them logs their failures.
            ("log_min_error_statement", "panic"),
        ]
        return "# Written by Strata at every start; change settings with ALTER SYSTEM.\n"
            + settings.map { "\($0) = \(quoted($1))\n" }.joined()
    }

    /// What nobody can change: the server is reached through its socket alone and logs into its own folder, one file
    /// for each day of the week.
    static func fixed(_ place: ServerFolder, socketFolder: String) -> [(name: String, value: String)] {
        [
            ("listen_addresses", ""),
            ("port", String(ServerFolder.port)),
            ("unix_socket_directories", listElement(socketFolder)),
            ("unix_socket_permissions", "0700"),
            ("logging_collector", "on"),
            ("log_directory", place.log),
            ("log_filename", "postgres-%a.log"),
            ("log_file_mode", "0600"),
            ("log_rotation_age", "1d"),
            ("log_rotation_size", "0"),
            ("log_truncate_on_rotation", "on"),
        ]
    }

    /// An eighth of the memory, from 16 MiB to 256 MiB.
    static func sharedBuffersMiB(memoryMiB: Int) -> Int { min(max(memoryMiB / 8, 16), 256) }

    /// What the machine has, or what the container may use.
    private static var memoryMiB: Int {
        let machine = sysconf(CInt(_SC_PHYS_PAGES)) / 1_024 * sysconf(CInt(_SC_PAGESIZE)) / 1_024
        let container = Files.read("/sys/fs/cgroup/memory.max").flatMap { Int($0.prefix(while: \.isNumber)) }
        return min(machine, container.map { $0 / 1_048_576 } ?? machine)
    }

    /// Some containers have a `/dev/shm` that only root can write.
    private static var hasSharedMemoryFolder: Bool { Files.status("/dev/shm").map { $0.mode & 0o002 != 0 } ?? false }

    private static func quoted(_ value: String) -> String { "'" + value.replacing("'", with: "''") + "'" }

    /// The setting is a list, so a path with a comma or a blank needs quotes.
    private static func listElement(_ path: String) -> String { "\"" + path.replacing("\"", with: "\"\"") + "\"" }
}
