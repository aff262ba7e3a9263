package eventlog

import (
	"context"
	"errors"

	"github.com/gwlogs/gwlogs/evtx"
)

// A desk is where a log of many is read.
type desk struct {
	buf    *evtx.Buffer
	t      *track // nil: it is free
	reader *evtx.Reader
	file   *reopened // nil for a stream
	stream *content
}

// desks are what all logs of a pass by time share.
type desks struct {
	pass    *Pass
	limits  mergeLimits
	all     []*desk
	free    []*desk
	streams int
}

func newDesks(p *Pass, limits mergeLimits) *desks { return &desks{pass: p, limits: limits} }

// sit gives a log its desk: the one it has, a free one, or that of the log that comes last.
func (s *desks) sit(ctx context.Context, t *track) (*desk, error) {
	if t.desk != nil {
		return t.desk, nil
	}
	reader, file, stream, err := s.open(ctx, t)
	if err != nil {
		return nil, err
	}
	if len(s.free) == 0 {
		s.make()
	}
	d := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	d.t, d.reader, d.file, d.stream = t, reader, file, stream
	t.desk, t.opened = d, true
	return d, nil
}

// make makes a free desk.
func (s *desks) make() {
	if len(s.all) >= s.limits.desks {
		var last *track
		for _, d := range s.all {
			if d.file != nil && (last == nil || last.before(d.t)) {
				last = d.t
			}
		}
		if last != nil {
			s.leave(last)
			return
		}
	}
	d := new(desk)
	if len(s.all) == 0 {
		d.buf = evtx.NewBuffer(s.pass.Select)
	} else {
		d.buf = s.all[0].buf.Sibling()
	}
	s.all = append(s.all, d)
	s.free = append(s.free, d)
}

// open opens a log, for the first time or again.
func (s *desks) open(ctx context.Context, t *track) (*evtx.Reader, *reopened, *content, error) {
	log := t.in.Log
	if log.once && (s.pass.Ahead || t.sorted != nil || s.streams >= s.limits.streams) {
		log.keep(ctx)
	}
	c, err := log.open(ctx)
	if err == nil && c.at == nil && s.streams >= s.limits.streams {
		c.close()
		log.keep(ctx)
		c, err = log.open(ctx)
	}
	if err != nil {
		return nil, nil, nil, sourceError(log.Name, err)
	}
	var file *reopened
	stream := c
	if c.at != nil {
		file = &reopened{ctx: ctx, log: log, now: c, stay: len(s.pass.Logs) <= s.limits.open}
		c, stream = &content{at: file, size: c.size}, nil
	}
	read := log.reader
	if t.opened {
		read = log.readerAgain
	}
	r, err := read(c)
	if err != nil {
		if file != nil {
			file.close()
		} else {
			stream.close()
		}
		return nil, nil, nil, err
	}
	if stream != nil {
		s.streams++
	}
	if s.pass.LiveOnly {
		r.Recover = false
	}
	return r, file, stream, nil
}

// leave makes the desk of a log free.
func (s *desks) leave(t *track) {
	d := t.desk
	if d == nil {
		return
	}
	t.in.Stats.Add(d.buf.Stats())
	d.shut()
	if d.stream != nil {
		s.streams--
	}
	d.t, d.reader, d.file, d.stream, t.desk = nil, nil, nil, nil, nil
	s.free = append(s.free, d)
}

// close closes whatever is open.
func (s *desks) close() {
	for _, d := range s.all {
		d.shut()
	}
}

func (d *desk) shut() {
	if d.file != nil {
		d.file.close()
	}
	if d.stream != nil {
		d.stream.close()
	}
}

// rest is called when reading pauses.
func (d *desk) rest() {
	if d.file != nil && !d.file.stay {
		d.file.close()
	}
}

// A reopened log is opened when it is read, and may be closed in between.
type reopened struct {
	ctx  context.Context
	log  *Log
	now  *content // nil while it is closed
	stay bool     // it is not closed in between
}

// ReadAt opens the log if need be.
func (f *reopened) ReadAt(p []byte, off int64) (int, error) {
	if f.now == nil {
		c, err := f.log.open(f.ctx)
		if err != nil {
			return 0, err
		}
		if f.now = c; c.at == nil {
			f.close()
			return 0, errors.New("has become a stream while it was read")
		}
	}
	return f.now.at.ReadAt(p, off)
}

func (f *reopened) close() {
	if f.now != nil {
		f.now.close()
		f.now = nil
	}
}
