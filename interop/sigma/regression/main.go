// Regression holds package sigma against SigmaHQ's own regression data: event
// logs, and the rule that has to match in each, at least as often as the data say.
// More often is shown, not refused: some of the counts are too low.
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
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

func main() {
	folder := flag.String("sigma", "", "a copy of the repository SigmaHQ/sigma")
	verbose := flag.Bool("v", false, "also show in which log which other rules match")
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
	t := totals{rules: rules, others: make(map[string]int)}
	for _, s := range samples {
		matched, n, err := matches(set, filepath.Join(folder, s.path))
		if err != nil {
			return err
		}
		t.add(s, matched, n, verbose)
	}
	return t.print()
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

func addPlaceholders(found map[string][]string, e ast.Expr) {
	for e := range ast.All(e) {
		t, ok := e.(*ast.Test)
		if !ok {
			continue
		}
		for _, v := range t.Values {
			for _, piece := range slices.Concat(v.Patterns...) {
				if piece.Placeholder != "" {
					found[piece.Placeholder] = []string{"no such value"}
				}
			}
		}
	}
}
