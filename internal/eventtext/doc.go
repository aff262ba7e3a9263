// Package eventtext turns text that people have at hand into events: an error pasted from a portal or a dialog, the output of
// an activity or a pipeline run as JSON, installer and trace logs, and exports of event logs as XML, CSV or JSON. What a text is
// decides its content, never its name.
//
// Nothing of a text can be relied upon to be whole, or to be what it seems: what cannot be taken apart stays one event with all
// of its text in it, so that nothing is lost.
package eventtext
