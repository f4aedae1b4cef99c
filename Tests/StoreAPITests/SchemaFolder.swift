/// Where the repository is, from the place of this file.
let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

let schemaFolder = repository + "/EventSchemas"
