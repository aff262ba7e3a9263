package eventlog

import (
	"encoding/xml"
	"time"

	"golang.org/x/sys/windows/registry"
)

// SystemChannels are the live channels of this computer.
func SystemChannels() Channels { return systemChannels{newWevtapi("wevtapi.dll")} }

type systemChannels struct{ api *wevtapi }

// Names asks the service for all channels.
func (c systemChannels) Names() ([]string, error) {
	h, err := c.api.openEnum()
	if err != nil {
		return nil, err
	}
	defer c.api.closeHandle(h)
	var names []string
	for {
		name, err := c.api.nextName(h)
		switch {
		case err == nil:
			names = append(names, name)
		case fault(err).Code == codeNoMoreItems:
			return names, nil
		default:
			return nil, err
		}
	}
}

// Export is one call: the service writes a clean and complete log.
func (c systemChannels) Export(name, query, file string) error {
	return c.api.export(name, query, file)
}

// Look asks for the settings, the counts and the two events at the ends.
func (c systemChannels) Look(name string) (*Channel, error) {
	out := &Channel{Name: name}
	err := c.lookConfig(out)
	if err2 := c.lookLog(out); err == nil {
		err = err2
	}
	return out, err
}

func (c systemChannels) lookConfig(out *Channel) error {
	h, err := c.api.openConfig(out.Name)
	if err != nil {
		return err
	}
	defer c.api.closeHandle(h)
	p := properties{read: func(id uintptr) (*variant, error) { return c.api.config(h, id) }}
	out.Enabled = p.number(evtConfigEnabled) != 0
	out.MaxBytes = p.number(evtConfigMaxSize)
	keep, backup := p.number(evtConfigRetention) != 0, p.number(evtConfigAutoBackup) != 0
	switch {
	case keep && backup:
		out.Retention = ArchiveFull
	case keep:
		out.Retention = KeepOld
	default:
		out.Retention = OverwriteOld
	}
	out.File = expand(p.text(evtConfigLogFilePath))
	out.Configured = p.err == nil
	return p.err
}

func (c systemChannels) lookLog(out *Channel) error {
	h, err := c.api.openChannel(out.Name)
	if err != nil {
		return err
	}
	defer c.api.closeHandle(h)
	p := properties{read: func(id uintptr) (*variant, error) { return c.api.logInfo(h, id) }}
	out.Bytes = p.number(evtLogFileSize)
	out.Records = p.number(evtLogNumberOfRecords)
	out.OldestID = p.number(evtLogOldestRecord)
	out.Full = p.number(evtLogFull) != 0
	if p.err != nil {
		return p.err
	}
	if out.Oldest, err = c.edge(out.Name, evtQueryForward); err == nil {
		out.Newest, err = c.edge(out.Name, evtQueryReverse)
	}
	out.Counted = err == nil
	return err
}

// edge is the time of the first event in a direction; zero if there is none.
func (c systemChannels) edge(name string, direction uintptr) (time.Time, error) {
	h, err := c.api.openQuery(name, direction)
	if err != nil {
		return time.Time{}, err
	}
	defer c.api.closeHandle(h)
	event, err := c.api.nextEvent(h)
	if err != nil {
		if fault(err).Code == codeNoMoreItems {
			err = nil
		}
		return time.Time{}, err
	}
	defer c.api.closeHandle(event)
	text, err := c.api.xml(event)
	if err != nil {
		return time.Time{}, err
	}
	return timeCreated(text), nil
}

// timeCreated takes the time out of an event's XML; zero if there is none.
func timeCreated(text string) time.Time {
	var event struct {
		System struct {
			TimeCreated struct {
				SystemTime string `xml:",attr"`
			}
		}
	}
	if xml.Unmarshal([]byte(text), &event) != nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, event.System.TimeCreated.SystemTime)
	if err != nil {
		return time.Time{}
	}
	return t
}

// properties reads one after the other; the first error stays.
type properties struct {
	read func(id uintptr) (*variant, error)
	err  error
}

func (p *properties) get(id uintptr) *variant {
	v, err := p.read(id)
	if err != nil {
		if p.err == nil {
			p.err = err
		}
		return &variant{make([]uint64, 2)}
	}
	return v
}

func (p *properties) number(id uintptr) uint64 { return p.get(id).number() }
func (p *properties) text(id uintptr) string   { return p.get(id).text() }

// expand replaces %SystemRoot% and its like.
func expand(path string) string {
	if full, err := registry.ExpandString(path); err == nil {
		return full
	}
	return path
}
