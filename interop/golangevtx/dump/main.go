// Command dump prints a log as golang-evtx reads it, one event a line, for interop/readers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/0xrawsec/golang-evtx/evtx"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: dump FILE.evtx")
		os.Exit(2)
	}
	if err := dump(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "dump:", err)
		os.Exit(1)
	}
}

// dump flushes after each event: golang-evtx panics on goroutines of its own, and what it read until then is of interest.
func dump(name string) error {
	log, err := evtx.OpenDirty(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for event := range log.FastEvents() {
		if event == nil {
			continue
		}
		if err := lines.Encode(event); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}
