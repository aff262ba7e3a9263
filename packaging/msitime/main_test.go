package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// summary is a stream as libmsi writes it, with the two times and a property between them.
func summary() []byte {
	b := append([]byte("before"), 0xFE, 0xFF, 0, 0, 5, 1, 2, 0)
	b = append(b, make([]byte, 16)...)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = append(b, format...)
	for _, n := range []uint32{48, 64, 3, created, 32, 14, 44, saved, 52, fileTime, 1, 1, 3, 200, fileTime, 2, 2} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return append(b, "behind"...)
}

func TestSetTimes(t *testing.T) {
	b := summary()
	if err := setTimes(b, 0); err != nil {
		t.Fatal(err)
	}
	epoch := binary.LittleEndian.AppendUint64(nil, 116444736000000000) // 1970-01-01 as a FILETIME
	want := summary()
	copy(want[6+48+36:], epoch)
	copy(want[6+48+56:], epoch)
	if !bytes.Equal(b, want) {
		t.Errorf("% x\nwant\n% x", b, want)
	}
	for cut := range len("before") + 48 + 64 {
		if err := setTimes(summary()[:cut], 0); err == nil {
			t.Errorf("a summary that ends at %d passed", cut)
		}
	}
	if err := setTimes(append(summary(), summary()...), 0); err == nil {
		t.Error("two summaries passed")
	}
}
