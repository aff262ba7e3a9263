package eventlog

import (
	"errors"
	"fmt"
)

// A Fault is a call to Windows that failed.
type Fault struct {
	Call string // EvtExportLog
	Code uint32 // the number of the Windows error
}

// Error is in our own words: those of Windows are in the language of the machine.
func (f *Fault) Error() string {
	text, _ := f.explain()
	return fmt.Sprintf("%s (Windows error %d)", text, f.Code)
}

// The numbers that we know what to do about.
const (
	codeFileNotFound   = 2
	codeAccessDenied   = 5
	codeHandleDiskFull = 39
	codeFileExists     = 80
	codeParameter      = 87
	codeDiskFull       = 112
	codeNotImplemented = 120
	codeTooSmall       = 122
	codeNoDLL          = 126
	codeNoProcedure    = 127
	codeAlreadyExists  = 183
	codeNoMoreItems    = 259
	codeNotStarted     = 1062
	codePrivilege      = 1314
	codeUnknownRPC     = 1717
	codeNoServer       = 1722
	codeCallFailed     = 1726
	codeNoEndpoints    = 1753
	codeCallCancelled  = 1818
	codeChannelPath    = 15000
	codeQuery          = 15001
	codeNoChannel      = 15007
	codeDirect         = 15009
	codeStale          = 15011
	codeQueryFirst     = 15012 // to codeQueryLast: what can be wrong with an XPath
	codeQueryLast      = 15021
	codeQueryLong      = 15026
)

// badQuery says that Windows did not understand the XPath.
func badQuery(err error) bool {
	f := fault(err)
	return f != nil && (f.Code == codeQuery || codeQueryFirst <= f.Code && f.Code <= codeQueryLast || f.Code == codeQueryLong)
}

// stale says that the log was cleared, or ran over, in the middle of the call.
func stale(err error) bool {
	f := fault(err)
	return f != nil && f.Code == codeStale
}

func fault(err error) *Fault {
	var f *Fault
	errors.As(err, &f)
	return f
}

// explain says what the number means, and what to do about it.
func (f *Fault) explain() (text, hint string) {
	switch {
	case f.Code == codeAccessDenied, f.Code == codePrivilege:
		return "access denied", "run gwlogs as administrator (Run as administrator), or have yourself added to the group Event Log " +
			"Readers and log on again"
	case f.Code == codeNoChannel, f.Code == codeFileNotFound, f.Code == codeChannelPath:
		return "there is no such channel on this computer", "gwlogs channels --all shows those that there are; a name with spaces " +
			"needs quotation marks"
	case badQuery(f):
		return "Windows does not accept the query for these events", "choose events more simply: leave out --id and --level, or " +
			"save the log in Event Viewer and give the file"
	case f.Code == codeStale:
		return "the log was cleared or overwritten while it was read", "run the same command again"
	case f.Code == codeNoServer, f.Code == codeNoEndpoints, f.Code == codeUnknownRPC, f.Code == codeNotStarted,
		f.Code == codeCallFailed, f.Code == codeCallCancelled:
		return "the Windows Event Log service does not answer", "start it as administrator (sc start EventLog); without it, an " +
			"administrator can give the files in C:\\Windows\\System32\\winevt\\Logs"
	case f.Code == codeDiskFull, f.Code == codeHandleDiskFull:
		return "no room for the copy in the folder for temporary files", "make room there, or name another folder in the environment variable TMP"
	case f.Code == codeFileExists, f.Code == codeAlreadyExists:
		return "the file for the copy is there already", "run the same command again"
	case f.Code == codeDirect:
		return "is an analytic or debug channel that is being written to", "disable it in Event Viewer first, or give its file"
	case f.Code == codeParameter:
		return "Windows refuses the name of the channel or of the copy", "gwlogs channels --all shows the names; the folder for " +
			"temporary files has to be on a local drive"
	case f.Code == codeNotImplemented, f.Code == codeNoDLL, f.Code == codeNoProcedure:
		return "this system has no event channels", "give a log instead: gwlogs diagnose FILE.evtx"
	case f.Code == 0:
		return "Windows failed without a reason", "save the log in Event Viewer and give the file"
	}
	return f.Call + " failed", fmt.Sprintf("net helpmsg %d tells more; or save the log in Event Viewer and give the file", f.Code)
}

// ChannelError says why a channel cannot be read, and what to do about it.
func ChannelError(source string, err error) *Error {
	f := fault(err)
	if f == nil {
		return sourceError(source, err)
	}
	_, hint := f.explain()
	return &Error{Source: source, Err: f, Hint: hint}
}
