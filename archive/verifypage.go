package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/gwlogs/gwlogs/internal/safezip"
)

const maxTag = 8192 // bytes of a meta element

// errNoPolicy is what a page without protection gets.
var errNoPolicy = errors.New("does not forbid the browser to load anything: it has no Content-Security-Policy in front of all else")

// checkPage reads a page and makes sure that a browser that shows it loads
// nothing: its first element has to be a policy that says so, for a browser
// honours it from there on. What a policy does not prevent must not be there.
func checkPage(r io.Reader) error {
	b := bufio.NewReaderSize(r, maxTag)
	for protected := false; ; {
		text, err := b.ReadSlice('<')
		if err == bufio.ErrBufferFull {
			err = nil
		}
		if !protected && len(bytes.TrimSpace(bytes.TrimSuffix(text, []byte("<")))) > 0 {
			return errNoPolicy
		}
		switch {
		case err == io.EOF && !protected:
			return errNoPolicy
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case len(text) == 0 || text[len(text)-1] != '<':
			continue
		}
		if protected, err = checkElement(b, protected); err != nil {
			return err
		}
	}
}

// checkElement looks at the element behind a '<', and reports whether the page
// is protected by now.
func checkElement(b *bufio.Reader, protected bool) (bool, error) {
	start, _ := b.Peek(maxTag)
	name := strings.ToLower(string(elementName.Find(start)))
	switch name {
	case "!doctype", "html", "head":
		if !protected && !plainStart(name, start[len(name):]) {
			return false, errNoPolicy
		}
		b.Discard(bytes.IndexByte(start, '>') + 1)
		return protected, nil
	case "meta":
		attrs, ok := attributes(start[len(name):])
		if !ok {
			return protected, errors.New("has a meta element that cannot be read")
		}
		equiv, isEquiv := attrs["http-equiv"]
		if isEquiv && !(strings.EqualFold(equiv, "Content-Security-Policy") && forbids(attrs["content"])) {
			return protected, errors.New("has a meta element that it should not have: http-equiv " + safezip.Printable(equiv))
		}
		if charset, ok := attrs["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
			return protected, errors.New("has a meta element that it should not have: charset " + safezip.Printable(charset))
		}
		b.Discard(bytes.IndexByte(start, '>') + 1)
		return protected || isEquiv, nil
	case "base", "form", "iframe", "frame", "object", "embed", "applet", "link":
		return protected, fmt.Errorf("has an element that it should not have: %s", name)
	}
	if !protected {
		return protected, errNoPolicy
	}
	return protected, nil
}

// plainStart reports whether an element in front of the policy does nothing
// itself: a style could load an image before the policy is known.
func plainStart(name string, rest []byte) bool {
	if name == "!doctype" {
		return len(rest) > 5 && strings.EqualFold(string(rest[:6]), " html>")
	}
	attrs, ok := attributes(rest)
	for a := range attrs {
		ok = ok && (a == "lang" || a == "dir")
	}
	return ok
}

var (
	elementName = regexp.MustCompile(`^!?[A-Za-z][A-Za-z0-9-]*`)
	attribute   = regexp.MustCompile(`^\s+([A-Za-z][A-Za-z0-9-]*)\s*=\s*("[^"<>]*"|'[^'<>]*'|[A-Za-z0-9_-]+)`)
)

// attributes reads the attributes of an element up to its '>'. It takes no
// form that two browsers could read in two ways.
func attributes(b []byte) (map[string]string, bool) {
	i := bytes.IndexByte(b, '>')
	if i < 0 {
		return nil, false
	}
	b = bytes.TrimSuffix(b[:i], []byte("/"))
	attrs := map[string]string{}
	for len(bytes.TrimSpace(b)) > 0 {
		m := attribute.FindSubmatch(b)
		if m == nil {
			return nil, false
		}
		name := strings.ToLower(string(m[1]))
		if _, twice := attrs[name]; twice {
			return nil, false
		}
		value := m[2]
		if value[0] == '"' || value[0] == '\'' {
			value = value[1 : len(value)-1]
		}
		attrs[name] = html.UnescapeString(string(value))
		b = b[len(m[0]):]
	}
	return attrs, true
}

// forbids reports whether a Content-Security-Policy lets nothing be loaded.
func forbids(policy string) bool {
	none := false
	for directive := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		if strings.EqualFold(words[0], "default-src") {
			if none = len(words) == 2 && words[1] == "'none'"; !none {
				return false
			}
		}
		for _, source := range words[1:] {
			if !inside(source) {
				return false
			}
		}
	}
	return none
}

// inside reports whether a source of a policy is the page itself.
func inside(source string) bool {
	return source == "'none'" || source == "'unsafe-inline'" || source == "data:" || strings.HasPrefix(source, "'sha256-")
}
