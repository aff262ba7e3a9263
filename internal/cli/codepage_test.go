package cli

import (
	"strings"
	"testing"
)

func TestCodePages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, bytes, want string }{
		{"windows-1251", "\xcf\xf0\xe8", "При"},
		{"1251", "\xcf", "П"},
		{"CP437", "\x81", "ü"},
		{"ibm850", "\x9b", "ø"},
		{"shift_jis", "\x93\xfa\x96\x7b", "日本"},
		{"932", "\x93\xfa\xff", "日\uFFFD"},
		{"gbk", "\xc4\xe3", "你"},
		{"iso-8859-15", "\xa4", "€"},
		{"windows-1253", "\xaa", "\uFFFD"}, // no such character
	} {
		page, err := parseCodePage(c.name)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := string(page([]byte("> "), []byte(c.bytes))); got != "> "+c.want {
			t.Errorf("%s: %q is %q, want %q", c.name, c.bytes, got[2:], c.want)
		}
	}
	if page, err := parseCodePage("Windows-1252"); page != nil || err != nil {
		t.Errorf("the default: %v", err)
	}
	_, err := parseCodePage("klingon")
	if err == nil || !strings.Contains(hintFor(err), "windows-1252, windows-1253") {
		t.Errorf("unknown: %v", err)
	}
	for _, name := range codePageNames() {
		if _, err := parseCodePage(name); err != nil {
			t.Error(err)
		}
	}
}
