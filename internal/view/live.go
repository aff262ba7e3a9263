package view

import (
	"context"
	"errors"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// A Follower waits for new events of the logs, and gives logs of these alone: an [eventlog.Follower].
type Follower interface {
	Next(ctx context.Context) ([]*eventlog.Log, error)
	Close()
}

// pending are events that have come since, and are not in the list yet.
type pending struct {
	info *logInfo
	rec  *recorder
}

// maxPending is how many events wait; those beyond go into the list by themselves.
const maxPending = 200000

// Follow takes new events from f, which is the Engine's to close, until the Engine is closed. They wait until the page takes them.
func (e *Engine) Follow(f Follower) {
	e.mu.Lock()
	e.follower = f
	e.mu.Unlock()
	e.work.Go(func() {
		if e.wait(e.ctx) != nil {
			return
		}
		for {
			logs, err := f.Next(e.ctx)
			if err != nil {
				return
			}
			e.safely("reading new events", func() { e.came(logs) })
		}
	})
}

func (e *Engine) isLive() bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.follower != nil
}

// came reads logs of new events.
func (e *Engine) came(logs []*eventlog.Log) {
	var all []pending
	for _, l := range logs {
		l.Settle(e.ctx)
		p := pending{&logInfo{log: l, source: l.Source()}, newRecorder()}
		pass := &eventlog.Pass{Logs: []*eventlog.Log{l}, Select: e.o.Select, Where: e.o.Where, Threads: 1, Keep: true}
		pass.Tell(e.tell, false)
		_, err := eventlog.Run(e.ctx, pass, eventlog.Consumer[*recorder]{
			New: func() *recorder { return p.rec },
			Visit: func(r *recorder, rec *evtx.Record) (bool, error) {
				r.visit(rec)
				return false, nil
			},
			End: func(in *eventlog.Reading) error {
				p.info.end(in)
				return nil
			},
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			e.tell(eventlog.Notice{Text: err.Error(), Trouble: true})
		}
		if len(p.rec.entries) > 0 {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return
	}
	var many bool
	e.change(func() {
		e.pending, e.state.grew = append(e.pending, all...), true
		for _, p := range all {
			e.state.newEvents += len(p.rec.entries)
		}
		many = e.state.newEvents > maxPending
	})
	if many {
		e.takePending()
	}
}

// accept takes the new events into the list.
func (e *Engine) accept(ctx context.Context, _ *struct{}) (any, error) {
	e.takePending()
	return e.status(ctx, nil)
}

func (e *Engine) takePending() {
	var some bool
	e.change(func() {
		for _, p := range e.pending {
			log := len(e.x.logs)
			e.x.logs = append(e.x.logs, p.info)
			e.x.take(p.rec, log, e.symbols)
			some = true
		}
		e.pending, e.state.newEvents = nil, 0
	})
	if some {
		e.analyzeSoon()
	}
}

// analyzeSoon has the findings looked for anew, once however often it is called meanwhile.
func (e *Engine) analyzeSoon() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.again = true; e.analyzing || e.ctx.Err() != nil {
		return
	}
	e.analyzing = true
	e.work.Go(func() {
		for e.wanted() {
			e.safely("looking for known problems", e.analyze)
		}
	})
}

// analyzeAtMost is the time between two analyses of a log that grows.
const analyzeAtMost = 2 * time.Second

// wanted reports whether the findings are to be looked for, and waits so that it is not all the time.
func (e *Engine) wanted() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if rest := analyzeAtMost - time.Since(e.analyzed); e.again && rest > 0 {
		e.mu.Unlock()
		select {
		case <-e.ctx.Done():
		case <-time.After(rest):
		}
		e.mu.Lock()
	}
	e.analyzing = e.again && e.ctx.Err() == nil
	e.again, e.analyzed = false, time.Now()
	return e.analyzing
}
