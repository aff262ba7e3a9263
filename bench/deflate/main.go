// Deflate compresses a file as archive does, on one core and to nowhere: the
// least that an archive of it could take.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/flate"
)

// level is that of package archive.
const level = 6

func main() {
	if err := deflate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "deflate:", err)
		os.Exit(1)
	}
}

func deflate(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: deflate FILE")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := flate.NewWriter(io.Discard, level)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, f); err != nil {
		return err
	}
	return w.Close()
}
