// Package matcher finds known problems of the gateway in event logs.
//
// A [Signature] is a Sigma rule with the cause of a problem and what to do
// about it; a [Catalogue] is many, compiled. The built-in ones are the files
// below signatures/, one a problem.
//
//	catalogue, err := matcher.New(signatures)
//	d := catalogue.Diagnose(matcher.Options{})
//	w := d.Worker()
//	for … each record {
//		w.Visit(rec)
//	}
//	d.Take(w, "System.evtx")
//	findings := d.Findings("en")
//
// Workers look at records on several goroutines; Take gathers what they
// found, in the order of the log.
package matcher
