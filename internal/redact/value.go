package redact

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// Value redacts a value of an event. It is made to be the Edit of an
// [evtx.Writer]; call Begin before each record.
func (r *Redactor) Value(name string, v evtx.Value) evtx.Value {
	if r.mode == None {
		return v
	}
	switch v.Type {
	case evtx.TypeString, evtx.TypeEvtXML:
		return r.stringValue(name, v)
	case evtx.TypeAnsiString:
		// Bytes of any code page: what is looked for is ASCII in all of them.
		if hits, hides := r.look(v.Raw); !hits && !hides && r.mode == Secrets && r.classOf(name).secret == noSecret {
			return v
		}
		before := string(v.Raw)
		if after := r.namedText(name, before); after != before {
			v.Raw = []byte(after)
		}
	case evtx.TypeBinary:
		v.Raw = r.binary(v.Raw)
	case evtx.TypeSID:
		if r.mode == Identities {
			return r.sidValue(v)
		}
	}
	return v
}

func (r *Redactor) stringValue(name string, v evtx.Value) evtx.Value {
	class := r.classOf(name)
	if r.eager.Load() {
		r.joinSplit()
	}
	if after, ok := r.splitValue(v); ok {
		return after
	}
	hash, known, others := uint64(0), false, false
	remember := v.Type == evtx.TypeString && class == nameClass{} && !r.record.endpoints && r.watch == nil
	if remember {
		if hash, known, others = r.quiet.find(v.Raw); known {
			if others {
				r.joinSplit()
				v, _ = r.splitValue(v)
			}
			return v
		}
	}
	before := r.events
	after, others := r.searchedValue(name, class, v)
	if remember && r.events == before && bytes.Equal(after.Raw, v.Raw) {
		r.quiet.add(hash, others)
	}
	return after
}

// splitValue is what becomes of a value that is a part of a secret with others.
func (r *Redactor) splitValue(v evtx.Value) (evtx.Value, bool) {
	if len(r.record.split) == 0 {
		return v, false
	}
	after, ok := r.record.split[string(trimNUL(v.Raw))]
	if !ok {
		return v, false
	}
	r.note(after)
	return withText(v, after), true
}

// searchedValue is what becomes of a value, and whether that depends on the others of its record.
func (r *Redactor) searchedValue(name string, class nameClass, v evtx.Value) (after evtx.Value, others bool) {
	r.raw = appendNarrow(r.raw[:0], v.Raw)
	hits, escape := r.look(r.raw)
	if hits || len(r.raw) >= leastKeyLine && len(r.raw) <= mostKeyLine && isKeyLine(string(r.raw)) {
		others = true
		r.joinSplit()
		if after, ok := r.splitValue(v); ok {
			return after, true
		}
	} else if !escape && r.mode == Secrets && class.secret == noSecret {
		r.noteRaw(r.raw)
		return v, false
	}
	before := strings.TrimRight(v.String(), "\x00")
	if hits && !r.eager.Load() && r.words.open(before) {
		r.eager.Store(true)
	}
	text := r.namedText(name, before)
	r.note(text)
	if text == before {
		return v, others
	}
	return withText(v, text), others
}

func withText(v evtx.Value, text string) evtx.Value {
	v.Raw = evtx.StringValue(text).Raw
	return v
}

// trimNUL drops the NUL characters that end a string in live logs.
func trimNUL(raw []byte) []byte {
	for len(raw) >= 2 && raw[len(raw)-1] == 0 && raw[len(raw)-2] == 0 {
		raw = raw[:len(raw)-2]
	}
	return raw
}

// nameClass is what the name of a value says about it.
type nameClass struct {
	secret class
	kind   Kind // of an identity
}

// maxNamed bounds what is remembered of names, which a hostile log could make up.
const maxNamed = 10000

func (r *Redactor) classOf(name string) nameClass {
	class, ok := r.named[name]
	if !ok {
		class = r.nameClass(name)
		if len(r.named) < maxNamed {
			r.named[name] = class
		}
	}
	return class
}

// expressions are those that are no rules.
type expressions struct {
	userName, domainName, machineName *regexp.Regexp // names of values

	listGoesOn *regexp.Regexp // how a value begins that goes on in the middle of a password of a connection string

	pemBegins, pemEnds *regexp.Regexp // the first and the last line of a private key
}

func newExpressions() *expressions {
	return &expressions{
		userName:    regexp.MustCompile(`(?i)^(?:subject|target|caller|member|sam|logon|new|old|client)?_?(?:user|account|member|logon)_?(?:name|id)?$|^upn$`),
		domainName:  regexp.MustCompile(`(?i)(?:user|subject|target|account)_?domain(?:_?name)?$`),
		machineName: regexp.MustCompile(`(?i)^(?:computer|workstation|machine|host|node|server|source_?workstation|dest(?:ination)?_?host|source_?host)_?(?:name)?$|^client_?name$`),
		listGoesOn:  regexp.MustCompile(`^([^;\s=]{1,128}={0,2});\s*[\pL_][\pL\pN_ .-]{0,40}=`),
		pemBegins:   regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----\s*$`),
		pemEnds:     regexp.MustCompile(`^\s*-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`),
	}
}

func (r *Redactor) nameClass(name string) nameClass {
	if c := r.words.classOf(name); c != noSecret {
		return nameClass{secret: c}
	}
	switch e := r.expr; {
	case e.userName.MatchString(name):
		return nameClass{kind: User}
	case e.domainName.MatchString(name):
		return nameClass{kind: Domain}
	case e.machineName.MatchString(name):
		return nameClass{kind: Machine}
	}
	return nameClass{}
}

// namedText redacts a text, all of it if its name says so.
func (r *Redactor) namedText(name, text string) string {
	class := r.classOf(name)
	whole := strings.TrimSpace(text)
	switch {
	case class.secret != noSecret && whole != "" && r.words.secret(secretName{class: class.secret}, whole, place{sign: '=', quoted: true}):
		rule := r.namedRule()
		r.count(rule, 1)
		return rule.mark()
	case class.kind != "" && r.mode == Identities && r.isName(class.kind, whole):
		r.countNamed(identityRule(class.kind), 1)
		return r.identity(class.kind, whole)
	}
	return r.text(text, r.record.endpoints)
}

// sidValue gives a SID of a domain its token, which is a SID too.
func (r *Redactor) sidValue(v evtx.Value) evtx.Value {
	before := v.String()
	if !strings.HasPrefix(before, "S-1-5-21-") {
		return v
	}
	after := r.tokens.token(SID, before)
	if after == before {
		return v
	}
	sid, ok := evtx.SIDValue(after)
	if !ok {
		return v
	}
	r.countNamed(identityRule(SID), 1)
	return sid
}
