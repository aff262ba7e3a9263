// Package gentestdata makes the logs of the folder testdata from the
// specifications in testdata/spec: `go generate ./testdata` runs it.
//
// A log's specification is YAML that can be read without this package: see
// Spec, and the comments in the files themselves. The same specification gives
// the same bytes: nothing comes from a clock, a map's order or a generator of
// random numbers that may change.
//
// Tests of other packages may ask it what a log of testdata holds (Load) and
// what is left of a damaged one (LoadDamaged).
package gentestdata
