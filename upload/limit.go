package upload

import (
	"context"
	"sync"
	"time"
)

// A limiter lets a number of bytes through in a second, for all connections
// together. A nil limiter lets everything through.
type limiter struct {
	rate  float64
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error

	mu   sync.Mutex
	next time.Time // when what was let through so far has taken its time
}

func newLimiter(rate int64) *limiter {
	if rate <= 0 {
		return nil
	}
	return &limiter{rate: float64(rate), now: time.Now, sleep: sleep}
}

// portion cuts a buffer to what goes through in a tenth of a second, so that
// the connection never rests for long.
func (l *limiter) portion(p []byte) []byte {
	if l == nil {
		return p
	}
	return p[:min(len(p), max(512, int(l.rate/10)))]
}

// wait returns when n more bytes may go.
func (l *limiter) wait(ctx context.Context, n int) error {
	l.mu.Lock()
	now := l.now()
	if l.next.Before(now) {
		l.next = now
	}
	l.next = l.next.Add(time.Duration(float64(n) / l.rate * float64(time.Second)))
	rest := l.next.Sub(now)
	l.mu.Unlock()
	return l.sleep(ctx, rest)
}
