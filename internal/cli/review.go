package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/wholefile"
)

// A review shows what redaction took out and what it left in doubt, and asks
// what else has to go, before the bundle is made.
type review struct {
	ios   *IOStreams
	o     *options
	rules string // the file that the user's rules are kept in

	taken    map[string]map[shownPlace]int // by rule
	suspects map[string]*shownSuspect      // by what was left
}

// A shownPlace is where something was taken out: its surroundings.
type shownPlace struct{ before, after string }

type shownSuspect struct {
	archive.Finding
	count int
}

// Bounds of what is shown and kept: a hostile log could have any number.
const (
	maxShownPlaces = 8
	maxPlaces      = 10_000
	maxSuspects    = 1_000
)

// keptRules is the file in the user's folder that rules are kept in if none is named.
const keptRules = "redact-rules.yml"

// reviewed goes over the redaction of the bundle with the user, and has it made
// with the rules that are kept then.
func reviewed(ctx context.Context, ios *IOStreams, o *options, a *archiveOptions, sources []string) error {
	if slices.Contains(sources, "-") {
		return usage("write the log to a file first", "--review asks on standard input, from which - takes a log")
	}
	folder, err := ios.State()
	if err != nil {
		return err
	}
	r := &review{ios: ios, o: o, rules: a.Rules, taken: make(map[string]map[shownPlace]int), suspects: make(map[string]*shownSuspect)}
	if r.rules == "" {
		r.rules = folder.Path(keptRules)
	}
	dry, quiet := *a, *o
	dry.DryRun, dry.Watch = true, r.watch
	quiet.quiet = true
	b := newBundleRun(ios, &quiet)
	b.console = &console{w: io.Discard}
	if made, err := b.run(ctx, archive.Make, &dry, sources, nil); err != nil || made == nil || made.Manifest == nil {
		if made == nil {
			return err
		}
		return b.end(made, err)
	}
	r.showTaken()
	chosen, err := r.ask()
	if err != nil {
		return err
	}
	if len(chosen) > 0 {
		if err := r.keep(chosen); err != nil {
			return err
		}
		a.Rules = r.rules
		hint := r.rules
		if strings.Contains(hint, " ") {
			hint = `"` + hint + `"`
		}
		r.tell("%s kept in %s: --redact-rules %s uses them again\n", counted(len(chosen), "rule"), report.Visible(r.rules), report.Visible(hint))
	}
	return runArchive(ctx, ios, o, a, sources)
}

// watch takes what redaction tells.
func (r *review) watch(f archive.Finding) {
	if f.Suspect == "" {
		places := r.taken[f.Rule]
		if places == nil {
			places = make(map[shownPlace]int)
			r.taken[f.Rule] = places
		}
		at := shownPlace{f.Before, f.After}
		if _, ok := places[at]; ok || len(places) < maxPlaces {
			places[at]++
		}
		return
	}
	switch s := r.suspects[f.Text]; {
	case s != nil:
		s.count++
		if f.Before+f.After < s.Before+s.After { // the same one, whichever goroutine came first
			s.Finding = f
		}
	case len(r.suspects) < maxSuspects:
		r.suspects[f.Text] = &shownSuspect{f, 1}
	}
}

func (r *review) tell(format string, args ...any) { fmt.Fprintf(r.ios.Err, format, args...) }

// showTaken shows each redaction in its surroundings.
func (r *review) showTaken() {
	if len(r.taken) == 0 {
		r.tell("nothing was taken out\n")
		return
	}
	for _, rule := range sortedKeys(r.taken) {
		places := r.taken[rule]
		sum := 0
		var all []shownPlace
		for at, n := range places {
			sum += n
			all = append(all, at)
		}
		slices.SortFunc(all, func(a, b shownPlace) int { return strings.Compare(a.before+"\x00"+a.after, b.before+"\x00"+b.after) })
		r.tell("taken out as %s: %s\n", rule, counted(sum, "place"))
		for _, at := range all[:min(len(all), maxShownPlaces)] {
			r.tell("  …%s[redacted:%s]%s…\n", report.Visible(at.before), rule, report.Visible(at.after))
		}
		if more := len(all) - maxShownPlaces; more > 0 {
			r.tell("  and in %s more\n", counted(more, "surrounding"))
		}
	}
}

// errReviewStopped ends a review without a bundle.
var errReviewStopped = errors.New("stopped: nothing was written")

// ask shows each suspect and returns those that the user takes.
func (r *review) ask() (chosen []*shownSuspect, err error) {
	all := sortedKeys(r.suspects)
	if len(all) == 0 {
		r.tell("nothing was left in doubt\n")
		return nil, nil
	}
	r.tell("left in doubt, as it could be a secret: %s\n", counted(len(all), "word"))
	answers := bufio.NewScanner(r.ios.In)
	rest := false
	for i, text := range all {
		s := r.suspects[text]
		if rest {
			chosen = append(chosen, s)
			continue
		}
		r.tell("%d of %d, %s, %s:\n  …%s»%s«%s…\ntake it out? [y]es, [N]o, [a]ll that follow, [s]kip the rest, [q]uit: ", i+1, len(all),
			s.Suspect, counted(s.count, "place"), report.Visible(s.Before), report.Visible(text), report.Visible(s.After))
		if !answers.Scan() {
			r.tell("\n")
			return chosen, answers.Err()
		}
		switch strings.ToLower(strings.TrimSpace(answers.Text())) {
		case "y", "yes":
			chosen = append(chosen, s)
		case "a", "all":
			chosen, rest = append(chosen, s), true
		case "s", "skip":
			return chosen, nil
		case "q", "quit":
			return nil, errReviewStopped
		}
	}
	return chosen, nil
}

// keep adds a rule for each suspect that was taken to the user's file.
func (r *review) keep(chosen []*shownSuspect) error {
	old, err := os.ReadFile(r.rules)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errNamed(r.rules, fileerror.Reason(err))
	}
	var found []redact.Finding
	for _, s := range chosen {
		found = append(found, redact.Finding{Suspect: redact.Suspect(s.Suspect), Text: s.Text, Before: s.Before, After: s.After})
	}
	text, err := redact.AddRules(old, found)
	if err != nil {
		return errNamed(r.rules, err)
	}
	if err := os.MkdirAll(filepath.Dir(r.rules), 0o700); err != nil {
		return errNamed(r.rules, fileerror.Reason(err))
	}
	f, err := wholefile.Create(r.rules, 0o600, nil)
	if err != nil {
		return outputError(r.rules, err)
	}
	defer f.Discard()
	if _, err := f.Write(text); err != nil {
		return outputError(r.rules, err)
	}
	return f.Commit()
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
