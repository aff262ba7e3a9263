package archive

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names gives entries their names: such that every system can unpack them, and
// none is there twice, in any case.
type names struct{ taken map[string]bool }

const maxName = 100 // bytes of a name without its folder: some systems stop at 255 for the whole path

// entry returns the path for the file that was called name, with the extension ext.
func (n *names) entry(folder, name, ext string) string {
	if n.taken == nil {
		n.taken = make(map[string]bool)
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	if !strings.EqualFold(path.Ext(name), ext) && ext != "" {
		stem = name
	}
	if ext == "" {
		ext = path.Ext(name)
	}
	stem, ext = plainName(stem), plainName(ext)
	if ext != "" && ext[0] != '.' {
		ext = ""
	}
	for i := 1; ; i++ {
		try := folder + stem + ext
		if i > 1 {
			try = fmt.Sprintf("%s%s-%d%s", folder, stem, i, ext)
		}
		if key := strings.Map(anyCase, try); !n.taken[key] {
			n.taken[key] = true
			return try
		}
	}
}

// anyCase is the same for all cases of a letter; σ and ς are cases of one, too.
func anyCase(r rune) rune {
	least := r
	for c := unicode.SimpleFold(r); c != r; c = unicode.SimpleFold(c) {
		least = min(least, c)
	}
	return least
}

// plainName keeps what may be in a file name on every system.
func plainName(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c == utf8.RuneError, unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, c):
			return '-'
		}
		return c
	}, name)
	for len(name) > maxName {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	name = strings.TrimRight(strings.TrimSpace(name), ". ")
	switch {
	case name == "":
		return "log"
	case isDevice(name):
		return "_" + name
	}
	return name
}

// isDevice reports whether Windows takes the name for a device, with any extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	port, isPort := strings.CutPrefix(stem, "COM")
	if !isPort {
		port, isPort = strings.CutPrefix(stem, "LPT")
	}
	return isPort && utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
}
