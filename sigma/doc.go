// Package sigma reads rules in the Sigma language and finds the events that
// they describe.
//
//	rules, err := sigma.Parse("rules.yml", src)
//	…
//	set, err := sigma.Compile(rules, &sigma.Options{Sources: sigma.WindowsSources})
//	…
//	for _, rule := range set.Match(sigma.System{Channel: "Security", EventID: 4688}, maps.All(values)) {
//		fmt.Println(rule.Level, rule.Title)
//	}
//
// Everything that can be wrong with a rule is found by [Parse] and [Compile],
// and said with file, line and column ([Error]). Matching cannot fail.
//
// # Events
//
// An event is its channel, provider and id, and values by field: text in UTF-8,
// as Windows shows it (a number decimal or with 0x, a time in UTC as in RFC 3339,
// an address without brackets). Rules call the first three Channel,
// Provider_Name and EventID; the others as the event does. A field may have
// several values: a test holds if it does for one of them. A keyword, a search
// without a field, looks at each value of the event. Upper and lower case are the
// same by Unicode's simple folding, but for the modifiers cased and re.
//
// [Set.Match] is the simple way in. [Matcher] is the fast one: it belongs to one
// goroutine, takes values as bytes, and asks for them only when a rule can match
// at all ([Matcher.Begin]: one look-up). Neither allocates for an event that no
// rule matches. The texts of all rules are searched for in one pass over an
// event's values; rules none of whose texts is there are not evaluated.
// [Correlator] follows correlations, in the order of time whatever the order of
// the events. For more than one form of the same event, as it is and normalised,
// see [Form].
//
// # What of Sigma
//
// Sigma rules specification 2.1.0 with its appendices on modifiers and taxonomy,
// and Sigma correlation rules specification 2.1.0
// (https://github.com/SigmaHQ/sigma-specification): all conditions, all
// modifiers, the correlations event_count, value_count, temporal and
// temporal_ordered, also of correlations, with aliases. Regular expressions are
// those of package regexp (RE2): no look-around and no back-references; they take
// time in proportion to the text. Refused with an error that says so: value_sum,
// value_avg and value_percentile, filters, aggregations behind "|" and timeframe
// (of Sigma 1), YAML anchors. Where implementations differ, pySigma decides;
// what the rules of SigmaHQ mean to it is compared in interop/sigma of the
// repository.
//
// # Limits
//
// Rules may come from strangers. A file has at most 1 MiB, 200,000 YAML nodes, 32
// levels; a regular expression 16 KiB; placeholders make at most 10,000 texts of
// one value; a correlation counts up to 99,999 and refers to others in at most
// 1,000 ways. A Matcher remembers at most 10,000 combinations of channel, provider
// and id; for a Correlator's bounds see there. Nothing grows with the number of
// events.
//
// # Compatibility
//
// The API follows Semantic Versioning together with the module: what is exported
// stays until a next major version, and changes are named in CHANGELOG.md.
// Structs may get fields, so write their literals with field names. What may
// change at any time: the wording of errors, and that a rule which was refused is
// understood. That an event matches which did not, or the other way round, is
// done only to correct a mistake, and named in the changelog.
//
// Package ast, below this one, has the syntax tree, for programs that do
// something else with rules than matching.
package sigma
