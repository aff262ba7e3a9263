package gentestdata

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// TestSecretsAreThere: what is listed as a secret stands in the event, in its
// texts or in its binary data; and every way to hide one is there.
func TestSecretsAreThere(t *testing.T) {
	total := 0
	eachLog(t, func(t *testing.T, name string, s *Spec) {
		for i := range s.Events {
			e := &s.Events[i]
			where := append(e.Texts(), decodings(t, e)...)
			for _, secret := range e.Secrets {
				total++
				if !strings.Contains(strings.Join(where, "\x00"), secret) {
					t.Errorf("event %d of %s does not hold %q", e.ID, e.Time, secret)
				}
			}
		}
	})
	if total < 70 {
		t.Errorf("%d secrets are planted", total)
	}
}

// decodings returns what the binary data says as ASCII, and as UTF-16 from an
// even and from an odd byte.
func decodings(t *testing.T, e *Event) []string {
	t.Helper()
	b, err := e.Binary()
	if err != nil {
		t.Fatal(err)
	}
	if len(b) == 0 {
		return nil
	}
	texts := []string{string(b)}
	for skip := range 2 {
		var units []uint16
		for at := skip; at+2 <= len(b); at += 2 {
			units = append(units, le.Uint16(b[at:]))
		}
		texts = append(texts, string(utf16.Decode(units)))
	}
	return texts
}

// TestSecretsOnce: a secret belongs to one event, so that a test which finds
// one knows where it got through.
func TestSecretsOnce(t *testing.T) {
	seen := map[string]uint16{}
	for _, e := range load(t, "secrets").Events {
		for _, secret := range e.Secrets {
			if other, ok := seen[secret]; ok && other != e.ID {
				t.Errorf("%q is in events %d and %d", secret, other, e.ID)
			}
			seen[secret] = e.ID
		}
	}
}
