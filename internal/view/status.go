package view

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/sealed"
	"github.com/gwlogs/gwlogs/internal/words"
)

type langParams struct {
	Lang string `json:"lang"`
}

type helloResult struct {
	Version    string            `json:"version"`
	Lang       string            `json:"lang"`
	Live       bool              `json:"live"`
	Mode       string            `json:"mode"`
	Words      map[string]string `json:"words"`
	Signatures int               `json:"signatures"`
}

// sections are those of internal/words that the page says.
func sections() []string { return []string{"view", "severity", "level", "status"} }

func (e *Engine) hello(_ context.Context, p *langParams) (any, error) {
	w := words.In(e.lang(p.Lang))
	r := helloResult{Version: e.o.Version, Lang: w.Lang(), Live: e.isLive(), Mode: e.o.Mode, Words: w.Raw(sections()...)}
	if e.o.Mode == "file" { // there, making the catalogue takes a while, and the list comes first
		return r, nil
	}
	if c, err := e.catalogue(); err == nil {
		r.Signatures = len(c.Signatures())
	}
	return r, nil
}

// lang is the language that was asked for, or else the Engine's.
func (e *Engine) lang(asked string) string {
	if asked == "" {
		return e.o.Lang
	}
	return asked
}

type statusResult struct {
	Version       int            `json:"version"`
	Loading       bool           `json:"loading"`
	BytesDone     int64          `json:"bytes_done"`
	BytesTotal    int64          `json:"bytes_total"` // -1: it is not known
	Events        int            `json:"events"`
	Sources       []statusSource `json:"sources"`
	MoreSources   int            `json:"more_sources"` // that found no room in the list
	Damage        []string       `json:"damage"`
	FindingsReady bool           `json:"findings_ready"`
	NewEvents     int            `json:"new_events"`
	Live          bool           `json:"live"`       // a live channel is among the sources, or a log has grown since it was opened
	Duplicates    uint64         `json:"duplicates"` // events that are in several logs, and count once
}

type statusSource struct {
	Name    string  `json:"name"`
	Channel string  `json:"channel"`
	Events  int     `json:"events"`
	First   *string `json:"first"`
	Last    *string `json:"last"`
	Damaged int     `json:"damaged"`
	Error   string  `json:"error"`
	Hint    string  `json:"hint,omitempty"`
	Locked  bool    `json:"locked,omitempty"` // it is encrypted, and wants a key, or another one
	Loaded  bool    `json:"loaded"`
}

// maxSources is how many sources status lists: those beyond are counted.
const maxSources = 2000

func (e *Engine) status(context.Context, *struct{}) (any, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	t := &e.state
	r := &statusResult{
		Version: t.version, Loading: t.loading, BytesDone: t.bytesDone, BytesTotal: t.bytesTotal, Events: e.x.n,
		Damage: append([]string{}, t.damage...), FindingsReady: t.ready, NewEvents: t.newEvents, Live: t.grew, Sources: []statusSource{},
	}
	byName := make(map[string]int)
	for _, l := range e.x.logs {
		r.Duplicates += l.duplicates
		r.Live = r.Live || l.log.Live() != nil
		at, ok := byName[l.source]
		if !ok {
			if len(r.Sources) >= maxSources {
				r.MoreSources++
				continue
			}
			at = len(r.Sources)
			byName[l.source] = at
			r.Sources = append(r.Sources, statusSource{Name: l.source, Channel: l.channel, Loaded: true})
		}
		l.addTo(&r.Sources[at])
	}
	for _, err := range t.failed {
		r.Sources = append(r.Sources, statusSource{Name: err.Source, Error: err.Err.Error(), Hint: err.Hint, Loaded: true, Locked: errors.Is(err.Err, sealed.ErrLocked)})
	}
	return r, nil
}

// addTo adds a log to the source that it is, or is a part of: a live channel has further ones.
func (l *logInfo) addTo(s *statusSource) {
	s.Events += l.events
	s.Loaded = s.Loaded && l.ended
	if l.err != nil {
		s.Error, s.Hint = l.err.Err.Error(), l.err.Hint
	}
	s.Damaged += l.damaged
	s.First, s.Last = earlier(s.First, firstOf(l.stats)), later(s.Last, lastOf(l.stats))
}

func firstOf(s evtx.Stats) *string {
	if t := textOf(ticksOf(s.First)); t != "" {
		return &t
	}
	return nil
}

func lastOf(s evtx.Stats) *string {
	if t := textOf(ticksOf(s.Last)); t != "" {
		return &t
	}
	return nil
}

// earlier and later compare times as texts, which are in the order of their times.
func earlier(a, b *string) *string {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

func later(a, b *string) *string {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// maxKept is how large what the page wants kept may be.
const maxKept = 1 << 20

type keepParams struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (e *Engine) keep(_ context.Context, p *keepParams) (any, error) {
	if e.o.Keep == nil {
		return nil, &Error{Message: "nothing is kept here"}
	}
	if len(p.Value) > maxKept {
		return nil, &Error{Message: "more than 1 MiB is not kept"}
	}
	key, err := e.keepKey(p.Key)
	if err != nil {
		return nil, err
	}
	return struct{}{}, e.o.Keep(key, []byte(p.Value))
}

type keptResult struct {
	Value string `json:"value"`
}

func (e *Engine) kept(_ context.Context, p *keepParams) (any, error) {
	if e.o.Kept == nil {
		return nil, &Error{Message: "nothing is kept here"}
	}
	key, err := e.keepKey(p.Key)
	if err != nil {
		return nil, err
	}
	value, err := e.o.Kept(key)
	return keptResult{string(value)}, err
}
