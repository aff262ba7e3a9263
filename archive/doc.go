// Package archive makes, opens and verifies the support bundle: one zip with
// the window's events as valid .evtx logs, redacted, what was found in them,
// a page for eyes, and a manifest with a checksum for every entry.
//
// Everything in a bundle but the logs is made from the redacted logs, so that
// nothing can be in it that redaction has not seen. The same input gives the
// same bytes.
package archive
