package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// A sample is an event log, the id of the rule that has to match in it, and how
// often; 0 where the data do not say.
type sample struct {
	rule, path string
	want       int
}

// samplesBelow reads the descriptions that lie beside the logs.
func samplesBelow(folder string) ([]sample, error) {
	var all []sample
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "info.yml" {
			return err
		}
		samples, err := readSamples(name)
		all = append(all, samples...)
		return err
	})
	return all, err
}

func readSamples(name string) ([]sample, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var info struct {
		Rules []struct {
			ID string `yaml:"id"`
		} `yaml:"rule_metadata"`
		Tests []struct {
			Type  string `yaml:"type"`
			Path  string `yaml:"path"`
			Count int    `yaml:"match_count"`
		} `yaml:"regression_tests_info"`
	}
	if err := yaml.Unmarshal(src, &info); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var all []sample
	for _, rule := range info.Rules {
		for _, test := range info.Tests {
			if test.Type == "evtx" {
				all = append(all, sample{rule.ID, test.Path, test.Count})
			}
		}
	}
	return all, nil
}
