package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

// pagerFlag is of verbs whose output goes through a pager.
func pagerFlag() *pflag.FlagSet {
	fs := newFlagSet()
	fs.Bool("no-pager", false, "do not show what is longer than the window in $PAGER (less)")
	return fs
}

// pagerOf is the pager that the environment names; empty for none.
func pagerOf(lookup func(string) (string, bool), find func(string) (string, error)) string {
	pager, set := lookup("PAGER")
	if !set {
		pager = "less"
		if _, err := find(pager); err != nil {
			return ""
		}
	}
	if pager = strings.TrimSpace(pager); pager == "cat" {
		return ""
	}
	return pager
}

// pagerCommand is how the pager is started; nil where there is none by that name.
func pagerCommand(pager string) *exec.Cmd {
	words := strings.Fields(pager)
	if len(words) == 0 {
		return nil
	}
	cmd := exec.Command(words[0], words[1:]...)
	if strings.ContainsAny(pager, "|&;<>()$`\\\"'*?[#~=%") && runtime.GOOS != "windows" {
		cmd = exec.Command("sh", "-c", pager)
	}
	if cmd.Err != nil {
		return nil
	}
	cmd.Env = os.Environ()
	for name, value := range map[string]string{"LESS": "FRX", "LV": "-c"} { // as git has them: colours, and no page of its own
		if _, set := os.LookupEnv(name); !set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd
}

// screen is standard output on a terminal. What is longer than the window goes through a pager; until that is certain, it is held
// back. Messages wait until the pager has ended. A nil *screen is no terminal.
type screen struct {
	out, errs     io.Writer
	pager         string
	width, height int

	mu     sync.Mutex
	plain  bool // there is no pager, or there shall be none
	held   bytes.Buffer
	rows   int
	cmd    *exec.Cmd
	pipe   io.WriteCloser
	behind bytes.Buffer // messages that wait
}

// pageOutput puts a screen in the place of standard output and standard error, where there is a pager.
func (ios *IOStreams) pageOutput() *screen {
	if !ios.OutTerminal || ios.Pager == "" || ios.Height < 2 {
		return nil
	}
	s := &screen{out: ios.Out, errs: ios.Err, pager: ios.Pager, width: max(1, ios.Width), height: ios.Height}
	ios.screen, ios.Out, ios.Err = s, s, screenMessages{s}
	return s
}

// noPager lets out at once what is written, for who waits for it.
func (s *screen) noPager() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plain = true
}

// paging says whether the pager has the terminal.
func (s *screen) paging() bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cmd != nil
}

// Write implements io.Writer.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.pipe != nil:
		return s.pipe.Write(p)
	case s.plain:
		return s.out.Write(p)
	}
	s.held.Write(p)
	for line := range bytes.Lines(p) {
		s.rows += max(1, (utf8.RuneCount(line)-1+s.width-1)/s.width)
	}
	if s.rows < s.height {
		return len(p), nil
	}
	return len(p), s.start()
}

// start starts the pager, or does without.
func (s *screen) start() error {
	if cmd := pagerCommand(s.pager); cmd != nil {
		cmd.Stdout, cmd.Stderr = s.out, s.errs
		pipe, err := cmd.StdinPipe()
		if err == nil && cmd.Start() == nil {
			s.cmd, s.pipe = cmd, pipe
			_, err := s.pipe.Write(s.held.Bytes())
			return err
		}
	}
	s.plain = true
	return s.flush()
}

// flush writes what was held back.
func (s *screen) flush() error {
	_, err := s.out.Write(s.held.Bytes())
	s.held.Reset()
	return err
}

// end waits for the pager, or writes what was too short for one.
func (s *screen) end() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		s.pipe.Close()
		_ = s.cmd.Wait() // how it ended is its own business
		s.cmd, s.pipe = nil, nil
		s.held.Reset()
	}
	s.plain = true
	err := s.flush()
	s.errs.Write(s.behind.Bytes())
	s.behind.Reset()
	return err
}

// screenMessages is standard error beside a screen.
type screenMessages struct{ s *screen }

// Write implements io.Writer. What is held back of the output comes first: it was before the message.
func (m screenMessages) Write(p []byte) (int, error) {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	if m.s.cmd != nil || m.s.held.Len() > 0 {
		return m.s.behind.Write(p)
	}
	return m.s.errs.Write(p)
}

// now is where something is shown at once, whatever waits.
func (ios *IOStreams) now() io.Writer {
	if ios.screen != nil {
		return ios.screen.errs
	}
	return ios.Err
}
