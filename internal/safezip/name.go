package safezip

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkName reports the first thing that is wrong with the name.
func (f *File) checkName() {
	if why := badName(f.Name); why != "" {
		f.danger("%s", why)
	}
}

// badName says why a name must not be unpacked to, on any system.
func badName(name string) string {
	switch {
	case name == "":
		return "has no name"
	case len(name) > MaxName:
		return fmt.Sprintf("has a name of %d bytes", len(name))
	case !utf8.ValidString(name):
		return "has a name that is not UTF-8"
	case strings.Contains(name, `\`):
		return "has a backslash in its name"
	case strings.ContainsFunc(name, invisible):
		return "has a control character in its name"
	case name[0] == '/':
		return "has an absolute path"
	case len(name) > 1 && name[1] == ':':
		return "has a drive letter in its path"
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		if why := badPart(part); why != "" {
			return why
		}
	}
	return ""
}

// invisible are control characters, and those that turn text around.
func invisible(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }

// badPart is about a name of a file or folder on its own.
func badPart(part string) string {
	switch {
	case part == "..":
		return "has a path that leaves the folder"
	case part == "" || part == ".":
		return "has an empty part in its path"
	case strings.ContainsAny(part, `<>:"|?*`):
		return "has a character in its name that Windows does not allow"
	case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
		return "has a name that ends in a dot or space, which Windows drops"
	case reserved(part):
		return "has a name that is a device on Windows"
	}
	return ""
}

// reserved reports whether Windows opens a device for that name, with or
// without an extension.
func reserved(part string) bool {
	stem, _, _ := strings.Cut(part, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	if digit, ok := strings.CutPrefix(stem, "COM"); ok {
		return isPort(digit)
	}
	digit, ok := strings.CutPrefix(stem, "LPT")
	return ok && isPort(digit)
}

func isPort(s string) bool {
	return utf8.RuneCountInString(s) == 1 && strings.ContainsAny(s, "0123456789¹²³")
}

// checkNames finds names that meet once they are unpacked: the same one, the
// same but for case, and a file where another entry needs a folder.
func (a *Archive) checkNames() {
	same := make(map[string][]*File, len(a.Files))
	for _, f := range a.Files {
		key := fold(strings.TrimSuffix(f.Name, "/"))
		same[key] = append(same[key], f)
	}
	for _, f := range a.Files {
		if len(f.Name) > MaxName { // is refused, and would take long
			continue
		}
		key := fold(strings.TrimSuffix(f.Name, "/"))
		if other := meets(f, same[key]); other != nil {
			f.collides(other)
		}
		for i, c := range key {
			if c == '/' && isFile(same[key[:i]]) {
				f.danger("is in a folder that is a file: %s", Printable(same[key[:i]][0].Name))
				break
			}
		}
	}
}

// meets returns the first of the group that is not f.
func meets(f *File, group []*File) *File {
	switch {
	case len(group) < 2:
		return nil
	case group[0] == f:
		return group[1]
	}
	return group[0]
}

func (f *File) collides(other *File) {
	if f.Name == other.Name {
		f.danger("is there more than once")
		return
	}
	f.danger("has the name of %s on systems that do not tell case apart", Printable(other.Name))
}

// isFile reports whether a file is among the entries of one name.
func isFile(group []*File) bool { return len(group) > 0 && !group[0].IsFolder() }

// fold gives names that differ in case alone the same key: of each letter the
// smallest of those that Unicode folds into one another.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for c := unicode.SimpleFold(r); c != r; c = unicode.SimpleFold(c) {
			least = min(least, c)
		}
		return least
	}, name)
}
