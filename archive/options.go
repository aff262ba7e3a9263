package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// Options say what is put into a bundle, and how. The zero value of a field is what most want.
type Options struct {
	// Sources are event logs, folders, zip archives of logs, and bundles, as the command line takes them: the name of a file or
	// folder, "-" for Stdin, "channel:NAME" for a live channel. Readers are further ones that are no files. Without any, on
	// Windows, the gateway's live channels are taken.
	Sources []string
	Readers []Source
	Stdin   io.Reader

	// Bundle is made anew, in place of Sources: a bundle of the same report ID, window, logs and files, redacted once more.
	Bundle *Bundle

	Identities []age.Identity // open what is encrypted among the sources
	CodePage   evtx.CodePage  // of texts in logs from before Unicode
	Recover    bool           // also stale records, see evtx.Reader
	AllLogs    bool           // also logs in folders that are no gateway's, and all events of Windows' own logs there
	Duplicates bool           // also events that another of the logs has already; otherwise each is in the bundle once

	// Select chooses among the events; its Since and Until are not looked at.
	Select evtx.Selection

	// Since and Until are the window. The zero Since is Ago(DefaultWindow), the zero Until no limit. Of a Bundle, all is taken.
	Since, Until Moment

	// RelativeTo is what Ago and OnDay count from: "newest" for the newest event of the sources, or "now". Empty means now for live
	// channels, and otherwise the newest event.
	RelativeTo string
	Now        func() time.Time // the clock; nil for time.Now

	Include []string // names of text files that are put in too, redacted: see MaxFile

	Check []byte // what gwlogs check found on this machine, as its JSON; it becomes CheckName, redacted, and a part of the page. May be nil

	Redact   Mode
	Rules    string // name of a file with rules of redaction; see README
	TokenKey []byte // for the tokens of Identities: TokenKeySize bytes that nobody else knows

	ReportID string // a UUID; empty for a new one
	Lang     string // of the page and README.txt: "en" (also if empty) or "fr"
	Tool     Tool   // the program that makes the bundle; the zero Tool is gwlogs itself

	Recipients []age.Recipient // encrypt the bundle to these
	MaxSize    int64           // bytes; a larger bundle is a *SizeError. 0 for no limit

	// File is the file that the bundle becomes, and Out gets it in place of a file. Without them, the bundle gets a name
	// of its own in Folder (empty: the current one): gwlogs-COMPUTER-TIME-REPORTID.zip, or .zip.age.
	File, Folder string
	Out          io.Writer
	DryRun       bool // make nothing: the Result says what would be made

	Threads int // 0 for one on each processor

	// Watch is told what redaction takes out and what it leaves in doubt, one at a time. Nil if nobody looks over it.
	Watch func(Finding)

	// Notify is told what is wrong with the sources as it is found, Progress how far the work is. Remember gets the bundle
	// before it appears under its name: to keep its report ID, and Tokens. Its error ends all, and there is no bundle. It is not
	// called of a DryRun. All may be nil, and are called one at a time.
	Notify     func(Notice)
	EachDamage bool // Notify gets each damaged place of a log, and not one line of all
	Progress   func(Progress)
	Remember   func(*Result) error
}

// DefaultWindow is how far back a bundle goes.
const DefaultWindow = 7 * 24 * time.Hour

// A Mode is what redaction takes out.
type Mode string

// The modes of redaction. The empty Mode is Secrets.
const (
	Secrets    Mode = "secrets"    // keys, passwords, tokens, connection strings: gone for good
	Identities Mode = "identities" // also users, machines and addresses: each becomes a token, the same one wherever it stands
	None       Mode = "none"
)

// TokenKeySize is the size of Options.TokenKey in bytes.
const TokenKeySize = redact.KeySize

// A Finding is a place where redaction took something out, or left something that looks like a secret.
type Finding struct {
	Rule          string // of what was taken out; empty for what was left
	Suspect       string // the kind of what was left: random-word, name-and-value
	Text          string // what was left; what was taken out is not told
	Before, After string // the surroundings, redacted
}

// A Source is a log, a zip archive of logs or a bundle, encrypted or not, that is no file.
type Source struct {
	Name string // for people
	Data io.ReaderAt
	Size int64 // of Data, in bytes
}

// A Moment is an end of a window.
type Moment struct {
	moment eventlog.Moment
	given  bool
}

// At is the moment t. At the zero time, there is no limit.
func At(t time.Time) Moment { return Moment{eventlog.Moment{At: t}, true} }

// Ago is a moment so long before what Options.RelativeTo says.
func Ago(d time.Duration) Moment { return Moment{eventlog.Moment{Back: d, Relative: true}, true} }

// OnDay is a time on the day that Options.RelativeTo says, or so many days before it: clock after midnight in zone.
func OnDay(before int, clock time.Duration, zone *time.Location) Moment {
	return Moment{eventlog.Moment{Day: &eventlog.Day{Before: before, Clock: clock, Zone: zone}, Relative: true}, true}
}

// A Notice is a line that somebody should read.
type Notice struct {
	Text    string
	Hint    string // what to do; empty if there is nothing, or nothing we know
	Trouble bool   // something could not be read
	Damage  bool   // it is of damaged places in a log, which Result.Damaged counts too
}

// Progress is how far the reading of the sources is.
type Progress struct {
	Bytes, Total int64 // Total is -1 if it is not known
	Events       uint64
}

// A Result is a bundle that was made.
type Result struct {
	Manifest  *Manifest
	File      string // its name; empty for a DryRun and for Options.Out
	Bytes     int64  // of the bundle; of a DryRun, of what would be encrypted
	SHA256    string // of the bundle, in lower-case hex; empty for a DryRun
	Encrypted bool
	Computer  string            // of the first event, redacted
	Tokens    map[string]string // what each token stands for, of mode Identities: this undoes the redaction

	Since, Until time.Time  // which events were selected; zero for no limit
	Events       evtx.Stats // of all that was read, selected or not
	Selected     uint64     // events
	Duplicates   uint64     // events that another of the logs had already, and left out
	Forgot       bool       // there were too many events to find all of those
	Logs         int        // that were looked at
	Damaged      int        // places in them
	DamagedLogs  int
	Failed       int      // sources and files that could not be read, or not to their end
	Retention    []Notice // why live channels do not go back further
}

// Partial reports whether something could not be read. What it is, is in the manifest.
func (r *Result) Partial() bool { return r.Failed > 0 || r.Damaged > 0 }

// ErrNothingRead is the error of Make if there was nothing to read, or nothing of it could be. Options.Notify was told why.
var ErrNothingRead = errors.New("nothing could be read")

// ErrBackwards is the error of Make for a window that ends before it begins.
var ErrBackwards = eventlog.ErrBackwards

// A RulesError is something wrong with the file Options.Rules.
type RulesError struct{ Err error }

func (e *RulesError) Error() string { return "rules of redaction: " + e.Err.Error() }
func (e *RulesError) Unwrap() error { return e.Err }

// A SizeError is a bundle that is larger than it may be.
type SizeError struct{ Size, Max int64 }

func (e *SizeError) Error() string {
	return fmt.Sprintf("the bundle would have %d bytes, and %d are allowed", e.Size, e.Max)
}

// A TempError is a failure of the temporary files, which lie in os.TempDir.
type TempError struct{ Err error }

func (e *TempError) Error() string {
	return "temporary files in " + os.TempDir() + ": " + e.Err.Error()
}
func (e *TempError) Unwrap() error { return e.Err }
