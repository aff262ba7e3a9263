package evtx

import (
	"fmt"
	"strings"
	"testing"
)

// TestArrayShape: an array has brackets in JSON whatever its length, in programs
// and in trees; but for the strings of classic events.
func TestArrayShape(t *testing.T) {
	type items = []testValue
	array := func(t ValueType, items ...[]byte) testValue {
		v := testValue{typ: t | TypeArray}
		for _, raw := range items {
			v.raw = append(v.raw, raw...)
		}
		return v
	}
	numbers := items{array(TypeUint32), array(TypeUint32, le(uint32(445))), array(TypeUint32, le(uint32(1312)), le(uint32(1)))}
	guid := make([]byte, 16)
	const guidJSON = `"{00000000-0000-0000-0000-000000000000}"`
	filetime := le(uint64(131383296000000000))
	const timeJSON = `"2017-05-04T00:00:00.0000000Z"`
	text := utf16le("a\x00")
	five := testValue{typ: TypeUint32, raw: le(uint32(5))}
	sid := []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}

	for _, tt := range []struct {
		name   string // of the Data elements
		values items  // one for each element
		want   string // the member
	}{
		{"n", numbers[0:1], `"n":[]`},
		{"n", numbers[1:2], `"n":[445]`},
		{"n", numbers[2:3], `"n":[1312,1]`},
		{"n", items{array(TypeGUID)}, `"n":[]`},
		{"n", items{array(TypeGUID, guid)}, `"n":[` + guidJSON + `]`},
		{"n", items{array(TypeFileTime, filetime)}, `"n":[` + timeJSON + `]`},
		{"n", items{array(TypeFileTime, filetime, filetime)}, `"n":[` + timeJSON + "," + timeJSON + `]`},
		{"n", items{array(TypeSID, sid)}, `"n":["S-1-5-18"]`},
		{"n", items{array(TypeBool, le(uint32(1)))}, `"n":[true]`},
		{"n", items{array(TypeBool)}, `"n":[]`},
		{"n", items{array(TypeInt8)}, `"n":[]`},
		{"n", items{array(TypeFloat64)}, `"n":[]`},
		{"n", items{array(TypeHexInt64, le(uint64(31)))}, `"n":["0x1f"]`},
		{"n", items{array(TypeString)}, `"n":[]`},
		{"n", items{array(TypeString, text)}, `"n":["a"]`},
		{"n", items{array(TypeString, []byte{0, 0})}, `"n":[""]`},
		{"n", items{{typ: TypeUint32, raw: le(uint32(445))}}, `"n":445`}, // no array, though its hole is for one

		{"", numbers[0:1], `"Data":{"#text":[]}`},
		{"", numbers[1:2], `"Data":{"#text":[445]}`},
		{"", items{array(TypeString)}, `"Data":{"#text":""}`},
		{"", items{array(TypeString, text)}, `"Data":{"#text":"a"}`},
		{"", items{array(TypeString, text, text)}, `"Data":{"#text":["a","a"]}`},
		{"", items{array(TypeAnsiString, []byte("a\x00"))}, `"Data":{"#text":"a"}`},

		{"n", items{numbers[0], five}, `"n":[5]`},
		{"n", items{five, numbers[1]}, `"n":[5,445]`},
		{"n", items{numbers[1], {}}, `"n":[445]`},
		{"n", items{numbers[0], {}}, `"n":[]`},
		{"n", items{five, {}}, `"n":5`},
		{"n", items{numbers[0], numbers[0]}, `"n":[]`},
		{"", items{array(TypeString, text), {}}, `"Data":{"#text":"a"}`},
		{"", items{array(TypeString, text), array(TypeUint32)}, `"Data":{"#text":["a"]}`},
	} {
		for _, optional := range []bool{true, false} {
			if !optional && len(tt.values) > 1 {
				continue // NULL would be shown
			}
			t.Run(fmt.Sprintf("%s/%v", tt.want, optional), func(t *testing.T) {
				l := newLog()
				l.record(func() {
					l.fragment()
					l.instance(9, func() {
						l.element("Event", func() {
							l.system()
							l.element("EventData", func() {
								for i, v := range tt.values {
									attrs := []func(){l.attr("Name", l.text(tt.name))}
									if tt.name == "" {
										attrs = nil
									}
									typ := v.typ
									if tt.want == `"n":445` {
										typ |= TypeArray
									}
									l.element("Data", l.hole(i, typ, optional), attrs...)
								}
							})
						})
					}, tt.values...)
					l.eof()
				})
				b := file(l.chunk())
				got := render(t, b)
				if len(got.json) != 1 || len(got.errors) != 0 {
					t.Fatalf("%d records, errors %q", len(got.json), got.errors)
				}
				want := `{"Event":{"System":{"EventID":"7","Level":"2"},"EventData":{` + tt.want + `}}}`
				if got.json[0] != want {
					t.Errorf("got  %s\nwant %s", got.json[0], want)
				}
				if tree := renderTrees(t, b).json[0]; tree != want {
					t.Errorf("as a tree\ngot  %s\nwant %s", tree, want)
				}
				if n := len(tt.values[0].raw); n == 0 && len(tt.values) == 1 && !strings.Contains(got.xml[0], "></Data>") {
					t.Errorf("an empty array is %s", got.xml[0])
				}
				checkOutput(t, b)
			})
		}
	}
}
