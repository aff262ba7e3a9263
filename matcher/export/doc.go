// Package export writes the catalogue of known problems for other engines:
// queries for Log Analytics, and rules that Chainsaw and Hayabusa load.
//
// These look at a message as it stands in the log, while signatures are
// written for normalised text; texts therefore go out in the variants that
// differ only in apostrophes and spaces. What an engine cannot express is
// named in the output, not left out in silence.
package export
