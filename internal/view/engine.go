package view

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/matcher"
)

// Options are what an Engine works with.
type Options struct {
	Version string
	Lang    string // that the page begins with
	Mode    string // "server" or "file", for the page

	// Select, Where, Duplicates and Threads are those of a pass: which events are in the list at all.
	Select     *evtx.Selection
	Where      func() func(*evtx.Record) bool
	Duplicates bool
	Threads    int

	Catalogue func() (*matcher.Catalogue, error) // of known problems; it may take a while when it is first asked for
	Now       func() time.Time

	// Pause, if there is one, is called in the middle of long work: where there is one thread for everything, others get their turn.
	Pause func()

	// Keep and Kept, if they are there, keep what the page wants kept beyond its end.
	Keep func(key string, value []byte) error
	Kept func(key string) ([]byte, error)
}

// Error is what a request failed with, for people.
type Error struct {
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	At      int    `json:"at,omitempty"` // column of an expression, from 1 on
}

func (e *Error) Error() string { return e.Message }

func asError[T error](err error, target *T) bool { return errors.As(err, target) }

// An Engine answers the requests of one page about the logs of a Set. It is for any number of goroutines.
type Engine struct {
	o       Options
	methods map[string]func(context.Context, json.RawMessage) (any, error)

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu       sync.RWMutex
	sets     []*eventlog.Set
	x        index
	symbols  map[origin]uint32
	state    state
	verdict  *verdicts // nil until the findings are known
	analysis *matcher.Analysis
	loaded   chan struct{} // closed when nothing is being loaded
	pending  []pending
	follower Follower

	analyzing, again bool // see analyzeSoon
	analyzed         time.Time

	fetch   eventlog.Fetcher
	cache   caches
	tickets tickets
}

// state is what status tells.
type state struct {
	version    int
	loading    bool
	bytesDone  int64
	bytesTotal int64
	damage     []string
	failed     []*eventlog.Error
	ready      bool // the findings
	newEvents  int
	grew       bool // new events have come
	lost       bool // events that were in two logs may count twice
}

// maxDamage is how many lines about damage are kept.
const maxDamage = 500

// New returns an Engine without logs.
func New(o Options) *Engine {
	if o.Now == nil {
		o.Now = time.Now
	}
	e := &Engine{o: o, symbols: make(map[origin]uint32), loaded: make(chan struct{})}
	close(e.loaded)
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.methods = map[string]func(context.Context, json.RawMessage) (any, error){
		"hello": method(e.hello), "status": method(e.status), "accept": method(e.accept), "rows": method(e.rows),
		"locate": method(e.locate), "facets": method(e.facets), "event": method(e.event), "find": method(e.find),
		"timeline": method(e.timeline), "findings": method(e.findings), "explain": method(e.explain), "export": method(e.export),
		"keep": method(e.keep), "kept": method(e.kept), "open": method(e.open),
		"checks": method(e.checks),
	}
	return e
}

// method reads the params of a request.
func method[P any](f func(context.Context, *P) (any, error)) func(context.Context, json.RawMessage) (any, error) {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		p := new(P)
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, p); err != nil {
				return nil, &Error{Message: "the request cannot be understood: " + err.Error()}
			}
		}
		return f(ctx, p)
	}
}

// Call answers a request. Whatever goes wrong is an *Error: no log, and no request, ends the Engine.
func (e *Engine) Call(ctx context.Context, name string, params json.RawMessage) (result json.RawMessage, err error) {
	defer recovered(name, &err)
	f := e.methods[name]
	if f == nil {
		return nil, &Error{Message: fmt.Sprintf("no request is called %q", name)}
	}
	got, err := f(ctx, params)
	if err != nil {
		return nil, wordError(err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		return nil, wordError(err)
	}
	return b, nil
}

// recovered makes a panic an error: a page, or a log, that nobody thought of must not end the program for all others.
func recovered(what string, err *error) {
	if p := recover(); p != nil {
		*err = &Error{Message: fmt.Sprintf("%s: an error of gwlogs itself: %v", what, p), Hint: "please report it"}
	}
}

// wordError makes any error one for the page.
func wordError(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var source *eventlog.Error
	if errors.As(err, &source) {
		return &Error{Message: source.Error(), Hint: source.Hint}
	}
	return &Error{Message: err.Error()}
}

// Close ends all work, and closes the logs.
func (e *Engine) Close() {
	e.cancel()
	e.work.Wait()
	e.fetch.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.follower != nil {
		e.follower.Close()
	}
	for _, set := range e.sets {
		set.Close()
	}
	e.sets = nil
}

// catalogue are the known problems.
func (e *Engine) catalogue() (*matcher.Catalogue, error) {
	if e.o.Catalogue == nil {
		return nil, &Error{Message: "no known problems are loaded"}
	}
	return e.o.Catalogue()
}

// pause lets others have their turn.
func (e *Engine) pause() {
	if e.o.Pause != nil {
		e.o.Pause()
	}
}

// A snapshot is the index as it was at one time, and what was known then of its events.
type snapshot struct {
	index
	*verdicts
	version int
	loading bool
}

func (e *Engine) snapshot() *snapshot {
	e.mu.RLock()
	defer e.mu.RUnlock()
	s := &snapshot{index: e.x, verdicts: e.verdict, version: e.state.version, loading: e.state.loading}
	s.blocks, s.origins, s.logs = slices.Clip(s.blocks), slices.Clip(s.origins), slices.Clip(s.logs)
	if s.verdicts == nil {
		s.verdicts = noVerdicts()
	}
	return s
}

// wait waits until the logs are read.
func (e *Engine) wait(ctx context.Context) error {
	e.mu.RLock()
	loaded := e.loaded
	e.mu.RUnlock()
	select {
	case <-loaded:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-e.ctx.Done():
		return e.ctx.Err()
	}
}

// change changes the state, and its version.
func (e *Engine) change(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state.version++
	f()
}

// pass is one over the logs of a snapshot.
func (e *Engine) pass(s *snapshot) *eventlog.Pass {
	p := &eventlog.Pass{Select: e.o.Select, Where: e.o.Where, Threads: e.threads()}
	for _, l := range s.logs {
		p.Logs = append(p.Logs, l.log)
	}
	return p
}

func (e *Engine) threads() int {
	if e.o.Threads > 0 {
		return e.o.Threads
	}
	return runtime.GOMAXPROCS(0)
}
