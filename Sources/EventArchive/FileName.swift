internal import Glibc

/// Gives a file its final name, unless something has it.
///
/// - Returns: 0, or the number of the system's error: `EEXIST` when the name is taken. The temporary name may still be
///   there.
package func giveName(_ name: String, to temporary: String) -> CInt {
    if link(temporary, name) == 0 { return 0 }
    guard [EPERM, ENOSYS, EOPNOTSUPP].contains(errno) else { return errno }
    // A file system without links: as near to that as it comes.
    guard access(name, F_OK) != 0 else { return EEXIST }
    return rename(temporary, name) == 0 ? 0 : errno
}

/// Brings the names in a folder to the disk.
///
/// - Returns: Whether that went well.
package func synchroniseFolder(_ path: String) -> Bool {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    return fsync(folder) == 0
}
