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
		if key := strings.ToLower(try); !n.taken[key] {
			n.taken[key] = true
			return try
		}
	}
}

// plainName keeps what may be in a file name on every system.
func plainName(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c == utf8.RuneError, unicode.IsControl(c), unicode.Is(unicode.Cf, c):
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
	switch stem, _, _ := strings.Cut(strings.ToUpper(name), "."); stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
		"COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
		"LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9":
		return "_" + name
	case "":
		if !strings.HasPrefix(name, ".") {
			return "log"
		}
	}
	return name
}
