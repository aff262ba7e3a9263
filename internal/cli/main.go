// Package cli is the command line: a file for each verb, which turns flags
// into options and runs. All input and output goes through [IOStreams].
package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Main runs gwlogs with the arguments, streams and signals of the process and returns its exit code.
func Main() int {
	// Without this, the write to a pipe that "head" has closed kills the
	// process before it could tidy up.
	signal.Ignore(syscall.SIGPIPE)
	spareCollections()
	ctx, stop := signal.NotifyContext(context.Background(), endSignals()...)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	streams := System()
	colors, restore := consoleColors(os.Stdout)
	defer restore()
	streams.Color = streams.Color && colors
	return Run(ctx, os.Args[1:], streams)
}

// endSignals are those that end a run, but for the ones that the process was
// started to ignore (nohup, background jobs of a script).
func endSignals() []os.Signal {
	var signals []os.Signal
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signals = append(signals, s)
		}
	}
	return signals
}
