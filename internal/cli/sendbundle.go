package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/checksum"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/sealed"
	"github.com/gwlogs/gwlogs/internal/state"
	"github.com/gwlogs/gwlogs/upload"
)

// outgoingBundle is a bundle that is to be sent.
type outgoingBundle struct {
	file      string
	size      int64
	sum       string // SHA-256 of the file; empty for a bundle that was not written
	reportID  string
	encrypted bool
	manifest  *archive.Manifest // nil for an encrypted one without a key

	data   *os.File
	opened *archive.Bundle // to look into; nil for an encrypted one without a key
	temp   string          // folder of the page that is shown
}

// openOutgoing opens a file that is a bundle; nil for anything else.
func openOutgoing(ctx context.Context, name string, keys []age.Identity) (*outgoingBundle, error) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil // for the search for logs to say
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil
	}
	out := &outgoingBundle{file: name, size: info.Size(), data: f}
	if err := out.look(keys); err != nil {
		f.Close()
		if errors.Is(err, archive.ErrNotBundle) {
			return nil, nil
		}
		return nil, &hintedError{err, "gwlogs verify says what is wrong with it; make a new one: gwlogs archive"}
	}
	if out.sum, _, err = checksum.SHA256(ctx, f); err != nil {
		f.Close()
		return nil, fileerror.Reason(err)
	}
	return out, nil
}

// look reads the manifest, of an encrypted bundle if there is a key for it.
func (o *outgoingBundle) look(keys []age.Identity) error {
	o.encrypted = sealed.Encrypted(o.data)
	if o.encrypted && len(keys) == 0 {
		return nil
	}
	b, err := archive.Open(o.data, o.size, keys...)
	if err != nil {
		return err
	}
	o.opened = b
	o.describe(b.Manifest)
	return nil
}

func (o *outgoingBundle) describe(m *archive.Manifest) {
	o.manifest, o.reportID = m, strings.ToLower(m.ReportID)
}

// open opens a bundle that was made just now.
func (o *outgoingBundle) open() error {
	f, err := os.Open(o.file)
	if err != nil {
		return fileerror.Reason(err)
	}
	o.data = f
	if !o.encrypted {
		if b, err := archive.Open(f, o.size); err == nil {
			o.opened = b
		}
	}
	return nil
}

var uuidInName = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// recall takes the report ID out of the journal, or out of the file's name.
func (o *outgoingBundle) recall(folder state.Folder) {
	if all, err := folder.Bundles(); err == nil {
		for _, b := range all {
			if b.SHA256 == o.sum {
				o.reportID = b.ReportID
			}
		}
	}
	if o.reportID == "" {
		o.reportID = uuidInName.FindString(strings.ToLower(filepath.Base(o.file)))
	}
}

// bundle is what upload gets.
func (o *outgoingBundle) bundle() *upload.Bundle {
	b := &upload.Bundle{
		ReportID: o.reportID, Name: filepath.Base(o.file), Size: o.size, SHA256: o.sum, Data: o.data, Tool: "gwlogs " + version(),
	}
	if m := o.manifest; m != nil {
		b.From, b.To = m.Window.Requested.From, m.Window.Requested.To
	}
	return b
}

// path is the file, whatever the folder that somebody reads it in.
func (o *outgoingBundle) path() string {
	if full, err := filepath.Abs(o.file); err == nil {
		return full
	}
	return o.file
}

// page reports whether there is a report to look at.
func (o *outgoingBundle) page() bool {
	if o.opened == nil {
		return false
	}
	in, err := o.opened.Entry(archive.PageName)
	if err == nil {
		in.Close()
	}
	return err == nil
}

// showPage has a browser show the report, out of a file that is there until close.
func (o *outgoingBundle) showPage() (string, error) {
	in, err := o.opened.Entry(archive.PageName)
	if err != nil {
		return "", err
	}
	defer in.Close()
	if o.temp == "" {
		if o.temp, err = os.MkdirTemp("", "gwlogs-"); err != nil {
			return "", err
		}
	}
	name := filepath.Join(o.temp, archive.PageName)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, in)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	browse(name)
	return name, nil
}

// browse tries to open a file; where that is not possible, the person has its name.
func browse(name string) {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", name)
	case "darwin":
		cmd = exec.Command("open", name)
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return
		}
		cmd = exec.Command("xdg-open", name)
	}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GWLOGS_") { // the browser has no business with a SAS
			cmd.Env = append(cmd.Env, variable)
		}
	}
	if cmd.Start() == nil {
		go cmd.Wait()
	}
}

func (o *outgoingBundle) close() {
	if o.data != nil {
		o.data.Close()
	}
	if o.temp != "" {
		os.RemoveAll(o.temp)
	}
}
