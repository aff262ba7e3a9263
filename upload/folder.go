package upload

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// folder is a drop folder, on this computer or on the network. Beside each
// bundle lies a file with what is known of it, NAME.zip.json.
type folder struct{ root string }

const aboutSuffix = ".json"

// step is how much is copied between two looks at the context.
const step = 1 << 20

// Send copies the bundle under a name of its own, reads it back, and gives it its name.
func (f *folder) Send(ctx context.Context, b *Bundle, p *Progress) (*Sent, error) {
	if info, err := os.Stat(f.root); err != nil {
		return nil, localError(f.root, err)
	} else if !info.IsDir() {
		return nil, newError("name a folder", "%s: is no folder", f.root)
	}
	dir := filepath.Join(f.root, b.ReportID)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, localError(f.root, err)
	}
	final := filepath.Join(dir, b.Name)
	there := Stored{Blob: b.Blob(), ReportID: b.ReportID, Time: clockNow(), Size: b.Size, SHA256: b.SHA256, From: b.From, To: b.To, Tool: b.Tool}
	if _, err := os.Stat(final); err == nil {
		return f.already(ctx, final, there, p)
	}
	if err := f.copy(ctx, b, p, filepath.Join(dir, "."+b.Name+"."+b.SHA256[:min(12, len(b.SHA256))]+".part")); err != nil {
		return nil, err
	}
	if err := f.describe(final, &there); err != nil {
		return nil, err
	}
	if err := os.Rename(filepath.Join(dir, "."+b.Name+"."+b.SHA256[:min(12, len(b.SHA256))]+".part"), final); err != nil {
		if _, err2 := os.Stat(final); err2 == nil { // another process was sooner
			return f.already(ctx, final, there, p)
		}
		return nil, localError(f.root, err)
	}
	syncFolder(dir)
	return &Sent{Stored: there, Resumed: p.Resumed.Load()}, nil
}

// already is the end for a bundle whose name is taken: it has to be the same.
func (f *folder) already(ctx context.Context, final string, there Stored, p *Progress) (*Sent, error) {
	file, err := os.Open(final)
	if err != nil {
		return nil, localError(final, err)
	}
	defer file.Close()
	sum, n, err := sumFile(ctx, file)
	if err != nil {
		return nil, err
	}
	if sum != there.SHA256 {
		return nil, newError("a bundle that is made anew has a report ID of its own: gwlogs archive", "%s: another file is there already, of %d bytes", final, n)
	}
	p.Done.Store(n)
	return &Sent{Stored: there, Already: true}, f.describe(final, &there)
}

// copy writes the bundle to a file, behind what an earlier run has written of it.
func (f *folder) copy(ctx context.Context, b *Bundle, p *Progress, name string) (err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
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
			return readFailed(err)
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
	sum, _, err := sumFile(ctx, file)
	switch {
	case err != nil:
		return err
	case sum != b.SHA256:
		return newError("send it again; if that does not help, have the folder's disk looked at", "%s: has something else than was written: the checksums differ", f.root)
	}
	return nil
}

// describe writes what is known of a bundle beside it.
func (f *folder) describe(final string, s *Stored) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	temp := final + "." + rand.Text()[:8] + ".tmp"
	if err := os.WriteFile(temp, append(data, '\n'), 0o666); err != nil {
		os.Remove(temp)
		return localError(f.root, err)
	}
	if err := os.Rename(temp, final+aboutSuffix); err != nil {
		os.Remove(temp)
		return localError(f.root, err)
	}
	return nil
}

// List looks into the folders that are called like a report ID.
func (f *folder) List(ctx context.Context, reportID string) ([]Stored, error) {
	dirs, err := os.ReadDir(f.root)
	if err != nil {
		return nil, localError(f.root, err)
	}
	var all []Stored
	for _, d := range dirs {
		if over := ended(ctx); over != nil {
			return nil, over
		}
		if !d.IsDir() || !isReportID(d.Name()) || reportID != "" && !strings.EqualFold(d.Name(), reportID) {
			continue
		}
		files, err := os.ReadDir(filepath.Join(f.root, d.Name()))
		if err != nil {
			return nil, localError(filepath.Join(f.root, d.Name()), err)
		}
		for _, file := range files {
			if ext := strings.ToLower(filepath.Ext(file.Name())); (ext == ".zip" || ext == ".age") && file.Type().IsRegular() {
				all = append(all, f.one(d.Name(), file))
			}
		}
	}
	slices.SortStableFunc(all, func(x, y Stored) int { return x.Time.Compare(y.Time) })
	return all, nil
}

// maxAbout keeps a stranger's file from filling the memory.
const maxAbout = 64 << 10

// one is a bundle, with what lies beside it.
func (f *folder) one(id string, file fs.DirEntry) Stored {
	var s Stored
	if about, err := os.Open(filepath.Join(f.root, id, file.Name()+aboutSuffix)); err == nil {
		data, _ := io.ReadAll(io.LimitReader(about, maxAbout))
		about.Close()
		if json.Unmarshal(data, &s) != nil {
			s = Stored{}
		}
	}
	s.Blob, s.ReportID, s.Size = id+"/"+file.Name(), strings.ToLower(id), -1
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
	file, err := os.Open(filepath.Join(f.root, filepath.FromSlash(s.Blob)))
	if err != nil {
		return 0, localError(f.root, err)
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

// sumFile is the SHA-256 of a file.
func sumFile(ctx context.Context, file io.ReaderAt) (sum string, size int64, err error) {
	h := sha256.New()
	buffer := make([]byte, step)
	for {
		if over := ended(ctx); over != nil {
			return "", size, over
		}
		n, err := file.ReadAt(buffer, size)
		h.Write(buffer[:n])
		size += int64(n)
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), size, nil
		}
		if err != nil {
			return "", size, readFailed(err)
		}
	}
}

// localError words an error of the file system; nil for none.
func localError(what string, err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	var link *os.LinkError
	reason := err
	switch {
	case errors.As(err, &path):
		reason = path.Err
	case errors.As(err, &link):
		reason = link.Err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		reason, hint = errors.New("there is no such folder"), "check the spelling; a network folder has to be connected"
	case errors.Is(err, fs.ErrPermission):
		hint = "ask for the right to write there"
	case isErrno(err, syscall.ENOSPC, 112), isErrno(err, syscall.EDQUOT, 39):
		hint = "make room there, or make the bundle smaller: --since 2d"
	}
	return &Error{Text: fmt.Sprintf("%s: %s", what, reason), Hint: hint, cause: err}
}

// syncFolder makes new names last. Not every system can do that.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		d.Sync()
		d.Close()
	}
}
