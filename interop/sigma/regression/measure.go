package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
)

// measure runs the rules of rules/windows over all logs below a folder, on
// one goroutine: with their log sources, and once more as other libraries have
// been measured, without, so that every rule is tried on every event.
func measure(folder, logs string) error {
	rules, err := parseBelow(filepath.Join(folder, "rules", "windows"))
	if err != nil {
		return err
	}
	for _, way := range []struct {
		name    string
		sources func(sigma.Logsource) ([]sigma.Source, bool)
	}{{"with log sources", sigma.WindowsSources}, {"without", nil}} {
		set, err := sigma.Compile(rules, &sigma.Options{Sources: way.sources, Placeholders: placeholders(rules)})
		if err != nil {
			return err
		}
		if _, err := over(set, logs); err != nil { // warm
			return err
		}
		start := time.Now()
		n, err := over(set, logs)
		if err != nil {
			return err
		}
		took := time.Since(start)
		fmt.Printf("%d rules %s: %d events, %d matches, %.3f s, %.0f events/s\n",
			len(rules), way.name, n.events, n.matches, took.Seconds(), float64(n.events)/took.Seconds())
	}
	return nil
}

type counts struct{ events, matches int }

func over(set *sigma.Set, logs string) (counts, error) {
	var n counts
	e := &events{matcher: set.Matcher()}
	err := filepath.WalkDir(logs, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.EqualFold(filepath.Ext(name), ".evtx") {
			return err
		}
		r, err := evtx.Open(name)
		if err != nil {
			return nil // a damaged one that is none
		}
		defer r.Close()
		for rec, err := range r.Records() {
			if err == nil {
				n.events++
				n.matches += len(e.match(rec))
			}
		}
		return nil
	})
	return n, err
}
