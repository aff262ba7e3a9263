// Package ast is the syntax tree of Sigma rules: what package sigma has read in
// a detection or a correlation, for programs that check rules, or write them in
// the language of another engine. Who only matches events needs none of it.
//
// A [Detection] has searches and conditions, both trees of [Expr]: [And], [Or]
// and [Not] over [Test]s, and in conditions over [Ref]s to searches. "1 of" and
// "all of" are written out, modifiers are resolved: of
// "CommandLine|base64offset|contains: http" a Test keeps the texts that have to
// be found, and the modifiers as they stood. [All] goes through a tree.
//
//	for e := range ast.All(rule.Detection.Conditions[0].Expr) {
//		if t, ok := e.(*ast.Test); ok {
//			fmt.Println(t.Pos.Line, t.Field)
//		}
//	}
//
// The words are those of the Sigma specification 2.1.0
// (https://github.com/SigmaHQ/sigma-specification), whose sections the comments
// name. A tree comes from sigma.Parse and is not to be changed: compiled rules
// refer to it.
//
// # Compatibility
//
// Nodes, operators and fields may be added when the language gets more of them;
// a switch over them needs a default. Nothing is taken away or renamed without
// a major version.
package ast
