package redact

import (
	"strings"
)

// braced returns what stands in the braces of ODBC; of an object of JSON its member "value".
func (l *literal) braced(i int) (from, to int) {
	rest := l.text[i:]
	n := 1 + leadingSpace(rest[1:])
	if n >= len(rest) || rest[n] == '"' || rest[n] == '\'' || rest[n] == '\\' || l.keys(rest[1:], n-1) {
		return l.member(i)
	}
	for k := 1; k < len(rest) && k < maxLooked; k++ {
		switch rest[k] {
		case '}':
			if k+1 < len(rest) && rest[k+1] == '}' {
				k++
				continue
			}
			if strings.Trim(rest[1:k], "0123456789") == "" {
				return i, i // a place-holder
			}
			if k+1 < len(rest) && (isName(rest[k+1:]) || rest[k+1] == '_' || rest[k+1] == '-') {
				return i, max(i+k+1, l.plain(i+k+1))
			}
			return i + 1, i + k
		case '\r', '\n':
			return i + 1, i + k
		}
	}
	if len(rest) < maxLooked {
		return i + 1, len(l.text)
	}
	return i, l.plain(i)
}

// keys reports whether what stands behind a brace is an object with names that
// have no quotation marks: { type: 'x' } of JavaScript and Bicep, "{\n type = "x"" of Terraform.
func (l *literal) keys(inside string, blank int) bool {
	n, sign := nameAt(inside[blank:min(len(inside), blank+48)])
	if n == 0 || strings.Contains(inside[blank:blank+n], " ") {
		return false
	}
	return sign == ':' && l.sign == ':' || strings.ContainsAny(inside[:blank], "\r\n")
}

// member finds the value in an object of JSON that has the name of the secret:
// in the first member that is called like a value, however deep.
func (l *literal) member(i int) (from, to int) {
	object := l.text[i:min(len(l.text), i+maxLooked)]
	depth := 0
	for k := 0; k < len(object); k++ {
		name := ""
		switch object[k] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i, i
			}
		case '"', '\'':
			end := strings.IndexByte(object[k+1:], object[k])
			if end < 0 {
				return i, i
			}
			name = object[k+1 : k+1+end]
			k += 1 + end
		default:
			begin := k
			for k < len(object) && isNameByte(object[k]) {
				k++
			}
			if name = object[begin:k]; name == "" {
				continue
			}
			k--
		}
		behind := k + 1 + leadingSpace(object[k+1:])
		if behind >= len(object) || object[behind] != ':' && object[behind] != '=' || !holdsValue(name) {
			continue
		}
		if next := behind + 1 + leadingSpace(object[behind+1:]); next < len(object) && object[next] == '{' {
			continue
		}
		inner := literal{l.text, l.name, ':'}
		return inner.at(i + behind + 1)
	}
	return i, i
}

// holdsValue reports whether a member of an object is called so that it holds its value.
func holdsValue(name string) bool {
	switch strings.ToLower(strings.Trim(name, "#$_")) {
	case "value", "securevalue", "secretvalue", "plaintext", "plain", "cleartext", "defaultvalue", "default", "secret", "raw", "v", "val", "text", "p", "pw", "pass", "current", "content",
		"data", "newvalue", "string", "stringvalue", "secretstring":
		return true
	}
	return false
}

// maxBlock is how many lines of a block of YAML are looked at.
const maxBlock = 8

// block finds the value in the lines of YAML that stand below the name and
// further in: in the first that is called like a value.
func (l *literal) block(i int) (from, to int) {
	if l.sign != ':' || i >= len(l.text) {
		return i, i
	}
	nameLine, _ := lineAround(l.text, l.name)
	outer := leadingBlank(l.text[nameLine:])
	for range maxBlock {
		line, end := lineAround(l.text, i)
		inner := leadingBlank(l.text[line:])
		if line == nameLine || inner <= outer {
			break
		}
		name, _, ok := strings.Cut(l.text[line+inner:end], ":")
		if ok && holdsValue(strings.Trim(name, `"' `)) && line+inner+len(name)+1 < end {
			value := literal{l.text, l.name, ':'}
			return value.at(line + inner + len(name) + 1)
		}
		if i = nextLine(l.text, end); i < 0 {
			break
		}
		i += leadingBlank(l.text[i:])
	}
	return l.name, l.name
}

func leadingBlank(text string) int {
	return len(text) - len(strings.TrimLeft(text[:min(len(text), maxSegment)], " \t-")) - max(0, len(text)-maxSegment)
}

// opened returns where a value ends that stands in quotation marks together with
// its name, "NAME=two words", or behind the set of a batch file, which goes to
// the end of the line.
func (l *literal) opened(i, end int) int {
	begin := l.name
	for begin > 0 && l.name-begin < longestName && (isNameByte(l.text[begin-1]) || strings.IndexByte("/.:", l.text[begin-1]) >= 0) {
		begin--
	}
	if begin == 0 {
		return 0
	}
	line := l.text[:max(end, min(len(l.text), i+2*maxSegment))]
	if stop := strings.IndexAny(line[end:], "\r\n"); stop >= 0 {
		line = line[:end+stop]
	}
	switch mark := l.text[begin-1]; {
	case mark == '"' || mark == '\'':
		for k := end; k < len(line); k++ {
			switch {
			case line[k] == mark && closes(line, k):
				return k
			case line[k] == ';' && connects(line[k:]), line[k] == '&' && named(line[k+1:]), line[k] == '\\' && escapedQuote(line[k:]), line[k] == ',', line[k] == '<', lineEscape(line[k:]) > 0:
				return 0
			}
		}
	case mark == ' ' && l.text[i-1] == '=':
		before := asciiLower(l.text[max(0, begin-5):begin])
		if rest := strings.TrimRight(before, " "); !strings.HasSuffix(rest, "set") || len(rest) > 3 && isNameByte(rest[len(rest)-4]) {
			return 0
		}
		if stop := strings.IndexAny(line[end:], "&|,'\"();<>="); stop >= 0 {
			line = line[:end+stop]
		}
		return end + len(strings.TrimRight(line[end:], " \t"))
	}
	return 0
}
