// Package testdata holds the logs that tests and documentation use. It has no
// code: the logs are made from the specifications in the folder spec.
package testdata

//go:generate go run ../internal/gentestdata/gen
