package redact_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// maxSteps is how often a byte of a text may be looked at, in all rounds and views together.
const maxSteps = 20_000

// FuzzText plants a secret in a context and an encoding that are known.
func FuzzText(f *testing.F) {
	for i, c := range secretCases() {
		f.Add(c.text, uint8(i), uint8(i/7), uint8(i))
	}
	for _, text := range keptTexts() {
		f.Add(text, uint8(1), uint8(2), uint8(3))
	}
	var allPlaces []string
	for _, p := range sorted(places()) {
		allPlaces = append(allPlaces, places()[p])
	}
	encode := encodings()
	ways := sorted(encode)
	r := newSecrets(f)
	f.Fuzz(func(t *testing.T, text string, place, way, seed uint8) {
		if len(text) > 1<<16 {
			t.Skip()
		}
		r.TakeSteps()
		got := r.Text(text)
		if steps := r.TakeSteps(); steps > maxSteps*(len(text)+1<<10) {
			t.Errorf("%d bytes took %d steps", len(text), steps)
		}
		r.TakeCounts()
		if again := r.Text(got); again != got || len(r.TakeCounts()) > 0 {
			t.Errorf("%q became %q, then %q", text, got, again)
		}
		secret := fmt.Sprintf("Zq%d%s", seed, "xK7secret9Wd0")
		in := encode[ways[int(way)%len(ways)]](fmt.Sprintf(allPlaces[int(place)%len(allPlaces)], secret))
		if got := r.Text("start " + in + " end"); strings.Contains(got, secret) {
			t.Errorf("%q leaks: %q", in, got)
		}
	})
}

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// FuzzValue gives any value to both modes: what comes out is of its type.
func FuzzValue(f *testing.F) {
	f.Add("Password", uint8(evtx.TypeString), []byte("P\x00w\x00d\x00=\x00x\x00"))
	f.Add("x", uint8(evtx.TypeBinary), []byte("\x01Password=Fake;x=1\xff\xfe"))
	f.Add("x", uint8(evtx.TypeAnsiString), []byte("contrase\xf1a=x \xff"))
	sid, _ := evtx.SIDValue("S-1-5-21-1-2-3-1107")
	f.Add("UserID", uint8(evtx.TypeSID), sid.Raw)
	identities, _ := newIdentities(f, 1, nil)
	redactors := []*redact.Redactor{newSecrets(f), identities}
	f.Fuzz(func(t *testing.T, name string, kind uint8, raw []byte) {
		for _, r := range redactors {
			v := evtx.Value{Type: evtx.ValueType(kind), Raw: raw}
			got := r.Value(name, v)
			switch {
			case got.Type != v.Type:
				t.Errorf("type %v became %v", v.Type, got.Type)
			case got.Type == evtx.TypeString && len(raw)%2 == 0 && len(got.Raw)%2 != 0:
				t.Errorf("a string of %d bytes", len(got.Raw))
			case got.Type == evtx.TypeBinary && len(got.Raw) != len(raw):
				t.Errorf("binary data of %d bytes became %d", len(raw), len(got.Raw))
			case got.Type == evtx.TypeSID && !bytes.Equal(got.Raw, raw) && (len(got.Raw)%4 != 0 || !strings.HasPrefix(got.String(), "S-1-5-21-")):
				t.Errorf("a SID of %d bytes became %d", len(raw), len(got.Raw))
			}
		}
	})
}

func FuzzRules(f *testing.F) {
	f.Add([]byte("off: [cookie]\nrules:\n  - {name: a, pattern: 'EMP(?P<secret>x)'}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, err := redact.ParseRules(data)
		if err != nil {
			return
		}
		if r, err := redact.New(redact.Options{Mode: redact.Secrets, Extra: rules}); err == nil {
			r.Text("EMPx password=y")
		}
	})
}
