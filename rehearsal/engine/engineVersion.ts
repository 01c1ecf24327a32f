/** The Pulumi engine that the rehearsal is pinned to; `go.mod` beside this file names the same one. */
export const engineVersion = "3.259.0";
