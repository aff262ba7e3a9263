package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/wholefile"
)

// output is where a command's result goes: standard output, or a file that
// appears under its name only when it is complete.
type output struct {
	io.Writer
	name string          // for messages
	file *wholefile.File // nil for standard output

	terminal bool
	status   *statusLine // what has to be out of the way on a terminal
}

// openOutput opens the file, or standard output for no name and for "-". It
// refuses to write over one of the inputs.
func openOutput(name string, ios *IOStreams, inputs *eventlog.Set) (*output, error) {
	if name == "" || name == "-" {
		return &output{Writer: ios.Out, name: "standard output", terminal: ios.OutTerminal}, nil
	}
	f, err := wholefile.Create(name, 0o600, inputs.Holds)
	if err != nil {
		return nil, refusedOutput(name, err)
	}
	return &output{Writer: f, name: name, file: f}, nil
}

// checkBinary refuses to write what is no text where text goes to. Standard output has to be asked for: what a shell does with
// it is its own business, and Windows PowerShell 5.1 makes text of it.
func checkBinary(ios *IOStreams, o *options) error {
	if !o.format.Binary() {
		return nil
	}
	form := fmt.Sprintf("name the file: --format %s -o %s.%s", o.format, o.verb, o.format)
	switch {
	case o.format == report.EVTX && (o.output == "" || o.output == "-"):
		return usage(form, "--format evtx needs --output: an event log is no text")
	case o.output == "":
		return usage(form+", or -o - for standard output", "--format %s needs --output: it is no text", o.format)
	case o.output == "-" && ios.OutTerminal:
		return usage(form, "--format %s is no text: it does not go to a terminal", o.format)
	}
	return nil
}

// refusedOutput is the right form, where a file that cannot be written is wrong use.
func refusedOutput(name string, err error) error {
	switch {
	case errors.Is(err, wholefile.ErrFolder):
		return usage("give a file name: -o "+filepath.Join(name, "events.txt"), "--output: %s is a folder", name)
	case errors.Is(err, wholefile.ErrInput):
		return usage("choose another name for the output", "--output: %s is one of the logs to be read", name)
	}
	return err
}

// style is what the output is like for a format.
func (o *output) style(ios *IOStreams, options *options) report.Style {
	return report.Style{
		Terminal:  o.terminal,
		Width:     ios.Width,
		Color:     o.terminal && ios.Color && !options.noColor,
		Recovered: options.recover,
		Zone:      options.zone,
		Fields:    options.fields,
		BOM:       options.bom,
	}
}

// Write writes straight through.
func (o *output) Write(p []byte) (n int, err error) {
	if o.terminal {
		o.status.aside(func() { n, err = o.Writer.Write(p) })
	} else {
		n, err = o.Writer.Write(p)
	}
	if err != nil {
		err = outputError(o.name, err)
	}
	return n, err
}

// Seek lets a log be written to a file without a detour.
func (o *output) Seek(offset int64, whence int) (int64, error) {
	if o.file == nil {
		return 0, errors.ErrUnsupported
	}
	return o.file.Seek(offset, whence)
}

// commit makes the file appear.
func (o *output) commit() error {
	if o.file == nil {
		return nil
	}
	return o.file.Commit()
}

// discard leaves nothing behind. After commit it does nothing.
func (o *output) discard() { o.file.Discard() }

// outputError says why something cannot be written to what is called name.
func outputError(name string, err error) error {
	var known *wholefile.Error
	switch {
	case isClosedPipe(err):
		return errClosedPipe
	case errors.As(err, &known):
		return known
	}
	return wholefile.Explain(name, err)
}
