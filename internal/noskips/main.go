// Command noskips reads the stream of `go test -json` on standard input, prints what a person wants to see of it, and
// fails when a test failed or was skipped: a full run that quietly left something out is no full run.
//
// Tests over the logs of GWLOGS_SHARED may skip where that folder is absent: their message names the variable.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	_, err := os.Stat(os.Getenv("GWLOGS_SHARED"))
	ok, err := run(os.Stdin, os.Stdout, err != nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "noskips:", err)
		os.Exit(1)
	}
	if !ok {
		os.Exit(1)
	}
}

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action, Package, Test, Output string
}

// test names one test of one package.
type test struct{ pkg, name string }

// run copies the readable part of the stream in to out and answers whether all tests ran and passed.
// When sharedMissing, tests whose message names GWLOGS_SHARED may skip.
func run(in io.Reader, out io.Writer, sharedMissing bool) (bool, error) {
	output := map[test][]string{} // of tests that have not ended
	var skipped, excused []string
	failed, ran := 0, 0

	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // not of the stream: a tool's message
			continue
		}
		t := test{e.Package, e.Test}
		switch e.Action {
		case "output", "build-output":
			if e.Test == "" {
				// The word FAIL of a failing package alone on its line, and PASS, say nothing that the line after does not.
				if e.Output != "PASS\n" && e.Output != "FAIL\n" {
					fmt.Fprint(out, e.Output)
				}
			} else {
				output[t] = append(output[t], e.Output)
			}
		case "pass":
			if e.Test != "" {
				ran++
			}
			delete(output, t)
		case "fail", "build-fail":
			failed++
			fmt.Fprint(out, strings.Join(output[t], ""))
			delete(output, t)
		case "skip":
			if e.Test == "" { // a package without tests
				continue
			}
			text := strings.Join(output[t], "")
			line := fmt.Sprintf("skipped: %s %s: %s", e.Package, e.Test, reason(text))
			if sharedMissing && strings.Contains(text, "GWLOGS_SHARED") {
				excused = append(excused, line)
			} else {
				skipped = append(skipped, line)
			}
			delete(output, t)
		}
	}
	if err := lines.Err(); err != nil {
		return false, err
	}
	for _, line := range append(excused, skipped...) {
		fmt.Fprintln(out, line)
	}
	switch {
	case failed > 0:
		fmt.Fprintf(out, "noskips: %d failed\n", failed)
	case ran == 0:
		fmt.Fprintln(out, "noskips: no test ran")
	case len(skipped) > 0:
		fmt.Fprintf(out, "noskips: %d tests skipped that must run here\n", len(skipped))
	}
	return failed == 0 && ran > 0 && len(skipped) == 0, nil
}

// reason is the line of a skipped test's output that says why: the last that is not go test's own.
func reason(output string) string {
	why := "no reason given"
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			why = line
		}
	}
	return why
}
