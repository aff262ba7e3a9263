package gentestdata

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"unicode/utf16"

	"github.com/gwlogs/gwlogs/evtx"
)

// keywordsClassic is the bit that marks an event of the old interface.
const keywordsClassic = 0x80000000000000

// Log returns the log that the specification describes.
func (s *Spec) Log() ([]byte, error) {
	var out bytes.Buffer
	w := evtx.NewWriter(&out)
	for i := range s.Events {
		e, err := s.Events[i].event()
		if err != nil {
			return nil, err
		}
		e.EventRecordID = s.FirstRecordID + uint64(i)
		if err := w.WriteEvent(e); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// event returns e for the writer, without a number.
func (e *Event) event() (*evtx.Event, error) {
	binary, err := e.Binary()
	if err != nil {
		return nil, err
	}
	out := &evtx.Event{
		Provider:    e.Provider,
		EventID:     e.ID,
		Qualifiers:  e.Qualifiers,
		Level:       e.Level,
		Task:        e.Task,
		Keywords:    e.Keywords,
		TimeCreated: e.Time.UTC(),
		ProcessID:   e.Process,
		ThreadID:    e.Thread,
		Channel:     e.Channel,
		Computer:    e.Computer,
		UserID:      e.User,
		Strings:     e.strings(),
		Binary:      binary,
	}
	if out.Keywords == 0 && e.Data == nil {
		out.Keywords = keywordsClassic
	}
	for _, d := range e.Data {
		out.Data = append(out.Data, evtx.Data{Name: d.Name, Value: evtx.StringValue(string(d.Value))})
	}
	return out, nil
}

// Binary returns the event's binary data.
func (e *Event) Binary() ([]byte, error) {
	switch {
	case e.Hex != "":
		b, err := hex.DecodeString(e.Hex)
		if err != nil {
			return nil, fmt.Errorf("hex: %w", err)
		}
		return b, nil
	case e.UTF16 != "":
		var b []byte
		for _, unit := range utf16.Encode([]rune(string(e.UTF16))) {
			b = binary.LittleEndian.AppendUint16(b, unit)
		}
		return b, nil
	}
	return []byte(e.ASCII), nil
}
