package cli

import (
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// The lines of a log are limited, however its damage comes in; each log has its own.
func TestDamageLimit(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := damage{console: &console{w: &out}}
	some := make([]*evtx.FormatError, 15)
	for i := range some {
		some[i] = &evtx.FormatError{Chunk: i, Reason: "is bad"}
	}
	d.begin("a")
	d.add(some, 0)
	d.add(nil, 0)
	d.add(some, 1000)
	d.end()
	d.begin("b")
	d.end()
	d.begin("c")
	d.add(some[:1], 0)
	d.end()
	d.summary(3)
	if n := strings.Count(out.String(), "gwlogs: a: chunk "); n != damageLines {
		t.Errorf("%d lines for a log", n)
	}
	want := `gwlogs: a: … and 1,010 more
gwlogs: c: chunk 0 at 0x0: is bad
gwlogs: 1,031 damaged places in 2 of 3 logs; the rest was read
`
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("%s\nwant at the end:\n%s", out.String(), want)
	}
}

func TestNoDamage(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := damage{console: &console{w: &out}}
	d.begin("a")
	d.end()
	d.summary(1)
	if out.String() != "" {
		t.Errorf("%q", out.String())
	}
}
