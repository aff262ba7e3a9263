// Package redact takes secrets out of event logs and texts, and, if asked to,
// turns the names of people and machines into tokens.
//
// Secrets (keys, passwords, tokens of services) are replaced by the name of
// the rule that found them: [redacted:password]. They are found where they are
// escaped for XML, JSON or URLs, in binary values, and where a log splits them
// over several values; see [Redactor.Begin].
//
// Identities (users, machines, domains, addresses, …) become keyed tokens:
// the same thing is the same token everywhere, in every bundle made with the
// same key, and nobody without the key can tell which. What a thing belongs to
// stays visible: an account keeps its domain, addresses of one subnet share
// their first half.
//
// Redaction works on what it knows. It is no proof that nothing private is
// left, and says what it could not look into.
package redact
