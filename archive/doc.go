// Package archive makes, opens and verifies the support bundle: one zip with
// the window's events as valid .evtx logs, redacted, what was found in them,
// a page for eyes, and a manifest with a checksum for every entry.
//
// [Make] makes one out of files, folders, archives, live channels or readers,
// [Open] reads one, encrypted or not, and [Verify] says whether it is what was
// made. [RedactLog] does to a single log what Make does to those in a bundle.
//
// # What a bundle promises
//
// Everything in a bundle but the logs is made from the redacted logs, so that
// nothing can be in it that redaction has not seen; what redaction could not
// look into is listed in [Redaction]. Redaction knows many kinds of secrets,
// not all: the README says what it can and cannot promise. The same events,
// options and report ID give the same bytes, on any number of cores.
//
// # Strangers
//
// Whoever opens a bundle need not trust who made it. Sizes, counts and depths
// are bounded, whatever is declared; names that would leave the folder,
// entries that share their bytes, links and other things that are dangerous to
// unpack are refused. The checksums are in the bundle itself: they tell
// damage, not a forgery.
//
// # Limits
//
// A manifest has at most 16 MiB and 100,000 items in a list, and of a further
// text file the last [MaxFile] bytes are taken. Memory does not grow with the
// logs. The schema of the manifest is [Schema]; keys are added to it, and none
// changes its meaning.
package archive
