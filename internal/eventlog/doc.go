// Package eventlog finds the event logs that a person names (files, folders,
// zip archives, standard input) and opens them for package evtx.
//
// Nothing is unpacked to disk: the logs in a zip archive are read as streams.
// The one exception is a stream that has to be read twice, see [Pass].
package eventlog
