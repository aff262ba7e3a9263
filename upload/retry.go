package upload

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Retry says how often and how long something is tried again.
type Retry struct {
	Attempts int           // of each request; 0 for 8
	Base     time.Duration // the first wait, doubled each time; 0 for half a second
	Max      time.Duration // the longest wait of our own choice; 0 for 30 seconds
	Budget   time.Duration // of all waits of all requests together; 0 for 10 minutes
}

func (r Retry) withDefaults() Retry {
	if r.Attempts <= 0 {
		r.Attempts = 8
	}
	if r.Base <= 0 {
		r.Base = 500 * time.Millisecond
	}
	if r.Max <= 0 {
		r.Max = 30 * time.Second
	}
	if r.Budget <= 0 {
		r.Budget = 10 * time.Minute
	}
	return r
}

// retryState is what of the budget is used.
type retryState struct {
	o    Retry
	mu   sync.Mutex
	used time.Duration
}

// spend takes a wait out of the budget, if there is enough left.
func (r *retryState) spend(d time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.used+d > r.o.Budget {
		return false
	}
	r.used += d
	return true
}

// wait is how long to wait after the given failed attempt: longer each time,
// by chance between the half and the whole of it, so that those who failed
// together do not come back together. What the service asks for is the least.
func (r *retryState) wait(attempt int, after time.Duration) time.Duration {
	d := r.o.Max
	if attempt < 30 {
		d = min(d, r.o.Base<<(attempt-1))
	}
	d = d/2 + rand.N(d/2+1)
	return max(d, after)
}

// try runs a request until it succeeds, fails in a way that no repetition
// helps, or attempts or budget are used up. Its error is an *Error, or the context's.
func (c *client) try(ctx context.Context, request func(context.Context) error) error {
	for attempt := 1; ; attempt++ {
		err := request(ctx)
		if err == nil {
			c.reached.Store(true)
			return nil
		}
		if over := ended(ctx); over != nil {
			return over
		}
		e := c.explain(err)
		if e.status != 0 && e.status != 407 {
			c.reached.Store(true)
		}
		if e.status == 407 && c.proxy.ask(ctx) {
			continue
		}
		if !e.again && !(e.contact && c.reached.Load()) {
			return e
		}
		wait := c.retry.wait(attempt, e.after)
		if attempt >= c.retry.o.Attempts || !c.retry.spend(wait) {
			return e
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return e // rather the reason than "it took too long"
		}
		if c.o.Notify != nil {
			c.o.Notify(e)
		}
		if c.sleep(ctx, wait) != nil {
			return ended(ctx)
		}
	}
}
