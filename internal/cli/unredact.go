package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/redact"
)

func newUnredactCommand(ios *IOStreams) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "unredact [FILE|-]",
		Short: "Put names back in the place of their tokens, for who made the bundle",
		Long: `Put the names of people and machines back in the place of the tokens that
--redact identities gave them, in a text (an answer of support, for one), in an
event log or in a whole bundle. Only the user who made the bundle can: the list of tokens never leaves
that user's folder on that machine. Keys and passwords are gone for good.

The text comes from a file or from standard input, and goes to standard output
or to --output. A log or a bundle needs --output.`,
		Example: `  gwlogs unredact answer.txt
  gwlogs events --id 401 bundle.zip | gwlogs unredact
  gwlogs unredact -o names.evtx tokens.evtx
  gwlogs unredact -o names.zip bundle.zip`,
		DisableFlagsInUseLine: true,
		Args:                  cobra.ArbitraryArgs,
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this `FILE`: it appears when it is complete, or not at all")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("gwlogs unredact answer.txt", "one FILE at a time")
		}
		name := "-"
		if len(args) == 1 {
			name = args[0]
		}
		return runUnredact(cmd.Context(), ios, name, output)
	}
	return cmd
}

func runUnredact(ctx context.Context, ios *IOStreams, name, outputName string) error {
	folder, err := ios.State()
	if err != nil {
		return err
	}
	given, err := folder.Tokens()
	if err != nil {
		return err
	}
	if len(given) == 0 {
		return &hintedError{errors.New("there is no list of tokens here"), "run it as the user who made the bundle, on the same machine"}
	}
	u := &unredactRun{ios: ios, restore: redact.NewRestorer(given), given: given, in: ios.In, name: "standard input"}
	if name == "-" && ios.InTerminal {
		return usage("gwlogs unredact answer.txt", "no FILE given: which text?")
	}
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return &hintedError{errNamed(name, fileerror.Reason(err)), "check the spelling; a name with spaces needs quotation marks"}
		}
		defer f.Close()
		u.in, u.name = f, name
	}
	return u.run(ctx, outputName)
}

// unredactRun is a text or a log that gets its names back.
type unredactRun struct {
	ios     *IOStreams
	restore *redact.Restorer
	in      io.Reader
	name    string
	damaged bool // it was not read whole

	given    map[string]string // names, by token
	restored int               // tokens in files of a bundle that got their names
}

func (u *unredactRun) run(ctx context.Context, outputName string) error {
	in := bufio.NewReaderSize(u.in, 1<<20)
	start, _ := in.Peek(8)
	isBundle := bytes.HasPrefix(start, []byte("PK\x03\x04"))
	isLog := bytes.Equal(start, []byte("ElfFile\x00"))
	switch {
	case isLog && (outputName == "" || outputName == "-"):
		return usage("gwlogs unredact -o names.evtx "+u.name, "an event log is no text: it needs --output")
	case isBundle && (outputName == "" || outputName == "-"):
		return usage("gwlogs unredact -o names.zip "+u.name, "a bundle is no text: it needs --output")
	case isBundle && u.name == "standard input":
		return usage("gwlogs unredact -o names.zip bundle.zip", "a bundle is read from its file, not from standard input")
	}
	out, err := openOutput(outputName, u.ios, nil)
	if err != nil {
		return err
	}
	defer out.discard()
	switch {
	case isBundle:
		err = u.bundle(ctx, out)
	case isLog:
		err = u.log(ctx, in, out)
	default:
		err = u.text(ctx, in, out)
	}
	if err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	if u.restore.Count()+u.restored == 0 {
		(&console{w: u.ios.Err}).note("no token in it is on your list: was the bundle made by another user, or on another machine?")
	}
	if u.damaged {
		return errPartial
	}
	return nil
}

// text goes by lines: no token reaches over the end of one.
func (u *unredactRun) text(ctx context.Context, in *bufio.Reader, out io.Writer) error {
	for ctx.Err() == nil {
		line, err := in.ReadString('\n')
		if _, err := io.WriteString(out, u.restore.Text(line)); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errNamed(u.name, fileerror.Reason(err))
		}
	}
	return ctx.Err()
}

func (u *unredactRun) log(ctx context.Context, in io.Reader, out io.Writer) error {
	w := evtx.NewWriter(out)
	defer w.Discard()
	edit := func(_ string, v evtx.Value) evtx.Value {
		if v.Type != evtx.TypeString && v.Type != evtx.TypeSID {
			return v
		}
		before := v.String()
		after := u.restore.Text(before)
		switch {
		case after == before:
			return v
		case v.Type == evtx.TypeSID:
			if sid, ok := evtx.SIDValue(after); ok {
				return sid
			}
			return v
		}
		return evtx.StringValue(strings.TrimRight(after, "\x00"))
	}
	console := &console{w: u.ios.Err, each: true}                                             // it has no -v
	pass := &eventlog.Pass{Logs: []*eventlog.Log{eventlog.NewStream(u.name, in)}, Threads: 1} // restore is for one goroutine
	pass.Tell(console.tell, true)
	totals, err := eventlog.Run(ctx, pass, writing(w, edit, false))
	if err != nil {
		return err
	}
	console.sayDamage(totals.Damaged, totals.LogsDamaged, 1)
	if totals.LogsFailed > 0 && totals.Stats.Records == 0 {
		return errNothing
	}
	u.damaged = totals.Damaged > 0 || totals.LogsFailed > 0
	return w.Close()
}
