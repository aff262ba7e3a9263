package redact

import (
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
	if len(r.record.split) > 0 {
		if after, ok := r.record.split[string(trimNUL(v.Raw))]; ok {
			return withText(v, after)
		}
	}
	found, escaped := r.find.find(v.Raw, 2, nil)
	if found {
		r.joinSplit()
	} else if !escaped && r.mode == Secrets && !class.secret {
		return v
	}
	before := strings.TrimRight(v.String(), "\x00")
	if found && !r.eager.Load() && r.expr.secretNames.open(before[max(0, len(before)-openTail):]) {
		r.eager.Store(true)
	}
	after := r.namedText(name, before)
	if after == before {
		return v
	}
	return withText(v, after)
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
	secret bool
	kind   Kind // of an identity
}

// maxNamed bounds what is remembered of names, which a hostile log could make up.
const maxNamed = 10000

func (r *Redactor) classOf(name string) nameClass {
	class, ok := r.named[name]
	if !ok {
		class = r.expr.classOf(name)
		if len(r.named) < maxNamed {
			r.named[name] = class
		}
	}
	return class
}

// expressions are those that are no rules.
type expressions struct {
	secretNames                       secretNames
	userName, domainName, machineName *regexp.Regexp // names of values

	tokens     *regexp.Regexp // what redaction puts into a text
	listGoesOn *regexp.Regexp // how a value begins that goes on in the middle of a password of a connection string
}

func newExpressions() *expressions {
	return &expressions{
		secretNames: newSecretNames(),
		userName:    regexp.MustCompile(`(?i)^(?:subject|target|caller|member|sam|logon|new|old|client)?_?(?:user|account|member|logon)_?(?:name|id)?$|^upn$`),
		domainName:  regexp.MustCompile(`(?i)(?:user|subject|target|account)_?domain(?:_?name)?$`),
		machineName: regexp.MustCompile(`(?i)^(?:computer|workstation|machine|host|node|server|source_?workstation|dest(?:ination)?_?host|source_?host)_?(?:name)?$|^client_?name$`),
		tokens:      regexp.MustCompile(tokenPattern() + `|\[redacted:[a-z0-9-]+\]`),
		listGoesOn:  regexp.MustCompile(`^([^;\s=]{1,128}={0,2});\s*[\pL_][\pL\pN_ .-]{0,40}=`),
	}
}

func (e *expressions) classOf(name string) nameClass {
	switch {
	case e.secretNames.ends(plainName(name)):
		return nameClass{secret: true}
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
	case class.secret && whole != "" && whole != "-" && !marked(whole) && notAWord(whole, []int{0, 0, 0, len(whole)}):
		r.counts[namedRule]++
		return "[redacted:" + namedRule + "]"
	case class.kind != "" && r.mode == Identities && r.isName(class.kind, whole):
		r.counts[identityRule(class.kind)]++
		return r.identity(class.kind, whole)
	}
	return r.text(text, r.record.endpoints)
}

// namedRule is what a value is counted under whose name says that it is a secret.
const namedRule = "password"

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
	r.counts[identityRule(SID)]++
	return sid
}
