// Package sigma reads rules in the Sigma language (specification 2.1) and
// finds the events that they describe.
//
//	rules, err := sigma.Parse("rules.yml", src)
//	set, err := sigma.Compile(rules, nil)
//	m := set.Matcher()
//	for … each event {
//		if !m.Begin(channel, provider, eventID) {
//			continue // no rule can want it: one look-up
//		}
//		m.Add("CommandLine", value)
//		for _, rule := range m.Match() {
//			…
//		}
//	}
//
// Everything that can be wrong with a rule is found by Parse and Compile, and
// said with file, line and column. Matching cannot fail.
package sigma
