package eventlog

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Subscriber is Channels that can wake who waits for new events.
type Subscriber interface {
	// Subscribe has woken called, on some goroutine, each time that there may be new events in a channel, until stop is called.
	Subscribe(name string, woken func()) (stop func(), err error)
}

// forwardedEvents is the channel whose events have the numbers of the computers that they come from.
const forwardedEvents = "ForwardedEvents"

// A channel is looked at even if nobody wakes us: a subscription may be lost when the service restarts, and there are channels
// that take none.
const (
	lookAtSubscribed = 10 * time.Second
	lookAtOthers     = 2 * time.Second
)

// followedChannel is a live channel that is followed.
type followedChannel struct {
	log      *Log
	query    query
	exporter *exporter
	export   *os.File      // what was given last
	after    atomic.Uint64 // the number of the last event that was given
	woken    atomic.Bool
	stop     func()
	often    time.Duration
	looked   time.Time
	broken   bool // the last export failed
}

func followChannel(_ context.Context, l *Log, want *evtx.Selection, wake chan<- struct{}) (followed, error) {
	if strings.EqualFold(l.live.name, forwardedEvents) {
		return nil, &Error{Source: l.Name, Err: errors.New("cannot be followed: its events have the numbers of the computers that they come from"),
			Hint: `follow its file, as administrator: C:\Windows\System32\winevt\Logs\ForwardedEvents.evtx`}
	}
	c := &followedChannel{log: l, query: newQuery(want, l.only), exporter: &exporter{channels: l.set.options.Channels}, stop: func() {}, often: lookAtOthers}
	l.ended = c.read
	c.woken.Store(true) // of what came before the subscription
	if s, ok := c.exporter.channels.(Subscriber); ok {
		stop, err := s.Subscribe(l.live.name, func() {
			c.woken.Store(true)
			select {
			case wake <- struct{}{}:
			default:
			}
		})
		if err == nil {
			c.stop, c.often = stop, lookAtSubscribed
		}
	}
	return c, nil
}

// read notes how far the channel was read.
func (c *followedChannel) read(in *Reading) {
	if in.Stats.HighestID > c.after.Load() {
		c.after.Store(in.Stats.HighestID)
	}
}

func (c *followedChannel) close() {
	c.stop()
	c.stop = func() {}
	c.drop()
	_ = c.exporter.close() // the Set's own says what is wrong
}

// drop lets go of the last export.
func (c *followedChannel) drop() {
	if c.export != nil {
		c.export.Close()
		c.export = nil
	}
}

// news implements followed.
func (c *followedChannel) news(ctx context.Context, notice func(Notice)) (*Log, error) {
	if !c.woken.Swap(false) && time.Since(c.looked) < c.often {
		return nil, nil
	}
	c.looked = time.Now()
	c.drop()
	if err := c.exporter.prepare(); err != nil {
		return nil, tempError(c.log, err)
	}
	after := c.after.Load()
	l, highest, err := c.behind(ctx, after)
	switch {
	case err != nil && c.broken || ctx.Err() != nil:
		return nil, nil
	case err != nil: // the service restarts: it is tried again
		c.broken = true
		notice(ChannelError(c.log.Name, err).Notice())
		return nil, nil
	}
	c.broken = false
	if highest == 0 && c.cleared(after) {
		notice(c.log.saying("was cleared: its new events follow"))
		c.after.Store(0)
		l, highest, err = c.behind(ctx, 0)
	}
	if err != nil || highest == 0 {
		return nil, nil
	}
	return l, nil
}

// behind exports the events behind a number, and tells the highest that is in the export; 0 for none.
func (c *followedChannel) behind(ctx context.Context, after uint64) (*Log, uint64, error) {
	q := c.query
	q.addAfter(after)
	f, err := c.exporter.export(ctx, c.log.live.name, &q)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	r, err := evtx.NewReader(f, info.Size())
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	highest := uint64(0)
	for rec, err := range r.Records() {
		if err == nil && rec.EventRecordID() > after {
			highest = max(highest, rec.EventRecordID())
		}
	}
	if highest == 0 {
		return nil, 0, f.Close()
	}
	c.export = f
	l := c.log.part(func(context.Context) (*content, error) {
		return &content{at: f, size: info.Size(), close: func() error { return nil }}, nil
	}, info.Size())
	l.accept = func(rec *evtx.Record) bool { return rec.EventRecordID() > after } // Windows may not have understood the query
	c.after.Store(highest)
	return l, highest, nil
}

// cleared says whether the channel ends in front of what was read of it.
func (c *followedChannel) cleared(after uint64) bool {
	info, err := c.exporter.channels.Look(c.log.live.name)
	return err == nil && info.Counted && after > 0 && (info.Records == 0 || info.OldestID+info.Records-1 < after)
}
