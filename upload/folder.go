package upload

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/checksum"
	"github.com/gwlogs/gwlogs/internal/reportid"
	"github.com/gwlogs/gwlogs/internal/wholefile"
)

// folderKind is a drop folder, on this computer or on the network. Beside each
// bundle lies a file with what is known of it, NAME.zip.json.
func folderKind() kind {
	return kind{
		form: "a folder (file:///DIR)", lists: true,
		match: func(a *address) bool { return a.url == nil || a.url.Scheme == "file" },
		parse: parseFolder,
	}
}

func parseFolder(a *address) (place, *Error) {
	name := a.text
	if a.url != nil {
		var err *Error
		if name, err = folderOfURL(a); err != nil {
			return nil, err
		}
	}
	if full, err := filepath.Abs(name); err == nil {
		name = full
	}
	return folderPlace(name), nil
}

// folderOfURL is the folder that a file URL names.
func folderOfURL(a *address) (string, *Error) {
	name, host := filepath.FromSlash(a.url.Path), a.url.Hostname()
	isHere := host == "" || host == "localhost"
	switch {
	case runtime.GOOS == "windows":
		if len(name) > 2 && name[2] == ':' {
			name = name[1:] // file:///C:/DIR
		}
		if !isHere {
			name = `\\` + host + name
		}
	case !isHere:
		return "", newError("mount it, and name the folder here: file:///mnt/DIR",
			"file://%s is a folder of another computer, which only Windows can name so", host)
	}
	if name == "" || name == string(filepath.Separator) {
		return "", newError("file:///DIR, with three slashes", "the file URL names no folder")
	}
	return name, nil
}

// folderPlace is the path of the folder.
type folderPlace string

func (p folderPlace) String() string                       { return string(p) }
func (p folderPlace) host() string                         { return "" }
func (p folderPlace) expires() time.Time                   { return time.Time{} }
func (p folderPlace) open(_ *hider, _ Options) Destination { return &folder{string(p)} }

// folder is the destination.
type folder struct{ root string }

const aboutSuffix = ".json"

// step is how much is copied between two looks at the context.
const step = 1 << 20

// Send copies the bundle under a name of its own, reads it back, and gives it its
// name. Who may read the folder may read the bundle: it is there for others.
func (f *folder) Send(ctx context.Context, b *Bundle, p *Progress) (*Sent, error) {
	info, err := os.Stat(f.root)
	if err != nil {
		return nil, localError(f.root, err)
	}
	if !info.IsDir() {
		return nil, newError("name a folder", "%s: is no folder", f.root)
	}
	mode := info.Mode().Perm()
	dir := filepath.Join(f.root, b.ReportID)
	if err := os.MkdirAll(dir, mode|0o700); err != nil {
		return nil, localError(f.root, err)
	}
	final := filepath.Join(dir, b.Name)
	there := b.stored(b.Blob())
	if _, err := os.Stat(final); err == nil {
		return f.already(ctx, final, there, p)
	}
	part := filepath.Join(dir, "."+b.Name+"."+b.SHA256[:12]+".part")
	if err := f.copy(ctx, b, p, part, mode&0o666); err != nil {
		return nil, err
	}
	if err := f.describe(final, &there, mode&0o666); err != nil {
		return nil, err
	}
	if err := wholefile.Move(part, final); err != nil {
		if _, err2 := os.Stat(final); err2 == nil { // another process was sooner
			return f.already(ctx, final, there, p)
		}
		return nil, localError(f.root, err)
	}
	return &Sent{Stored: there, Resumed: p.Resumed.Load()}, nil
}

// already is the end for a bundle whose name is taken: it has to be the same.
func (f *folder) already(ctx context.Context, final string, there Stored, p *Progress) (*Sent, error) {
	file, err := os.Open(final)
	if err != nil {
		return nil, localError(final, err)
	}
	defer file.Close()
	sum, n, err := sumOf(ctx, file)
	if err != nil {
		return nil, err
	}
	if sum != there.SHA256 {
		return nil, errTaken(final, n)
	}
	p.Done.Store(n)
	info, err := file.Stat()
	if err != nil {
		return nil, localError(final, err)
	}
	return &Sent{Stored: there, Already: true}, f.describe(final, &there, info.Mode().Perm())
}

// copy writes the bundle to a file, behind what an earlier run has written of it.
func (f *folder) copy(ctx context.Context, b *Bundle, p *Progress, name string, mode fs.FileMode) (err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, mode|0o600)
	if err != nil {
		return localError(f.root, err)
	}
	defer func() {
		if failed := file.Close(); err == nil {
			err = localError(f.root, failed)
		}
	}()
	source, copied := make([]byte, step), make([]byte, step)
	same := true // all that is there is the bundle's
	for offset := int64(0); offset < b.Size; offset += step {
		if over := ended(ctx); over != nil {
			return over
		}
		part := source[:min(step, b.Size-offset)]
		if n, err := b.Data.ReadAt(part, offset); n < len(part) {
			return errRead(err)
		}
		n, _ := file.ReadAt(copied[:len(part)], offset)
		if same = same && bytes.Equal(copied[:n], part); same {
			p.Resumed.Add(int64(len(part)))
		} else if _, err := file.WriteAt(part, offset); err != nil {
			return localError(f.root, err)
		}
		p.Done.Add(int64(len(part)))
	}
	if err := errors.Join(file.Truncate(b.Size), file.Sync()); err != nil {
		return localError(f.root, err)
	}
	return f.compare(ctx, b, file)
}

// compare reads back what was written. If it is something else, the bundle or the disk is to blame.
func (f *folder) compare(ctx context.Context, b *Bundle, file io.ReaderAt) error {
	sum, _, err := sumOf(ctx, file)
	if err != nil || sum == b.SHA256 {
		return err
	}
	if again, _, err := sumOf(ctx, io.NewSectionReader(b.Data, 0, b.Size)); err != nil || again != b.SHA256 {
		return errChanged()
	}
	return newError("send it again; if that does not help, have the folder's disk looked at",
		"%s: has something else than was written: the checksums differ", f.root)
}

// describe writes what is known of a bundle beside it.
func (f *folder) describe(final string, s *Stored, mode fs.FileMode) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	file, err := wholefile.Create(final+aboutSuffix, mode|0o600, nil)
	if err != nil {
		return localError(f.root, err)
	}
	defer file.Discard()
	if _, err := file.Write(append(data, '\n')); err != nil {
		return localError(f.root, err)
	}
	return localError(f.root, file.Commit())
}

// List looks into the folders that are called like a report ID.
func (f *folder) List(ctx context.Context, reportID string) ([]Stored, error) {
	list := listed{reportID: reportID}
	err := eachEntry(ctx, f.root, func(d fs.DirEntry) error {
		if !d.IsDir() || !reportid.Valid(d.Name()) || reportID != "" && !strings.EqualFold(d.Name(), reportID) {
			return nil
		}
		return eachEntry(ctx, filepath.Join(f.root, d.Name()), func(file fs.DirEntry) error {
			if ext := strings.ToLower(filepath.Ext(file.Name())); ext != ".zip" && ext != ".age" || !isFileName(file.Name()) ||
				!file.Type().IsRegular() {
				return nil
			}
			return list.add(d.Name(), file.Name(), f.look(d.Name(), file))
		})
	})
	return list.all, err
}

// eachEntry calls found with what is in a folder, however much that is.
func eachEntry(ctx context.Context, name string, found func(fs.DirEntry) error) error {
	dir, err := os.Open(name)
	if err != nil {
		return localError(name, err)
	}
	defer dir.Close()
	for {
		if over := ended(ctx); over != nil {
			return over
		}
		entries, err := dir.ReadDir(1000)
		for _, e := range entries {
			if err := found(e); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return localError(name, err)
		}
	}
}

// maxAbout keeps a stranger's file from filling the memory.
const maxAbout = 64 << 10

// look is a bundle, with what lies beside it.
func (f *folder) look(id string, file fs.DirEntry) Stored {
	var s Stored
	beside := filepath.Join(f.root, id, file.Name()+aboutSuffix)
	if info, err := os.Lstat(beside); err == nil && info.Mode().IsRegular() && info.Size() <= maxAbout {
		data, _ := os.ReadFile(beside)
		if json.Unmarshal(data, &s) != nil {
			s = Stored{}
		}
	}
	s.Blob, s.Size = path.Join(id, file.Name()), -1
	if info, err := file.Info(); err == nil {
		s.Size = info.Size()
		if s.Time.IsZero() {
			s.Time = info.ModTime().UTC()
		}
	}
	return s
}

// Fetch copies the file.
func (f *folder) Fetch(ctx context.Context, s *Stored, w io.WriterAt, p *Progress) (int64, error) {
	file, err := openBelow(f.root, filepath.FromSlash(s.Blob))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	buffer := make([]byte, step)
	for offset := int64(0); ; {
		if over := ended(ctx); over != nil {
			return offset, over
		}
		n, err := file.ReadAt(buffer, offset)
		if n > 0 {
			if _, err := w.WriteAt(buffer[:n], offset); err != nil {
				return offset, localError("the file here cannot be written", err)
			}
		}
		offset += int64(n)
		p.Done.Store(offset)
		if err == io.EOF {
			return offset, nil
		}
		if err != nil {
			return offset, localError(f.root, err)
		}
	}
}

// openBelow opens a file below a folder: a file, and really below it.
func openBelow(dir, name string) (*os.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, localError(dir, err)
	}
	defer root.Close()
	full := filepath.Join(dir, name)
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, localError(full, err)
	case !info.Mode().IsRegular():
		return nil, newError("have it sent again", "%s: is no file", full)
	}
	file, err := root.Open(name)
	return file, localError(full, err)
}

// sumOf is the SHA-256 of a file, and its size.
func sumOf(ctx context.Context, file io.ReaderAt) (sum string, size int64, err error) {
	sum, size, err = checksum.SHA256(ctx, file)
	if over := ended(ctx); over != nil {
		return "", size, over
	}
	if err != nil {
		return "", size, errRead(err)
	}
	return sum, size, nil
}
