// Command build makes the page of gwlogs view: what is in dist from what is in src.
//
//	go run -C internal/view/page/build .           makes dist anew
//	go run -C internal/view/page/build . -check    fails unless dist is what the sources give
//	go run -C internal/view/page/build . -test     type check, and the unit tests under node
//	go run -C internal/view/page/build . -quick    makes dist without a type check, while one works
//
// esbuild's Go API bundles; npm fetches the one library and the type checker, which package-lock.json pins by their
// sums. It is a module of its own, so that gwlogs does not depend on esbuild, and dist is committed, so that whoever
// builds gwlogs needs neither. The same sources give the same bytes on every machine.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	check := flag.Bool("check", false, "compare dist with what the sources give, and change nothing")
	test := flag.Bool("test", false, "check the types and run the unit tests")
	quick := flag.Bool("quick", false, "leave the type check out")
	flag.Parse()
	if err := run(*check, *test, *quick); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(check, test, quick bool) error {
	page, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(page, "package-lock.json")); err != nil {
		return fmt.Errorf("run it in its own folder, with go run -C internal/view/page/build . : %w", err)
	}
	if err := install(page); err != nil {
		return err
	}
	if !quick {
		if err := command(page, "node", filepath.Join("node_modules", "typescript", "bin", "tsc"), "--noEmit"); err != nil {
			return fmt.Errorf("types: %w", err)
		}
	}
	if test {
		return runTests(page)
	}
	files, err := bundle(page)
	if err != nil {
		return err
	}
	if check {
		return compare(page, files)
	}
	return write(page, files)
}

// install fetches the npm packages, unless those of this very package-lock.json are there. Nothing of theirs is run.
func install(page string) error {
	lock, err := os.ReadFile(filepath.Join(page, "package-lock.json"))
	if err != nil {
		return err
	}
	stamp := filepath.Join(page, "node_modules", ".lock-installed")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, lock) {
		return nil
	}
	if err := command(page, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"); err != nil {
		return fmt.Errorf("npm ci: %w (node and npm are needed to build the page; dist is committed, so that gwlogs itself needs neither)", err)
	}
	return os.WriteFile(stamp, lock, 0o666)
}

func command(folder, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, os.Stdout, os.Stderr
	return cmd.Run()
}

// bundle answers the files of dist by name.
func bundle(page string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for name, entry := range map[string]string{"page.js": "main.tsx", "page.css": "page.css"} {
		out, err := build(page, api.BuildOptions{
			EntryPoints:      []string{filepath.Join(page, "src", entry)},
			Format:           api.FormatIIFE,
			Platform:         api.PlatformBrowser,
			Target:           api.ES2022,
			MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
			LegalComments: api.LegalCommentsNone,
			Banner:        map[string]string{"js": "/* gwlogs view. Made from internal/view/page/src; with Preact (MIT, (c) Jason Miller). */"},
		})
		if err != nil {
			return nil, err
		}
		files[name] = out
	}
	index, err := os.ReadFile(filepath.Join(page, "src", "index.html"))
	files["index.html"] = index
	return files, err
}

func build(page string, options api.BuildOptions) ([]byte, error) {
	options.AbsWorkingDir = page
	options.Bundle = true
	options.Charset = api.CharsetUTF8
	options.JSX, options.JSXImportSource = api.JSXAutomatic, "preact"
	options.LogLevel = api.LogLevelWarning
	options.Define = map[string]string{"process.env.NODE_ENV": `"production"`}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return nil, errors.New(result.Errors[0].Text)
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("esbuild made %d files of %v", len(result.OutputFiles), options.EntryPoints)
	}
	return result.OutputFiles[0].Contents, nil
}

func write(page string, files map[string][]byte) error {
	dist := filepath.Join(page, "dist")
	if err := os.MkdirAll(dist, 0o777); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dist, name), content, 0o666); err != nil {
			return err
		}
		fmt.Printf("%s: %d bytes\n", name, len(content))
	}
	return nil
}

func compare(page string, files map[string][]byte) error {
	for name, content := range files {
		have, err := os.ReadFile(filepath.Join(page, "dist", name))
		if err != nil || !bytes.Equal(have, content) {
			return fmt.Errorf("internal/view/page/dist/%s is not what the sources give: run make page, and commit it", name)
		}
	}
	entries, err := os.ReadDir(filepath.Join(page, "dist"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if files[e.Name()] == nil {
			return fmt.Errorf("internal/view/page/dist/%s comes from no source", e.Name())
		}
	}
	return nil
}

// runTests bundles each src/*.test.ts for node, whose own runner runs them.
func runTests(page string) error {
	tests, err := filepath.Glob(filepath.Join(page, "src", "*.test.ts"))
	if err != nil || len(tests) == 0 {
		return fmt.Errorf("no tests in src: %w", err)
	}
	folder, err := os.MkdirTemp("", "gwlogs-page-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	args := []string{"--test", "--test-reporter=dot"}
	for _, test := range tests {
		out, err := build(page, api.BuildOptions{
			EntryPoints: []string{test}, Format: api.FormatESModule, Platform: api.PlatformNode, Target: api.ES2022,
		})
		if err != nil {
			return err
		}
		name := filepath.Join(folder, strings.TrimSuffix(filepath.Base(test), ".ts")+".mjs")
		if err := os.WriteFile(name, out, 0o666); err != nil {
			return err
		}
		args = append(args, name)
	}
	return command(page, "node", args...)
}
