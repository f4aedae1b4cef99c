extension SegmentFile {
    /// Reads all of the file, and compares every part with its digest.
    package func verifyDigests() throws(ArchiveError) {
        for number in 0..<blockCount { _ = try readBlock(number) }
        for kind in SectionKind.postings { _ = try postings(kind) }
        forgetPostings()
    }

    /// Reads all of the file, and checks that its blocks hold what the index says.
    ///
    /// - Throws: ``ArchiveError`` that names what is damaged.
    package func verify() throws(ArchiveError) {
        var index = SegmentIndexBuilder()
        for number in 0..<blockCount {
            let block = try readBlock(number)
            for row in 0..<block.count { index.add(block.event(row)) }
            index.endBlock()
        }
        for kind in SectionKind.postings where try postings(kind) != index.postings(kind) {
            throw ArchiveError(
                .damaged, file: path, positions: positions, "has an index of \(kind) that is not that of its events.")
        }
        forgetPostings()
    }
}
