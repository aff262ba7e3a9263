//go:build !windows

package check

import (
	"bufio"
	"os"
	"strings"
)

// absoluteNames says that the resolver takes a name with a dot at its end as it is.
const absoluteNames = true

func hostsFileName() string { return "/etc/hosts" }

// canonicalNames are what a name stands for, where nothing else has told.
func canonicalNames(string) []string { return nil }

// searchSuffixes are what is appended to names.
func searchSuffixes() []string {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return nil
	}
	defer f.Close()
	var all []string
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) > 1 && (fields[0] == "search" || fields[0] == "domain") {
			all = fields[1:]
		}
	}
	return all
}
