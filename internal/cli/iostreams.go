package cli

import (
	"cmp"
	"io"
	"os"
	"os/exec"
	"time"

	"golang.org/x/term"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/state"
)

// IOStreams is all that a command reads, writes and knows of the world outside.
type IOStreams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTerminal  bool
	InPipe      bool // something is given to read: of another program, or a file
	OutTerminal bool
	ErrTerminal bool
	OutPipe     bool // another program reads the output
	Width       int  // columns of the terminal
	Height      int  // its lines; 0 if nobody knows
	Color       bool // the environment has nothing against colour

	Pager  string  // shows what is longer than the window; empty for none
	screen *screen // of the terminal, while a verb runs that a pager may show; nil otherwise

	command string // that was typed: gwlogs errors

	Language string // that the environment asks for; empty for English

	Now func() time.Time

	Channels eventlog.Channels // live ones; nil where there are none

	State func() (state.Folder, error) // what gwlogs remembers of this user
}

// System returns the streams of the process.
func System() *IOStreams {
	s := &IOStreams{
		In:          os.Stdin,
		Out:         os.Stdout,
		Err:         os.Stderr,
		InTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		InPipe:      isPipe(os.Stdin) || isFile(os.Stdin),
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		OutPipe:     isPipe(os.Stdout),
		Width:       80,
		Pager:       pagerOf(os.LookupEnv, exec.LookPath),
		Color:       os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		Language:    environmentLanguage(os.Getenv),
		Now:         time.Now,
		Channels:    eventlog.SystemChannels(),
		State:       state.Open,
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			s.Width, s.Height = width, height
			break
		}
	}
	return s
}

// verb is the command that was typed, for hints.
func (ios *IOStreams) verb() string { return cmp.Or(ios.command, "gwlogs errors") }

// isPipe says whether what is written to a file another program reads.
func isPipe(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0
}

// isFile says whether a file is an ordinary one.
func isFile(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}
