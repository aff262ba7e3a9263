//go:build !linux

package main

import (
	"fmt"
	"os"
)

// The limits and the measuring of memory are those of Linux.
func main() {
	fmt.Fprintln(os.Stderr, "mutate: runs on linux only")
	os.Exit(2)
}
