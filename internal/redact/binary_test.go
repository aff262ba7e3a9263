package redact

import "testing"

// FuzzHarmless: what is harmless has no secret in it, in no view.
func FuzzHarmless(f *testing.F) {
	for _, text := range []string{"", "Password=x1y2z3!", "nothing here", `{"a":"\u0050assword=x1y2z3"}`, "Passwo\u00adrd=x1y2z3", "Ｐassword=x1y2z3", "net use ^\n /user:x y1!z", "pass=\xe9x1y2z3",
		"%50assword=x1y2z3", "&#80;assword=x1y2z3", "\x1b[1mPass\x1b[0mword=x1y2z3", "Passwort\u202fist Zq7!xx", "sqlcmd `\n -P x1y2z3", "eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJmYWtlIn0.RkFLRSBzaWduYXR1cmU"} {
		f.Add([]byte(text))
	}
	r, err := New(Options{Mode: Secrets})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) < 4096 && r.harmless(text) {
			if found := r.secretSpans(string(text)); len(found) > 0 {
				t.Errorf("%q is harmless, and has %v", text, found)
			}
		}
	})
}
