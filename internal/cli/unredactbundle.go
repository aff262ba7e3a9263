package cli

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"path"
	"strings"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/tempfile"
)

// bundle gives all files of a bundle their names back, and writes it anew, with
// a manifest that fits. It is for who made it: its names are in it again.
func (u *unredactRun) bundle(ctx context.Context, out io.Writer) error {
	b, err := archive.OpenFile(u.name)
	if err != nil {
		return errNamed(u.name, err)
	}
	defer b.Close()
	m := *b.Manifest
	m.Entries = append([]archive.Entry(nil), m.Entries...)
	zipped := zip.NewWriter(out)
	for i := range m.Entries {
		if err := u.entry(ctx, b, &m.Entries[i], &m, zipped); err != nil {
			return err
		}
	}
	m.Redaction.Mode = string(archive.Secrets)
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(&m); err != nil {
		return err
	}
	w, err := zipped.CreateHeader(&zip.FileHeader{Name: archive.ManifestName, Method: zip.Deflate, Modified: m.Created})
	if err == nil {
		_, err = io.WriteString(w, u.escaped(jsonInside).Text(text.String()))
	}
	if err == nil {
		err = zipped.Close()
	}
	return err
}

// entry writes a file of the bundle with its names, and notes what became of it.
func (u *unredactRun) entry(ctx context.Context, b *archive.Bundle, e *archive.Entry, m *archive.Manifest, out *zip.Writer) error {
	in, err := b.Entry(e.Path)
	if err != nil {
		return errNamed(u.name, err)
	}
	defer in.Close()
	folder, base := path.Split(e.Path)
	if named := u.restore.Text(base); !strings.ContainsAny(named, `/\:*?"<>|`) {
		e.Path = folder + named
	}
	part, err := tempfile.New()
	if err != nil {
		return err
	}
	defer part.Close()
	sum := sha256.New()
	both := io.MultiWriter(part, sum)
	read := bufio.NewReaderSize(in, 1<<20)
	own := *u
	switch strings.ToLower(path.Ext(e.Path)) {
	case ".evtx":
		err = own.log(ctx, read, both)
	case ".html":
		own.restore = u.escaped(html.EscapeString)
		err = own.text(ctx, read, both)
	case ".json":
		own.restore = u.escaped(jsonInside)
		err = own.text(ctx, read, both)
	default:
		err = own.text(ctx, read, both)
	}
	u.restored += own.restore.Count()
	u.damaged = u.damaged || own.damaged
	if err != nil {
		return err
	}
	if e.Bytes, err = part.Seek(0, io.SeekCurrent); err != nil {
		return err
	}
	e.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return err
	}
	w, err := out.CreateHeader(&zip.FileHeader{Name: e.Path, Method: zip.Deflate, Modified: m.Created})
	if err == nil {
		_, err = io.Copy(w, part)
	}
	return err
}

// escaped is a Restorer of names as they stand in a file of a kind.
func (u *unredactRun) escaped(escape func(string) string) *redact.Restorer {
	given := make(map[string]string, len(u.given))
	for token, name := range u.given {
		given[token] = escape(name)
	}
	return redact.NewRestorer(given)
}

// jsonInside is a text as it stands in a string of JSON.
func jsonInside(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return strings.Trim(string(quoted), `"`)
}
