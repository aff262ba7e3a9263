package view

import (
	"context"
	"errors"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// Open reads the logs of a Set, which is the Engine's to close from then on: the list fills while Open has long returned, and the
// findings come behind it. It may be called again with further logs.
func (e *Engine) Open(set *eventlog.Set) {
	e.mu.Lock()
	e.sets = append(e.sets, set)
	from := len(e.x.logs)
	for _, l := range set.Logs {
		e.x.logs = append(e.x.logs, &logInfo{log: l, source: l.Source(), bundle: bundleOf(set, l)})
	}
	done := make(chan struct{})
	e.loaded = done
	e.state.loading, e.state.version = true, e.state.version+1
	e.state.failed = append(e.state.failed, set.Failed...)
	if size := set.Size(); size >= 0 && e.state.bytesTotal >= 0 {
		e.state.bytesTotal += size
	} else {
		e.state.bytesTotal = -1
	}
	behind := e.state.bytesDone
	e.mu.Unlock()
	e.work.Go(func() {
		e.safely("reading the logs", func() { e.load(set.Logs, from, behind) })
		e.change(func() { e.state.loading = false })
		close(done)
		e.analyzeSoon()
	})
}

// safely does something whose panic is told, and is the end of that alone.
func (e *Engine) safely(what string, do func()) {
	err := func() (err error) {
		defer recovered(what, &err)
		do()
		return nil
	}()
	if err != nil {
		e.tell(eventlog.Notice{Text: err.Error(), Trouble: true})
	}
}

// load puts the events of logs, which are those of the index from one on, into the index.
func (e *Engine) load(logs []*eventlog.Log, from int, behind int64) {
	pass := &eventlog.Pass{
		Logs: logs, Select: e.o.Select, Where: e.o.Where, Threads: e.threads(), Once: !e.o.Duplicates, Keep: true,
		Progress: func(bytes int64, _ uint64) {
			e.mu.Lock()
			e.state.bytesDone = behind + bytes
			e.mu.Unlock()
		},
	}
	pass.Tell(e.tell, false)
	number := make(map[*eventlog.Log]int, len(logs))
	for i, l := range logs {
		number[l] = from + i
	}
	totals, err := eventlog.Run(e.ctx, pass, eventlog.Consumer[*recorder]{
		New: newRecorder,
		Visit: func(r *recorder, rec *evtx.Record) (bool, error) {
			r.visit(rec)
			return false, nil
		},
		Flush: func(r *recorder, in *eventlog.Reading) error {
			e.take(r, number[in.Log])
			e.pause()
			return nil
		},
		End: func(in *eventlog.Reading) error {
			e.change(func() { e.x.logs[number[in.Log]].end(in) })
			return nil
		},
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		e.tell(eventlog.Notice{Text: err.Error(), Trouble: true})
	}
	e.mu.Lock()
	e.state.lost = e.state.lost || totals.Forgot
	e.mu.Unlock()
}

func (l *logInfo) end(in *eventlog.Reading) {
	l.ended, l.stats, l.damaged, l.duplicates, l.err = true, in.Stats, in.Damaged, in.Duplicates, in.Err
}

// take puts what a recorder has of a log into the index.
func (e *Engine) take(r *recorder, log int) {
	if len(r.entries) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state.version++
	e.x.take(r, log, e.symbols)
}

func (x *index) take(r *recorder, log int, symbols map[origin]uint32) {
	for _, o := range r.origins[len(r.global):] {
		i, ok := symbols[o]
		if !ok && len(x.origins) >= maxOrigins {
			o, i, ok = origin{}, maxOrigins, true
		}
		if !ok || int(i) >= len(x.origins) {
			i = uint32(len(x.origins))
			symbols[o] = i
			x.origins = append(x.origins, o)
		}
		r.global = append(r.global, i)
	}
	from := x.n
	for i := range r.entries {
		entry := &r.entries[i]
		entry.log, entry.origin = uint32(log), r.global[entry.origin]
		x.add(entry)
	}
	info := x.logs[log]
	if info.events += len(r.entries); info.channel == "" {
		info.channel = x.origins[r.entries[0].origin].channel
	}
	x.extend(from, uint32(log))
	r.entries = r.entries[:0]
}

// tell keeps what is said about the logs.
func (e *Engine) tell(n eventlog.Notice) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.state.damage) < maxDamage {
		text := n.Text
		if n.Hint != "" {
			text += " (" + n.Hint + ")"
		}
		e.state.damage = append(e.state.damage, text)
	}
}

// bundleOf is the archive that a log is in; empty for none.
func bundleOf(set *eventlog.Set, l *eventlog.Log) string {
	for i := range set.Archives {
		a := &set.Archives[i]
		if len(l.Name) > len(a.Name) && l.Name[:len(a.Name)] == a.Name {
			return a.Name
		}
	}
	return ""
}

// EachTime is a Pause that yields when so much time has gone by since it did last.
func EachTime(every time.Duration, yield func()) func() {
	last := time.Now()
	return func() {
		if time.Since(last) >= every {
			yield()
			last = time.Now()
		}
	}
}
