package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Follower gives the events that come to logs after they were read. It reads nothing by itself: what it gives are logs of new
// events alone, for a [Pass].
//
// A file is looked at several times a second: at the headers of its chunks, and of those that have changed at the records behind
// the last one that was there. A channel is subscribed to: Windows wakes the Follower, and what came since is exported, as in the
// first place. That a log was cleared, replaced or removed is noticed, and following goes on with what is there then.
type Follower struct {
	// Notice, if it is given, is told what happens to the logs.
	Notice func(Notice)

	every time.Duration
	logs  []followed
	wake  chan struct{} // a channel may have new events
}

// followed is a log that is followed.
type followed interface {
	// news is a log of the events that came since it was last asked for; nil for none.
	news(ctx context.Context, notice func(Notice)) (*Log, error)
	close()
}

const (
	followEvery = 200 * time.Millisecond
	// Looking may take one part in so many of the time.
	followShare = 20
)

// Follow begins to follow the logs of the set: from now on, they hold what was in them at this moment, and the Follower has the
// rest. It comes after [Set.Prepare] and before the first pass. The error is of a log that was named and cannot grow: something
// packed, an archive, a stream. Such logs in a folder are left as they are. The caller closes the Follower before the Set.
func (s *Set) Follow(ctx context.Context, want *evtx.Selection) (*Follower, error) {
	return s.followLogs(ctx, want, true)
}

// FollowSome is Follow for the logs of the set that can grow; nil if there is none.
func (s *Set) FollowSome(ctx context.Context, want *evtx.Selection) *Follower {
	if len(s.Logs) == 0 {
		return nil
	}
	f, err := s.followLogs(ctx, want, false)
	if err != nil {
		return nil
	}
	return f
}

func (s *Set) followLogs(ctx context.Context, want *evtx.Selection, all bool) (*Follower, error) {
	f := &Follower{every: followEvery, wake: make(chan struct{}, 1)}
	for _, l := range s.Logs {
		one, err := f.follow(ctx, l, want)
		switch {
		case err != nil && (l.found || !all):
		case err != nil:
			f.Close()
			return nil, err
		default:
			f.logs = append(f.logs, one)
		}
	}
	if len(f.logs) == 0 {
		return nil, &Error{Source: s.Logs[0].Name, Err: errors.New("is nothing that grows"), Hint: followHint}
	}
	return f, nil
}

const followHint = "an .evtx file can be followed, and a live channel of Windows (channel:NAME)"

func (f *Follower) follow(ctx context.Context, l *Log, want *evtx.Selection) (followed, error) {
	switch {
	case l.live != nil:
		return followChannel(ctx, l, want, f.wake)
	case l.path != "" && !l.once && !l.pack:
		return followFile(l), nil
	}
	return nil, &Error{Source: l.Name, Err: errors.New("cannot grow"), Hint: followHint}
}

// Close ends following.
func (f *Follower) Close() {
	for _, l := range f.logs {
		l.close()
	}
}

// Next waits for new events and returns logs that hold them, in the order of the set. The error is that of ctx.
func (f *Follower) Next(ctx context.Context) ([]*Log, error) {
	for {
		begun := time.Now()
		var fresh []*Log
		for _, l := range f.logs {
			log, err := l.news(ctx, f.notice)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				return nil, err
			}
			if log != nil {
				fresh = append(fresh, log)
			}
		}
		if len(fresh) > 0 {
			return fresh, nil
		}
		timer := time.NewTimer(max(f.every, followShare*time.Since(begun)))
		select {
		case <-timer.C:
		case <-f.wake:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

func (f *Follower) notice(n Notice) {
	if f.Notice != nil {
		f.Notice(n)
	}
}

// part is a log of some events of this one, for people the same.
func (l *Log) part(from opener, size int64) *Log {
	return &Log{Name: l.Name, Size: size, below: l.below, set: l.set, found: l.found, only: l.only, from: from}
}

func (l *Log) saying(format string, args ...any) Notice {
	return Notice{Text: l.Name + ": " + fmt.Sprintf(format, args...)}
}
