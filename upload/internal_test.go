package upload

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The limiter keeps to its rate over all connections together.
func TestLimiter(t *testing.T) {
	now := time.Unix(0, 0)
	l := newLimiter(1000)
	l.now = func() time.Time { return now }
	l.sleep = func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }
	for range 20 {
		if err := l.wait(context.Background(), 500); err != nil {
			t.Fatal(err)
		}
	}
	if took := now.Sub(time.Unix(0, 0)); took != 10*time.Second {
		t.Errorf("10,000 bytes took %s", took)
	}
	if n := len(l.portion(make([]byte, 1<<20))); n != 512 {
		t.Errorf("a portion of %d bytes", n)
	}
	var none *limiter
	if n := len(none.portion(make([]byte, 1<<20))); n != 1<<20 {
		t.Errorf("a portion of %d bytes without a limit", n)
	}
}

// Waits grow, differ, keep to what the service asks for, and end with the budget.
func TestRetry(t *testing.T) {
	r := retryState{o: Retry{}.withDefaults()}
	seen := map[time.Duration]bool{}
	for attempt := 1; attempt < 100; attempt++ {
		full := min(r.o.Max, r.o.Base<<min(attempt-1, 20))
		d := r.wait(attempt, 0)
		if d < full/2 || d > full {
			t.Errorf("attempt %d: %s, want %s to %s", attempt, d, full/2, full)
		}
		seen[d] = true
	}
	if len(seen) < 50 {
		t.Errorf("%d different waits of 99", len(seen))
	}
	if d := r.wait(1, time.Minute); d != time.Minute {
		t.Errorf("the service asked for a minute, and it is %s", d)
	}
	if !r.spend(9*time.Minute) || r.spend(2*time.Minute) || !r.spend(time.Minute) {
		t.Error("the budget is 10 minutes")
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{"3": 3 * time.Second, "": 0, "-1": 0, "x": 0,
		"Thu, 01 Jan 2026 00:00:07 GMT": 7 * time.Second, "Thu, 01 Jan 2025 00:00:07 GMT": 0} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// A secret is found in every form.
func TestHider(t *testing.T) {
	var h hider
	h.add("pl4nted%2Bse%2Fcret%3D")
	h.addLogin("clerk", "p@ss w0rd")
	for _, text := range []string{
		"pl4nted+se/cret=", "pl4nted%2Bse%2Fcret%3D", "pl4nted%2Bse%2Fcret=", "p@ss w0rd", "p%40ss+w0rd", "Y2xlcms6cEBzcyB3MHJk",
		"https://x/?a=b&sig=other", "X-Amz-Signature=abc", "token=abc",
	} {
		got := h.hide("before " + text + " after\nline")
		for _, part := range []string{"pl4nted", "w0rd", "Y2xlcms6", "other", "abc", "\n"} {
			if strings.Contains(got, part) {
				t.Errorf("%q became %q", text, got)
			}
		}
		if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after line") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// However large a bundle is, it has no more blocks than a blob may have, and
// those on their way fit into memory.
func TestBlockSize(t *testing.T) {
	var o Options
	for _, size := range []int64{1, 4 << 20, 1 << 30, 200 << 30, 1 << 40, 5 << 40} {
		if b := o.blockSize(size); size/b >= maxBlocks || b < defaultBlock {
			t.Errorf("%d bytes in blocks of %d", size, b)
		}
	}
}

// What cannot be brought about on loopback.
func TestExplainNetwork(t *testing.T) {
	target, err := ParseTarget("https://acc.blob.core.windows.net/c?sv=1&sig=pl4nted")
	if err != nil {
		t.Fatal(err)
	}
	c := Open(target, Options{}).(*checked).to.(*azure).client
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for _, tt := range []struct {
		err            error
		want, hint     string
		again, contact bool
	}{
		{dial(os.ErrDeadlineExceeded), "acc.blob.core.windows.net: does not answer",
			"let acc.blob.core.windows.net through on port 443", false, true},
		{dial(syscall.ENETUNREACH), "no way there from this computer", "connected to the network", false, true},
		{&net.DNSError{Err: "server misbehaving", Name: "x", IsTemporary: true}, "the name server does not answer", "DNS", true, true},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, "the connection broke off", "goes on where it stopped", true, false},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, "took too long to answer", "goes on where it stopped", true, false},
		{errStalled, "nothing moved any more", "goes on where it stopped", true, false},
		{errors.New("odd: sig=pl4nted"), "odd: sig=…", "", true, false},
	} {
		e := c.explain(tt.err)
		if !strings.Contains(e.Text, tt.want) || !strings.Contains(e.Hint, tt.hint) || e.again != tt.again || e.contact != tt.contact {
			t.Errorf("%v: %q, %q, again %v, contact %v", tt.err, e.Text, e.Hint, e.again, e.contact)
		}
	}
}
