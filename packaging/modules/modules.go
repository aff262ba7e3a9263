// Package modules says what programs were built from, by what Go recorded in them, and under which licences.
package modules

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// Built is what is in some programs, built for several systems from the same source.
type Built struct {
	Main      debug.Module
	GoVersion string // such as "1.26.8"
	Revision  string
	Time      string
	Modules   []Module // all that any of the programs has in it, by path; the standard library is not among them
}

// Module is one that gwlogs uses.
type Module struct {
	debug.Module
	Licences []File
}

// File is the text of a licence or a notice.
type File struct{ Name, Text string }

// Read reads the programs; source is the folder of gwlogs' go.mod.
func Read(source string, programs []string) (*Built, error) {
	b := &Built{}
	for _, name := range programs {
		info, err := buildinfo.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := b.add(info); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	slices.SortFunc(b.Modules, func(x, y Module) int { return strings.Compare(x.Path, y.Path) })
	for i := range b.Modules {
		m := &b.Modules[i]
		var err error
		if m.Licences, err = licences(source, m.Path); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *Built) add(info *buildinfo.BuildInfo) error {
	one := Built{Main: info.Main, GoVersion: strings.TrimPrefix(info.GoVersion, "go")}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			one.Revision = s.Value
		case "vcs.time":
			one.Time = s.Value
		}
	}
	if b.Main.Path == "" {
		b.Main, b.GoVersion, b.Revision, b.Time = one.Main, one.GoVersion, one.Revision, one.Time
	}
	if b.Main != one.Main || b.GoVersion != one.GoVersion || b.Revision != one.Revision || b.Time != one.Time {
		return fmt.Errorf("built from something else than the programs before it: %v", one)
	}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			return fmt.Errorf("%s is replaced: a release is built from what is published", dep.Path)
		}
		if !slices.ContainsFunc(b.Modules, func(m Module) bool { return m.Path == dep.Path }) {
			b.Modules = append(b.Modules, Module{Module: *dep})
		}
	}
	return nil
}

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)([-._].*)?$`)

// licences reads what the module has in its top folder.
func licences(source, path string) ([]File, error) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path)
	cmd.Dir = source
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m %s: %w", path, err)
	}
	files, err := Texts(strings.TrimSpace(string(out)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return files, nil
}

// Texts are the licences and notices in a folder; that there are none is an error.
func Texts(folder string) ([]File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		if e.IsDir() || !licenceName.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, File{e.Name(), strings.ReplaceAll(string(text), "\r\n", "\n")})
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no licence in its folder")
	}
	return files, nil
}

// phrases tell licences by what only they say.
var phrases = []struct{ id, phrase, without string }{
	{"Apache-2.0", "apache license version 2.0", ""},
	{"BSD-2-Clause", "redistribution and use in source and binary forms", "neither the name"},
	{"BSD-3-Clause", "neither the name", ""},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose", ""},
	{"MIT", "permission is hereby granted, free of charge", ""},
	{"MPL-2.0", "mozilla public license version 2.0", ""},
	{"Unlicense", "this is free and unencumbered software", ""},
}

// Expression is the SPDX expression of what the files say; "" if none of it is known.
func Expression(files []File) string {
	var ids []string
	for _, p := range phrases {
		for _, f := range files {
			text := strings.ToLower(strings.Join(strings.Fields(f.Text), " "))
			text = strings.ReplaceAll(text, "license, version", "license version")
			if strings.Contains(text, p.phrase) && (p.without == "" || !strings.Contains(text, p.without)) {
				ids = append(ids, p.id)
				break
			}
		}
	}
	return strings.Join(ids, " AND ")
}
