// Package report writes events for people and for their programs: as a table,
// as text, CSV, JSON and XML.
//
// An event is rendered by a [Renderer] on whatever goroutine found it; a
// [Document] puts what was rendered together, in order. A log may hold
// anything that a program put into it, so nothing in it reaches a terminal
// raw: control characters and those that change the direction of writing are
// shown escaped (\x1b, \u202e).
package report
