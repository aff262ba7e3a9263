package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/report"
)

// console says things to the person, on standard error: one line each, lower
// case, "gwlogs: what: why", then perhaps "hint: what to do". No colour.
type console struct {
	mu     sync.Mutex
	w      io.Writer
	quiet  bool // errors alone
	each   bool // damaged place is named, however many there are
	status *statusLine

	damaged int // logs of which that was said
}

// damagedNamed is how many logs are named that are damaged, unless each place is.
const damagedNamed = 10

// fail shows an error and what to do about it.
func (c *console) fail(err error) {
	c.line("gwlogs: " + err.Error())
	if rule := (*ruleError)(nil); errors.As(err, &rule) {
		c.excerpt(rule.rule.Excerpt())
	}
	if hint := hintFor(err); hint != "" && !c.quiet {
		c.line("hint: " + hint)
	}
}

// tell shows what is said of the logs. Of damage the sum is enough for those who want quiet, and the first logs for all others.
func (c *console) tell(n eventlog.Notice) {
	if n.Damage && !c.each {
		if c.damaged++; c.quiet || c.damaged > damagedNamed {
			return
		}
	}
	if n.Trouble {
		c.problem("%s", n.Text)
	} else {
		c.note("%s", n.Text)
	}
	if n.Hint != "" {
		c.hint("%s", n.Hint)
	}
}

// problem shows a line that is part of a longer story.
func (c *console) problem(format string, args ...any) {
	c.line("gwlogs: " + fmt.Sprintf(format, args...))
}

// note tells something that is no error.
func (c *console) note(format string, args ...any) {
	if !c.quiet {
		c.line("gwlogs: " + fmt.Sprintf(format, args...))
	}
}

// hint tells the next step.
func (c *console) hint(format string, args ...any) {
	if !c.quiet {
		c.line("hint: " + fmt.Sprintf(format, args...))
	}
}

// excerpt shows lines of a file as they are.
func (c *console) excerpt(text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		c.line("    " + strings.ReplaceAll(line, "\t", " "))
	}
}

// line writes what may have come out of a log or a file name: nothing in it acts on the terminal.
func (c *console) line(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status.aside(func() { io.WriteString(c.w, report.Visible(s)+"\n") })
}
