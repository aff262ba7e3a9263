package gentestdata

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A File is a file of testdata.
type File struct {
	Name    string // below testdata, with slashes
	Content []byte
}

// Generate returns all files that the specifications in dir describe, in order.
func Generate(dir string) ([]File, error) {
	names, err := Names(dir)
	if err != nil {
		return nil, err
	}
	var files []File
	type made struct {
		log   []byte
		first uint64 // EventRecordID
	}
	logs := map[string]made{}
	for _, name := range names {
		spec, err := Load(dir, name)
		if err != nil {
			return nil, err
		}
		log, err := spec.Log()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		logs[name] = made{log, spec.FirstRecordID}
		files = append(files, File{name + ".evtx", log})
	}
	list, err := LoadDamaged(dir)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		source, ok := logs[d.Source]
		if !ok {
			return nil, fmt.Errorf("%s: no log %q to damage", d.Name, d.Source)
		}
		broken, expected, err := d.Make(source.log, source.first)
		if err != nil {
			return nil, err
		}
		files = append(files, File{d.file(), broken}, File{strings.TrimSuffix(d.file(), ".evtx") + ".expected.json", expected})
	}
	return files, nil
}

// Update makes the files in testdata, whose specifications are in its folder
// spec, those that are described, and removes logs that no longer are.
func Update(testdata string) error {
	files, err := Generate(filepath.Join(testdata, "spec"))
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, f := range files {
		name := filepath.Join(testdata, filepath.FromSlash(f.Name))
		wanted[name] = true
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Content, 0o644); err != nil {
			return err
		}
	}
	for _, pattern := range []string{"*.evtx", "damaged/*.evtx", "damaged/*.expected.json"} {
		found, err := filepath.Glob(filepath.Join(testdata, pattern))
		if err != nil {
			return err
		}
		for _, name := range found {
			if !wanted[name] {
				if err := os.Remove(name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
