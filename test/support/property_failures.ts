import * as fc from "fast-check"

// What a property failed with stands in the report itself: reporters do not show an error's cause.
fc.configureGlobal({ includeErrorInReport: true })
