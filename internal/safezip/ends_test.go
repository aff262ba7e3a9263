package safezip

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestEnds: not everything is an archive.
func TestEnds(t *testing.T) {
	whole := archive(stored("a", "text"))
	change := func(at int, value byte) []byte {
		b := slices.Clone(whole)
		b[len(b)-sizeEnd+at] = value
		return b
	}
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "not a zip archive"},
		{"text", []byte(strings.Repeat("text", 100)), "not a zip archive"},
		{"cut off", whole[:20], "damaged zip archive: it has no end: it was cut off"},
		{"parts", change(4, 1), "damaged zip archive: it is one part of several"},
		{"part with the directory", change(6, 1), "damaged zip archive: it is one part of several"},
		{"two counts", change(8, 0), "damaged zip archive: its end record counts 0 and 1 entries"},
		{"directory too small", change(12, 40), "damaged zip archive: its directory of 40 bytes is too small for 1 entries"},
		{"directory too large", change(12, 200), "damaged zip archive: its directory is not where it should be"},
		{"comment too long", change(20, 1), "damaged zip archive: it has no end: it was cut off"},
	} {
		_, err := Open(bytes.NewReader(tt.data), int64(len(tt.data)))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.want)
		}
	}
}

// with64 adds zip64 end records to the archive b.
func with64(b []byte, change func(record, locator, end []byte)) []byte {
	end := slices.Clone(b[len(b)-sizeEnd:])
	b = b[:len(b)-sizeEnd]
	record := le.AppendUint64(le.AppendUint32(nil, sigEnd64), sizeEnd64-12)
	record = append(record, make([]byte, 12)...)
	record = le.AppendUint64(record, uint64(le.Uint16(end[8:])))
	record = le.AppendUint64(record, uint64(le.Uint16(end[10:])))
	record = le.AppendUint64(record, uint64(le.Uint32(end[12:])))
	record = le.AppendUint64(record, uint64(le.Uint32(end[16:])))
	locator := le.AppendUint64(le.AppendUint64(nil, sigLocator64), uint64(len(b)))
	locator = le.AppendUint32(locator, 1)
	change(record, locator, end)
	return slices.Concat(b, record, locator, end)
}

func TestEnds64(t *testing.T) {
	whole := archive(stored("a", "text"))
	const parts, lies, place = "damaged zip archive: it is one part of several",
		"damaged zip archive: its two end records contradict each other",
		"damaged zip archive: its zip64 end record is not where it should be"
	for _, tt := range []struct {
		name   string
		change func(record, locator, end []byte)
		want   string
	}{
		{"whole", func(_, _, _ []byte) {}, ""},
		{"nothing in the short record", func(_, _, end []byte) { copy(end[8:20], bytes.Repeat([]byte{0xff}, 12)) }, ""},
		{"other count", func(record, _, _ []byte) { record[24], record[32] = 0, 0 }, lies},
		{"other size", func(record, _, _ []byte) { record[40]++ }, lies},
		{"other offset", func(record, _, _ []byte) { record[48]-- }, lies},
		{"no record", func(record, _, _ []byte) { record[0]++ }, place},
		{"longer record", func(record, _, _ []byte) { record[4]++ }, place},
		{"record elsewhere", func(_, locator, _ []byte) { locator[8]-- }, place},
		{"part", func(record, _, _ []byte) { record[16] = 1 }, parts},
		{"part of the directory", func(record, _, _ []byte) { record[20] = 1 }, parts},
		{"part of the locator", func(_, locator, _ []byte) { locator[4] = 1 }, parts},
		{"several parts", func(_, locator, _ []byte) { locator[16] = 2 }, parts},
		{"two counts", func(record, _, _ []byte) { record[24] = 0 }, "damaged zip archive: its end record counts 0 and 1 entries"},
	} {
		b := with64(whole, tt.change)
		_, err := Open(bytes.NewReader(b), int64(len(b)))
		if err == nil && tt.want != "" || err != nil && err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestDirectory: entries that cannot be read end it.
func TestDirectory(t *testing.T) {
	whole := archive(part{name: "a", zip64: true})
	at := bytes.Index(whole, []byte("PK\x01\x02"))
	for _, tt := range []struct {
		name   string
		change func(b []byte) []byte
		want   string
	}{
		{"signature", func(b []byte) []byte { b[at]++; return b }, "entry 1 of its directory cannot be read"},
		{"long name", func(b []byte) []byte { b[at+29] = 0xff; return b }, "entry 1 of its directory cannot be read"},
		{"long comment", func(b []byte) []byte { b[at+32] = 1; return b }, "entry 1 of its directory cannot be read"},
		{"another part", func(b []byte) []byte { b[at+34] = 1; return b }, "entry 1 of its directory cannot be read"},
		{"short zip64 field", func(b []byte) []byte { b[at+46+1+2] = 16; return b }, "entry 1 of its directory cannot be read"},
		{"size", func(b []byte) []byte { b[at+46+1+4+7] = 0x80; return b }, "entry 1 of its directory cannot be read"},
		{"offset", func(b []byte) []byte {
			copy(b[at+46+1+4+16:], "\xff\xff\xff\xff\xff\xff\xff\x7f")
			return append([]byte("x"), b...)
		}, "entry 1 of its directory has an impossible offset"},
	} {
		b := tt.change(slices.Clone(whole))
		_, err := Open(bytes.NewReader(b), int64(len(b)))
		if err == nil || err.Error() != "damaged zip archive: "+tt.want {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.want)
		}
	}
	end := len(whole) - sizeEnd
	more := slices.Insert(slices.Clone(whole), end, []byte("hidden")...)
	le.PutUint32(more[end+6+12:], le.Uint32(whole[end+12:])+6)
	if got := problems(t, more); !slices.Equal(got, []string{"6 bytes behind the last entry of the directory"}) {
		t.Errorf("bytes in the directory: %q", got)
	}
}

// TestLocal: what the entry's own header says that the directory does not.
func TestLocal(t *testing.T) {
	const sizes, kind = "a: has other sizes in its own header", "a: has another kind of data in its own header"
	for _, tt := range []struct {
		name   string
		change func(local []byte)
		want   string
	}{
		{"encrypted", func(b []byte) { b[6] = flagEncrypted }, kind},
		{"descriptor", func(b []byte) { b[6] = flagDescriptor }, kind},
		{"UTF-8", func(b []byte) { b[7] = flagUTF8 >> 8 }, kind},
		{"method", func(b []byte) { b[8] = Deflate }, kind},
		{"checksum", func(b []byte) { b[14]++ }, sizes},
		{"no checksum", func(b []byte) { clear(b[14:18]) }, sizes},
		{"packed", func(b []byte) { b[18]++ }, sizes},
		{"size", func(b []byte) { b[22]++ }, sizes},
		{"no sizes", func(b []byte) { clear(b[18:26]) }, sizes},
		{"largest size", func(b []byte) { copy(b[22:26], "\xff\xff\xff\xff") }, sizes},
		{"extra field", func(b []byte) { copy(b[31:], "up") }, "a: has an extra field 0x7075 of 5 bytes"},
	} {
		p := stored("a", "text")
		p.extra = []byte("UT\x05\x00\x01....")
		b := archive(p)
		tt.change(b)
		if got := problems(t, b); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: %q, want %s", tt.name, got, tt.want)
		}
	}
}
