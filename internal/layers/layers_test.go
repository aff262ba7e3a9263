// Package layers holds the test that keeps the packages in their layers: it has no code of its own.
package layers

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gwlogs/gwlogs"

// layers gives each top folder its height. A package imports downwards, or sideways within its layer; a new top folder
// needs a line here. What is not listed under "tools" is part of the product.
var layers = map[string]int{
	"evtx": 0, "sigma": 0, "internal/safezip": 0, "internal/eventtext": 0, "internal/words": 0,
	"internal/check": 1, "internal/eventlog": 1, "matcher": 1, "internal/redact": 1, "internal/tally": 1, "internal/where": 1,
	"archive": 2, "internal/report": 2, "internal/tables": 2, "internal/view": 2, "upload": 2,
	"internal/cli": 3, "internal/state": 1, "internal/winevent": 1,
	"internal/checksum": 0, "internal/fileerror": 0, "internal/reportid": 0, "internal/sealed": 0, "internal/tempfile": 0,
	"internal/wholefile": 0,
	"cmd":                4,
	// tools: programs and tests for developers, which nothing imports
	"bench": tools, "interop": tools, "internal/browsertest": tools, "internal/gencatalogue": tools, "internal/gentestdata": tools, "internal/layers": tools,
	"internal/gentables": tools, "internal/noskips": tools,
}

const tools = 5

// alone are importable on their own: they import nothing of ours, not even one another, and from outside the standard library
// only what stands here.
var alone = map[string][]string{"evtx": {}, "sigma": {"go.yaml.in/yaml/v3"}}

// cloud SDKs belong to upload alone: they are big, and the parsers of customers' files have no business with them.
var cloud = []string{
	"github.com/Azure/", "github.com/aws/", "github.com/minio/", "cloud.google.com/", "google.golang.org/api",
}

// parquet belongs to the package that makes tables, for its weight.
const parquet = "github.com/parquet-go/"

// top is the key of layers that the folder dir (relative to the module, with slashes) belongs to.
func top(dir string) (string, bool) {
	for d := dir; d != "."; d = path.Dir(d) {
		if _, ok := layers[d]; ok {
			return d, true
		}
	}
	return "", false
}

// check answers what is wrong with the package in the folder dir importing imported, or "".
func check(dir, imported string) string {
	from, ok := top(dir)
	if !ok {
		return fmt.Sprintf("%s has no layer: give it one in internal/layers", dir)
	}
	if inside, ok := strings.CutPrefix(imported, module+"/"); ok {
		to, ok := top(inside)
		switch {
		case !ok:
			return fmt.Sprintf("%s has no layer: give it one in internal/layers", inside)
		case from == to:
			return ""
		case alone[from] != nil:
			return fmt.Sprintf("%s imports %s: it must stay importable on its own", dir, inside)
		case layers[to] > layers[from]:
			return fmt.Sprintf("%s imports %s: that points up", dir, inside)
		}
		return ""
	}
	// The paths of the standard library have no dot in their first element.
	first, _, _ := strings.Cut(imported, "/")
	if alone[from] != nil && strings.Contains(first, ".") && !slices.Contains(alone[from], imported) {
		return fmt.Sprintf("%s imports %s: only the standard library and %q are allowed there", dir, imported, alone[from])
	}
	for _, sdk := range cloud {
		if from != "upload" && strings.HasPrefix(imported, sdk) {
			return fmt.Sprintf("%s imports %s: cloud SDKs belong to upload", dir, imported)
		}
	}
	if from != "internal/tables" && strings.HasPrefix(imported, parquet) {
		return fmt.Sprintf("%s imports %s: Parquet belongs to internal/tables", dir, imported)
	}
	return ""
}

// eachFile gives every Go file that is no test, those for other systems too, with its folder relative to the module.
func eachFile(t *testing.T, mode parser.Mode, f func(dir, name string, file *ast.File)) {
	t.Helper()
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipFolder(root, name, d.Name())
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, mode)
		if err != nil {
			return err
		}
		files++
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		f(filepath.ToSlash(dir), filepath.Base(name), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("no Go file found: the walk is wrong")
	}
}

// TestLayers reads the imports of every file. Tests may import what they like.
func TestLayers(t *testing.T) {
	eachFile(t, parser.ImportsOnly, func(dir, _ string, file *ast.File) {
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := check(dir, imported); wrong != "" {
				t.Error(wrong)
			}
		}
	})
}

// skipFolder passes over what is not of this module: hidden folders, test data and nested modules.
func skipFolder(root, name, base string) error {
	if name == root {
		return nil
	}
	if strings.HasPrefix(base, ".") || base == "testdata" {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func TestCheck(t *testing.T) {
	tests := []struct {
		dir, imported string
		ok            bool
	}{
		{"internal/cli", module + "/archive", true},
		{"internal/cli", module + "/evtx", true},
		{"archive", module + "/internal/report", true},
		{"matcher/signatures", module + "/sigma", true},
		{"cmd/gwlogs", module + "/internal/cli", true},
		{"evtx", "encoding/binary", true},
		{"sigma", "go.yaml.in/yaml/v3", true},
		{"upload", "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob", true},
		{"internal/eventlog", "github.com/klauspost/compress/zip", true},

		{"evtx", module + "/sigma", false},
		{"evtx/deep", module + "/internal/eventlog", false},
		{"evtx", "go.yaml.in/yaml/v3", false},
		{"sigma", "golang.org/x/text/cases", false},
		{"internal/eventlog", module + "/archive", false},
		{"internal/report", module + "/internal/cli", false},
		{"archive", "github.com/Azure/azure-sdk-for-go/sdk/azcore", false},
		{"internal/cli", "github.com/aws/aws-sdk-go-v2", false},
		{"internal/cli", module + "/interop/mutate", false},
		{"internal/tables", "github.com/parquet-go/parquet-go", true},
		{"internal/report", "github.com/parquet-go/parquet-go", false},
		{"utils", "fmt", false},
		{"internal/cli", module + "/utils", false},
	}
	for _, tt := range tests {
		if wrong := check(tt.dir, tt.imported); (wrong == "") != tt.ok {
			t.Errorf("check(%q, %q) = %q, want ok %v", tt.dir, tt.imported, wrong, tt.ok)
		}
	}
}
