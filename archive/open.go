package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/internal/safezip"
	"github.com/gwlogs/gwlogs/internal/sealed"
)

// ErrNotBundle is wrapped by the errors of Open and Verify for a zip archive
// that is no bundle: it has no manifest.json at its top.
var ErrNotBundle = errors.New("not a support bundle: it has no " + ManifestName)

// ErrEncrypted is wrapped by the errors of Open and Verify for what is encrypted, and to none of the identities.
var ErrEncrypted = sealed.ErrLocked

// A Bundle is an opened bundle.
type Bundle struct {
	Manifest *Manifest

	files map[string]*safezip.File
	name  string
	data  io.ReaderAt // of the zip
	size  int64
	file  *os.File // of OpenFile; nil otherwise
}

func findFile(zip *safezip.Archive, name string) *safezip.File {
	for _, f := range zip.Files {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Open opens the bundle that r holds in size bytes, for reading its entries.
// One that is encrypted is opened with the identities; see
// [age.ParseIdentities]. It refuses one that would be dangerous to read or to unpack, whichever of
// its entries is, and says which. The content of the entries is not checked
// against the manifest: that is for Verify. Errors wrap ErrNotBundle for what
// is something else, and ErrEncrypted.
func Open(r io.ReaderAt, size int64, identities ...age.Identity) (*Bundle, error) {
	r, size, err := sealed.Open(r, size, identities)
	if err != nil {
		return nil, err
	}
	zip, err := openZip(r, size)
	if err != nil {
		return nil, err
	}
	f := findFile(zip, ManifestName)
	if f == nil {
		return nil, ErrNotBundle
	}
	for _, p := range zip.Problems() {
		if p.Danger {
			return nil, fmt.Errorf("dangerous archive: %s", p)
		}
	}
	m, err := loadManifest(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	b := &Bundle{Manifest: m, files: make(map[string]*safezip.File, len(zip.Files)), name: "bundle.zip", data: r, size: size}
	for _, f := range zip.Files {
		b.files[f.Name] = f
	}
	return b, nil
}

// OpenFile opens the bundle that is the file called name, as Open does. The caller closes it.
func OpenFile(name string, identities ...age.Identity) (*Bundle, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("is no file")}
	}
	var b *Bundle
	if err == nil {
		b, err = Open(f, info.Size(), identities...)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	b.file, b.name = f, name
	return b, nil
}

// Close closes the file of OpenFile.
func (b *Bundle) Close() error {
	if b.file == nil {
		return nil
	}
	return b.file.Close()
}

// holds reports whether the bundle was opened from the file.
func (b *Bundle) holds(file fs.FileInfo) bool {
	if b == nil || b.file == nil {
		return false
	}
	own, err := b.file.Stat()
	return err == nil && os.SameFile(own, file)
}

// openZip opens the archive that a bundle is.
func openZip(r io.ReaderAt, size int64) (*safezip.Archive, error) {
	zip, err := safezip.Open(r, size)
	if errors.Is(err, safezip.ErrNotZip) {
		err = notBundle{err}
	}
	return zip, err
}

// notBundle is ErrNotBundle for what is no zip archive at all.
type notBundle struct{ error }

func (e notBundle) Is(target error) bool { return target == ErrNotBundle }
func (e notBundle) Unwrap() error        { return e.error }

// Entry reads the content of an entry: all of it with the checksum that the
// archive has for it, or an error instead of io.EOF. The error for a path that
// is not there is fs.ErrNotExist.
func (b *Bundle) Entry(path string) (io.ReadCloser, error) {
	f := b.files[path]
	if f == nil || f.IsFolder() {
		return nil, &fs.PathError{Op: "open", Path: safezip.Printable(path), Err: fs.ErrNotExist}
	}
	return f.Open()
}

// loadManifest reads the manifest from its entry.
func loadManifest(f *safezip.File) (*Manifest, error) {
	if f.Size > maxManifest {
		return nil, fmt.Errorf("is larger than %d MiB", maxManifest>>20)
	}
	c, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer c.Close()
	data, err := io.ReadAll(c)
	if err != nil {
		return nil, err
	}
	var o outline
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, fmt.Errorf("is no manifest: %w", err)
	}
	m, err := readManifest(bytes.NewReader(data))
	if err == nil && (o.Window == nil || o.Window.Requested == nil) {
		return nil, errors.New("is no manifest: it has no window")
	}
	return m, err
}

// An outline is the manifest without content. It finds lists that would take
// a hundred times the memory of their text, as [{},{},{}] does, and a window
// that is not there, which would pass for one without limits.
type outline struct {
	Window *struct {
		Requested *struct{} `json:"requested"`
	} `json:"window"`
	Entries   list `json:"entries"`
	Redaction struct {
		Rules        list `json:"rules"`
		Suspects     list `json:"suspects"`
		NotInspected list `json:"not_inspected"`
	} `json:"redaction"`
	Failed  list `json:"sources_failed"`
	LeftOut list `json:"sources_left_out"`
}

const maxList = 100_000 // items

// A list has no more than maxList items, as often as the JSON repeats it.
type list struct{}

func (*list) UnmarshalJSON(data []byte) error {
	var items []struct{} // takes no memory
	if err := json.Unmarshal(data, &items); err != nil && !isTypeError(err) {
		return err
	}
	if len(items) > maxList {
		return fmt.Errorf("a list of %d items: no more than %d are read", len(items), maxList)
	}
	return nil
}

// isTypeError leaves it to readManifest which items are right.
func isTypeError(err error) bool {
	var t *json.UnmarshalTypeError
	return errors.As(err, &t)
}
