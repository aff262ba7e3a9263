// Regression holds package sigma against SigmaHQ's own regression data: event
// logs, and the rule that has to match in each.
//
//	go run ./interop/sigma/regression -sigma FOLDER [-v] [-logs FOLDER]
//
// With -logs it also runs SigmaHQ's rules for Windows over the event logs of
// a folder, and says how many events a second that is on one core.
// FOLDER is a copy of the repository SigmaHQ/sigma, which is no part of this one.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/sigma"
)

func main() {
	folder := flag.String("sigma", "", "a copy of the repository SigmaHQ/sigma")
	verbose := flag.Bool("v", false, "also show which other rules match")
	logs := flag.String("logs", "", "a folder of event logs to measure on")
	flag.Parse()
	err := run(*folder, *verbose)
	if err == nil && *logs != "" {
		err = measure(*folder, *logs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "regression:", err)
		os.Exit(1)
	}
}

func run(folder string, verbose bool) error {
	rules, err := parse(folder)
	if err != nil {
		return err
	}
	set, err := sigma.Compile(rules, &sigma.Options{Sources: sigma.WindowsSources, Placeholders: placeholders(rules)})
	if err != nil {
		return err
	}
	samples, err := samplesBelow(filepath.Join(folder, "regression_data"))
	if err != nil {
		return err
	}
	if len(samples) == 0 {
		return fmt.Errorf("%s: no regression_data", folder)
	}
	var missed []string
	events, others := 0, 0
	for _, s := range samples {
		matched, n, err := matches(set, filepath.Join(folder, s.path))
		if err != nil {
			return err
		}
		events += n
		if matched[s.rule] == 0 {
			missed = append(missed, s.rule+" "+s.path)
		}
		for _, id := range slices.Sorted(maps.Keys(matched)) {
			if id != s.rule {
				others++
				if verbose {
					fmt.Printf("%s: also %s, %d times\n", s.path, id, matched[id])
				}
			}
		}
	}
	fmt.Printf("%d rules; %d samples with %d events: %d matched by their rule, %d missed; %d matches of other rules\n",
		len(rules), len(samples), events, len(samples)-len(missed), len(missed), others)
	if len(missed) > 0 {
		return fmt.Errorf("missed:\n%s", strings.Join(missed, "\n"))
	}
	return nil
}

// parse reads all rules of the folders that SigmaHQ publishes.
func parse(folder string) ([]*sigma.Rule, error) {
	var all []*sigma.Rule
	folders, err := filepath.Glob(filepath.Join(folder, "rules*"))
	if err != nil {
		return nil, err
	}
	for _, dir := range folders {
		rules, err := parseBelow(dir)
		if err != nil {
			return nil, err
		}
		all = append(all, rules...)
	}
	return all, nil
}

func parseBelow(dir string) ([]*sigma.Rule, error) {
	var all []*sigma.Rule
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yml") {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rules, err := sigma.Parse(name, src)
		all = append(all, rules...)
		return err
	})
	return all, err
}

// placeholders gives every placeholder a value that no event has: only that
// the rules compile is of interest.
func placeholders(rules []*sigma.Rule) map[string][]string {
	found := make(map[string][]string)
	for _, r := range rules {
		if r.Detection == nil {
			continue
		}
		for _, s := range r.Detection.Searches {
			addPlaceholders(found, s.Expr)
		}
	}
	return found
}

func addPlaceholders(found map[string][]string, e sigma.Expr) {
	switch e := e.(type) {
	case *sigma.And:
		for _, term := range e.Terms {
			addPlaceholders(found, term)
		}
	case *sigma.Or:
		for _, term := range e.Terms {
			addPlaceholders(found, term)
		}
	case *sigma.Test:
		for _, v := range e.Values {
			for _, p := range v.Patterns {
				for _, piece := range p {
					if piece.Placeholder != "" {
						found[piece.Placeholder] = []string{"no such value"}
					}
				}
			}
		}
	}
}

// A sample is an event log and the id of the rule that has to match in it.
type sample struct{ rule, path string }

func samplesBelow(folder string) ([]sample, error) {
	var all []sample
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "info.yml" {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var info struct {
			Rules []struct {
				ID string `yaml:"id"`
			} `yaml:"rule_metadata"`
			Tests []struct {
				Type string `yaml:"type"`
				Path string `yaml:"path"`
			} `yaml:"regression_tests_info"`
		}
		if err := yaml.Unmarshal(src, &info); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, rule := range info.Rules {
			for _, test := range info.Tests {
				if test.Type == "evtx" {
					all = append(all, sample{rule.ID, test.Path})
				}
			}
		}
		return nil
	})
	return all, err
}
