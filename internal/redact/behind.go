package redact

import (
	"strings"
	"unicode"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// behindSign is the value behind a name and a sign.
func behindSign(text string, m []int) (from, to int) {
	name := m[0]
	if name < len(text) && !isNameByte(text[name]) {
		name++
	}
	for name > 0 && m[0]-name < maxNameRest && isNameByte(text[name-1]) {
		name--
	}
	sign := text[m[1]-1]
	if sign == '>' || sign == ' ' {
		sign = '='
	}
	if m[1] < len(text) && text[m[1]] == ':' {
		return m[1], m[1] // a scope
	}
	l := literal{text, name, sign}
	return l.at(m[1])
}

// behindOption is the value behind an option and a space.
func behindOption(text string, m []int) (from, to int) {
	l := literal{text, m[0], 0}
	return l.at(m[1])
}

// commandOption finds the option with a secret behind it in what follows the
// name of a command, up to the next command.
func commandOption(option *ast.Regexp, commands []string) valueOf {
	var begins [256]bool
	for _, name := range commands {
		begins[name[0]] = true
	}
	return func(text string, m []int) (from, to int) {
		command := text[m[1]:min(len(text), m[1]+2*maxLooked)]
		for i := range len(command) {
			if b := command[i]; b == '\r' || b == '\n' || begins[lower(b)] && (i == 0 || strings.IndexByte(" \t&|;\"'`(/\\", command[i-1]) >= 0) && beginsCommand(command[i:], commands) {
				command = command[:i]
				break
			}
		}
		at := option.FindStringSubmatchIndex(command)
		if at == nil { // nor will it be found behind the next name in the first half of it
			return m[1] + len(command)/2, m[1] + len(command)/2
		}
		for i := 2; i+1 < len(at); i += 2 {
			if at[i] >= 0 {
				return m[1] + at[i], m[1] + at[i+1]
			}
		}
		return m[1], m[1]
	}
}

// beginsCommand reports whether a text begins with one of the names, in lower case.
func beginsCommand(text string, names []string) bool {
	for _, name := range names {
		if len(text) >= len(name) && asciiLower(text[:len(name)]) == name {
			return true
		}
	}
	return false
}

// maxPEM is the size of the largest private key.
const maxPEM = 64 << 10

// pemBody is what stands behind the first line of a private key: up to the last
// one, or, if that was cut off, what looks like its lines, whatever stands in
// front of each.
func pemBody(text string, m []int) (from, to int) {
	rest := text[m[1]:min(len(text), m[1]+maxPEM)]
	if next := strings.Index(rest, "-BEGIN "); next >= 0 {
		rest = rest[:next]
	}
	end := strings.Index(rest, "-END ")
	if end < 0 {
		return m[1], m[1] + pemLines(rest)
	}
	for end > 0 && (rest[end-1] == '-' || rest[end-1] == ' ' && end > 1 && rest[end-2] == '-') {
		end--
	}
	return m[1], m[1] + end
}

// pemLines returns where the last line of a key ends that a text begins with.
func pemLines(text string) (end int) {
	for at := 0; at < len(text); {
		line, next := text[at:], len(text)
		if stop := strings.IndexByte(line, '\n'); stop >= 0 {
			line, next = line[:stop], at+stop+1
		}
		if stop := strings.Index(line, `\n`); stop >= 0 {
			line, next = line[:stop], at+stop+2
		}
		to := keyWords(line, end > 0)
		switch {
		case to > 0:
			end = at + to
		case strings.Trim(line, " \t\r|>#$\\") != "" && !pemHeader(line):
			return end
		}
		at = next
	}
	return end
}

// keyWords returns where the words of base64 end in a line of a key: one of them
// is long, or the only one, and follows another line.
func keyWords(line string, follows bool) (end int) {
	words, long := 0, false
	for i := 0; i < len(line); {
		if !isBase64(line[i]) {
			i++
			continue
		}
		begin := i
		for i < len(line) && (isBase64(line[i]) || line[i] == '=') {
			i++
		}
		words++
		switch {
		case i-begin >= 16:
			long, end = true, i
		case long && (i == len(strings.TrimRight(line, " \t\r")) || line[i-1] == '='), follows && words == 1 && i == len(strings.TrimRight(line, " \t\r\"',")):
			end = i
		}
	}
	return end
}

// pemHeader knows the lines in front of a key.
func pemHeader(line string) bool {
	for _, name := range [...]string{"Proc-Type:", "DEK-Info:", "Comment:", "Version:", "Subject:", "x-deprecated", "Bag Attributes", "Key Attributes", "localKeyID:", "friendlyName:"} {
		if strings.Contains(line, name) {
			return true
		}
	}
	return false
}

// pemStart goes back over the lines of a private key.
func pemStart(text string, at, low int) int {
	i := at
	for i > low && at-i < maxPEM {
		if b := text[i-1]; !isBase64(b) && b != '=' && b != '\\' && b != '\r' && b != '\n' {
			break
		}
		i--
	}
	return i
}

// keyLines is what stands behind a number of lines: of a key of PuTTY.
func keyLines(text string, m []int) (from, to int) {
	from = m[1] + leadingSpace(text[m[1]:])
	to = from
	for to < len(text) && to < from+maxPEM {
		b := text[to]
		if !isBase64(b) && b != '=' && b != '\r' && b != '\n' && b != '\\' {
			break
		}
		to++
	}
	line := strings.LastIndexByte(text[from:to], '\n') // of what begins with a word: Private-MAC
	if line > 0 && to < len(text) {
		to = from + line
	}
	return from, to
}

// userInfo is the password in a URL, or the token that stands for both names.
func userInfo(text string, m []int) (from, to int) {
	colon, at, slash := -1, -1, -1
	if rest := text[m[1]:]; rest == "" || rest[0] == '[' {
		return m[1], m[1] // an address, or redacted
	}
scan:
	for i := m[1]; i < len(text) && i < m[1]+maxLooked; i++ {
		switch b := text[i]; b {
		case ':':
			if colon < 0 && slash < 0 {
				colon = i
			}
		case '@':
			if slash < 0 || at < 0 {
				at = i
			}
			if slash >= 0 {
				break scan
			}
		case '\\':
			if colon < 0 && at < 0 && i > m[1] && i+1 < len(text) && isName(text[i+1:]) {
				continue // DOMAIN\user
			}
			fallthrough
		case '/', '?', '#':
			if at >= 0 || colon < 0 || isPort(text[colon+1:i]) && !pathSecret(text[colon+1:min(len(text), colon+1+maxLooked)]) {
				break scan
			}
			if slash < 0 {
				slash = i
			}
		case '\'':
			if closes(text, i) {
				break scan
			}
		case ' ', '\t', '\r', '\n', '"', '<', '>':
			break scan
		}
	}
	switch {
	case at < 0:
	case colon >= 0 && colon < at:
		return colon + 1, at
	case at-m[1] >= 20 && mixedToken(text[m[1]:at]):
		return m[1], at
	}
	return m[1], m[1]
}

func isPort(text string) bool {
	return len(text) <= 5 && strings.Trim(text, "0123456789") == ""
}

// pathSecret reports whether a password begins with what looks like a port and a
// slash: 8080/x7Kd93jQ2@.
func pathSecret(text string) bool {
	end := strings.IndexAny(text, "@ \t\r\n\"'<>")
	slash := strings.IndexByte(text, '/')
	return end > slash && slash >= 0 && text[end] == '@' && !strings.Contains(text[slash+1:end], "/") && !strings.Contains(text[slash+1:end], ":") && looksRandom(text[slash+1:end])
}

func mixedToken(text string) bool {
	return strings.ContainsAny(text, "0123456789") && strings.IndexFunc(text, unicode.IsLetter) >= 0 && !strings.Contains(text, ".")
}
