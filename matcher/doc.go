// Package matcher finds known problems of the gateway in event logs.
//
// A [Signature] is a Sigma rule with the cause of a problem and what to do
// about it; a [Catalogue] is many, compiled. The built-in ones are the files
// below signatures/, one a problem.
//
//	catalogue, err := matcher.New(signatures)
//	a := catalogue.Analyze(matcher.Options{})
//	w := a.Worker()
//	for … each record {
//		w.Visit(rec)
//	}
//	a.Take(w, "System.evtx")
//	analysis := a.Analysis(since, until)
//
// Workers look at records on several goroutines; Take gathers what they
// found, in the order of the log. An [Analysis] is all that there is to say,
// however it is shown.
package matcher
