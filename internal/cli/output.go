package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// output is where a command's result goes: standard output, or a file that
// appears under its name only when it is complete.
type output struct {
	w     io.Writer
	name  string   // for messages
	file  *os.File // nil for standard output
	final string   // what file becomes; empty for a device or a pipe, which is written in place
}

// openOutput opens the file, or standard output for no name and for "-". It
// refuses to write over one of the inputs.
func openOutput(name string, ios *IOStreams, inputs *eventlog.Set) (*output, error) {
	if name == "" || name == "-" {
		return &output{w: ios.Out, name: "standard output"}, nil
	}
	final := name
	if target, err := filepath.EvalSymlinks(name); err == nil {
		final = target // replace what a link leads to, not the link
	}
	mode := fs.FileMode(0o666)
	info, err := os.Stat(final)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, outputError(name, err)
	case info.IsDir():
		return nil, usage("give a file name: -o "+filepath.Join(name, "events.txt"), "--output: %s is a folder", name)
	case inputs.Holds(info):
		return nil, usage("choose another name for the output", "--output: %s is one of the logs to be read", name)
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(final, os.O_WRONLY, 0)
		if err != nil {
			return nil, outputError(name, err)
		}
		return &output{w: f, name: name, file: f}, nil
	default:
		mode = info.Mode().Perm()
	}
	removeAbandoned(filepath.Dir(final))
	f, err := createTemporary(filepath.Dir(final), mode)
	if err != nil {
		return nil, outputError(name, err)
	}
	return &output{w: f, name: name, file: f, final: final}, nil
}

// Write writes straight through.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil {
		err = outputError(o.name, err)
	}
	return n, err
}

// seeker is where a log is written: the file itself, if it is one.
func (o *output) seeker() io.Writer {
	if o.file != nil && o.final != "" {
		return o.file
	}
	return o
}

// explain words an error of writing to seeker.
func (o *output) explain(err error) error {
	var path *fs.PathError
	if o.file != nil && errors.As(err, &path) {
		return outputError(o.name, err)
	}
	return err
}

// commit makes the file appear.
func (o *output) commit() error {
	if o.file == nil {
		return nil
	}
	if o.final == "" {
		return o.checked(o.file.Close())
	}
	err := o.file.Sync()
	if err == nil {
		err = appear(o.file, o.final)
	}
	if err != nil {
		o.discard()
		return outputError(o.name, err)
	}
	syncFolder(filepath.Dir(o.final))
	o.file = nil
	return nil
}

// discard leaves nothing behind. After commit it does nothing.
func (o *output) discard() {
	if o.file == nil {
		return
	}
	o.file.Close()
	if o.final != "" {
		os.Remove(o.file.Name())
	}
	o.file = nil
}

func (o *output) checked(err error) error {
	o.file = nil
	if err != nil {
		return outputError(o.name, err)
	}
	return nil
}

// syncFolder makes the new name last. Not every system can do that; the file itself is safe.
func syncFolder(folder string) {
	if d, err := os.Open(folder); err == nil {
		d.Sync()
		d.Close()
	}
}

// outputError says what is wrong without the temporary name, which nobody knows.
func outputError(name string, err error) error {
	if isClosedPipe(err) {
		return errClosedPipe
	}
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = errors.New("there is no such folder")
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	if isFull(err) {
		return &hintedError{&writeError{name: name, err: err}, "make room there, or name a file on another disk: -o FILE"}
	}
	return &writeError{name: name, err: err}
}
