package evtx

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

func renderStream(t testing.TB, b []byte) rendered {
	t.Helper()
	r, err := NewStreamReader(io.MultiReader(bytes.NewReader(b))) // no ReaderAt
	if err != nil {
		t.Fatal(err)
	}
	return renderAll(t, r)
}

func renderParallel(t testing.TB, b []byte) (got rendered) {
	t.Helper()
	err := Scanner[*rendered]{
		Threads: 4,
		New:     func() *rendered { return new(rendered) },
		Visit: func(part *rendered, rec *Record, err error) bool {
			if err != nil {
				part.errors = append(part.errors, err.Error())
			} else {
				part.add(t, rec)
			}
			return len(part.json) == 3
		},
		Flush: func(part *rendered, _ Progress) error {
			got.json = append(got.json, part.json...)
			got.xml = append(got.xml, part.xml...)
			got.errors = append(got.errors, part.errors...)
			*part = rendered{}
			return nil
		},
	}.Run(context.Background(), openBytes(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// renderTrees renders every record from its tree, as if no program could.
func renderTrees(t testing.TB, b []byte) (got rendered) {
	t.Helper()
	for rec, err := range openBytes(t, b).Records() {
		if err != nil {
			got.errors = append(got.errors, err.Error())
			continue
		}
		if err := rec.bindTree(); err != nil {
			t.Fatal(err)
		}
		got.add(t, rec)
	}
	return got
}

// bindTree makes the record one that is rendered from its tree.
func (r *Record) bindTree() (err *syntaxError) {
	r.tree, err = r.d.binder.bind(r.off+recordHeader, r.off+r.size-4, maxRendered)
	return err
}

// checkJSON reports what is wrong with a JSON text; a repeated key is.
func checkJSON(s string) error {
	dec := json.NewDecoder(strings.NewReader(s))
	if err := checkJSONValue(dec); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("more than one value")
	}
	return nil
}

func checkJSONValue(dec *json.Decoder) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	delim, _ := tok.(json.Delim)
	keys := map[string]bool{}
	for delim != 0 && dec.More() {
		if delim == '{' {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			if keys[key.(string)] {
				return fmt.Errorf("key %q is there twice", key)
			}
			keys[key.(string)] = true
		}
		if err := checkJSONValue(dec); err != nil {
			return err
		}
	}
	if delim != 0 {
		_, err = dec.Token()
	}
	return err
}

// checkXML reports what is wrong with an XML text.
func checkXML(s string) error {
	dec := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := dec.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestTokens shows what no real log at hand has.
func TestTokens(t *testing.T) {
	const open, end = `<Event><System><EventID>7</EventID><Level>2</Level></System>`, `</Event>`
	const jsonOpen = `{"Event":{"System":{"EventID":"7","Level":"2"},`
	for name, tt := range map[string]struct {
		content   func(l *logBuilder)
		json, xml string
	}{
		"CDATA": {
			func(l *logBuilder) {
				l.element("A", func() {
					raw := utf16le("a < b && c")
					l.u8(tokenCDATA)
					l.u16(len(raw) / 2)
					l.u8(raw...)
				})
			},
			`"A":"a < b && c"`, `<A><![CDATA[a < b && c]]></A>`,
		},
		"CDATA that holds its own end": {
			func(l *logBuilder) {
				l.element("A", func() {
					raw := utf16le("x]]>y")
					l.u8(tokenCDATA)
					l.u16(len(raw) / 2)
					l.u8(raw...)
				})
			},
			`"A":"x]]>y"`, `<A>x]]&gt;y</A>`,
		},
		"a character of two references": {
			func(l *logBuilder) {
				l.element("A", func() {
					for _, unit := range []int{0xd83d, 0xde00, 'x', 0xde00, 0xd83d} {
						l.u8(tokenCharRef)
						l.u16(unit)
					}
				})
			},
			"\"A\":\"\U0001F600x\uFFFD\uFFFD\"", "<A>&#128512;&#120;\uFFFD\uFFFD</A>",
		},
		"character reference": {
			func(l *logBuilder) {
				l.element("A", func() { l.text("a")(); l.u8(tokenCharRef | moreFlag); l.u16(38); l.text("b")() })
			},
			`"A":"a&b"`, `<A>a&#38;b</A>`,
		},
		"entity references": {
			func(l *logBuilder) {
				l.element("A", func() {
					for _, e := range []string{"lt", "gt", "amp", "quot", "apos", "other"} {
						l.u8(tokenEntityRef | moreFlag)
						l.name(e)
					}
				})
			},
			`"A":"<>&\"'&other;"`, `<A>&lt;&gt;&amp;"'&amp;other;</A>`,
		},
		"processing instruction": {
			func(l *logBuilder) {
				l.element("A", func() {
					raw := utf16le("v='1' ?>")
					l.u8(tokenPITarget)
					l.name("target")
					l.u8(tokenPIData)
					l.u16(len(raw) / 2)
					l.u8(raw...)
				})
			},
			`"A":null`, `<A><?target v='1' ? >?></A>`,
		},
		"attributes": {
			func(l *logBuilder) {
				l.element("A", l.text("x"), l.attr("one", l.text("it's \"1\"\n")), l.attr("empty", l.text("")), l.attr("one", l.text("2")))
			},
			`"A":{"#attributes":{"one":"it's \"1\"\n","one_1":"2"},"#text":"x"}`,
			`<A one='it&apos;s "1"&#10;' one_1='2'>x</A>`,
		},
		"repeated elements": {
			func(l *logBuilder) { l.element("A", l.text("1")); l.element("A", l.text("2")) },
			`"A":"1","A_1":"2"`, `<A>1</A><A>2</A>`,
		},
		"invalid UTF-16": {
			func(l *logBuilder) {
				l.element("A", func() {
					l.u8(tokenValue, byte(TypeString))
					l.u16(6)
					for _, u := range []int{'a', 0xd83d, 0xde00, 0xdc00, 0xd800, 'b'} {
						l.u16(u)
					}
				})
			},
			"\"A\":\"a\U0001f600\ufffd\ufffdb\"", "<A>a\U0001f600\ufffd\ufffdb</A>",
		},
		"characters that XML cannot carry": {
			func(l *logBuilder) { l.element("A", l.text("a\x01\x1b\r\n\t\uffff\x00b")) },
			"\"A\":\"a\\u0001\\u001b\\r\\n\\t\uffff\\u0000b\"", "<A>a\ufffd\ufffd&#13;\n\t\ufffd\ufffdb</A>",
		},
		"names that are no names": {
			func(l *logBuilder) { l.element("1 <a>", nil, l.attr(`x"y`, l.text("v"))) },
			`"1 <a>":{"#attributes":{"x\"y":"v"}}`, `<_1__a_ x_y='v'></_1__a_>`,
		},
		"named and unnamed data": {
			func(l *logBuilder) {
				l.element("EventData", func() {
					l.element("Data", l.text("1"), l.attr("Name", l.text("n")))
					l.element("Data", l.text("2"))
					l.element("Data", l.text("3"), l.attr("Name", l.text("n")))
					l.element("Data", nil)
				})
			},
			`"EventData":{"n":["1","3"],"Data":{"#text":["2",""]}}`,
			`<EventData><Data Name='n'>1</Data><Data>2</Data><Data Name='n'>3</Data><Data></Data></EventData>`,
		},
		"text between elements": {
			func(l *logBuilder) { l.element("A", func() { l.text("x")(); l.element("B", nil); l.text("y")() }) },
			`"A":{"#text":"xy","B":null}`, `<A>x<B></B>y</A>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			l.record(func() { l.event(func() { tt.content(l) }) })
			b := file(l.chunk())
			got := render(t, b)
			if len(got.json) != 1 || len(got.errors) != 0 {
				t.Fatalf("%d records, errors %q", len(got.json), got.errors)
			}
			if want := jsonOpen + tt.json + "}}"; got.json[0] != want {
				t.Errorf("JSON\n got %s\nwant %s", got.json[0], want)
			}
			if want := open + tt.xml + end; got.xml[0] != want {
				t.Errorf("XML\n got %s\nwant %s", got.xml[0], want)
			}
			checkOutput(t, b)
		})
	}
}

// TestSubstitutions shows templates: optional values, arrays, nested XML.
func TestSubstitutions(t *testing.T) {
	str := func(s string) testValue { return testValue{typ: TypeString, raw: utf16le(s)} }
	null := testValue{}
	u32 := func(n byte) testValue { return testValue{typ: TypeUint32, raw: []byte{n, 0, 0, 0}} }
	strs := func(items ...string) testValue {
		v := testValue{typ: TypeString | TypeArray}
		for _, s := range items {
			v.raw = append(append(v.raw, utf16le(s)...), 0, 0)
		}
		return v
	}
	for name, tt := range map[string]struct {
		def       func(l *logBuilder)
		values    []testValue
		json, xml string
	}{
		"NULL in an optional hole leaves the element out": {
			func(l *logBuilder) {
				l.element("A", l.hole(0, TypeString, true))
				l.element("B", l.hole(1, TypeString, true))
				l.element("C", l.hole(0, TypeString, false))
			},
			[]testValue{null, str("b")},
			`"B":"b","C":null`, `<B>b</B><C></C>`,
		},
		"an empty string is not NULL": {
			func(l *logBuilder) { l.element("A", l.hole(0, TypeString, true)) },
			[]testValue{str("")},
			`"A":null`, `<A></A>`,
		},
		"attributes without a value are left out": {
			func(l *logBuilder) {
				l.element("A", l.hole(2, TypeUint32, false), l.attr("x", l.hole(0, TypeString, true)), l.attr("y", l.hole(1, TypeUint32, true)))
			},
			[]testValue{null, u32(5), u32(6)},
			`"A":{"#attributes":{"y":5},"#text":6}`, `<A y='5'>6</A>`,
		},
		"an element of which no attribute has a value is its text": {
			func(l *logBuilder) {
				l.element("A", l.hole(1, TypeUint32, false), l.attr("x", l.hole(0, TypeString, true)))
				l.element("B", nil, l.attr("x", l.hole(0, TypeString, true)))
			},
			[]testValue{null, u32(6)},
			`"A":6,"B":null`, `<A>6</A><B></B>`,
		},
		"the strings of a classic event": {
			func(l *logBuilder) {
				l.element("EventData", func() { l.element("Data", l.hole(0, TypeString|TypeArray, true)) })
			},
			[]testValue{strs("a", "", "c<")},
			`"EventData":{"Data":{"#text":["a","","c<"]}}`, `<EventData><Data>a</Data><Data></Data><Data>c&lt;</Data></EventData>`,
		},
		"one string of a classic event": {
			func(l *logBuilder) {
				l.element("EventData", func() { l.element("Data", l.hole(0, TypeString|TypeArray, true)) })
			},
			[]testValue{strs("a")},
			`"EventData":{"Data":{"#text":"a"}}`, `<EventData><Data>a</Data></EventData>`,
		},
		"no strings of a classic event": {
			func(l *logBuilder) {
				l.element("EventData", func() { l.element("Data", l.hole(0, TypeString|TypeArray, true)) })
			},
			[]testValue{null},
			`"EventData":null`, `<EventData></EventData>`,
		},
		"an array where none was announced": {
			func(l *logBuilder) { l.element("A", l.hole(0, TypeString, false)) },
			[]testValue{strs("a", "b")},
			`"A":"a","A_1":"b"`, `<A>a</A><A>b</A>`,
		},
		"an array in an attribute repeats the element": {
			func(l *logBuilder) { l.element("A", l.text("t"), l.attr("x", l.hole(0, TypeUint8, false))) },
			[]testValue{{typ: TypeUint8 | TypeArray, raw: []byte{1, 2}}},
			`"A":{"#attributes":{"x":1},"#text":"t"},"A_1":{"#attributes":{"x":2},"#text":"t"}`, `<A x='1'>t</A><A x='2'>t</A>`,
		},
		"named data that repeat": {
			func(l *logBuilder) {
				l.element("EventData", func() {
					l.element("Data", l.hole(0, TypeString, true), l.attr("Name", l.text("n")))
					l.element("Data", l.hole(1, TypeString, true), l.attr("Name", l.text("n")))
				})
			},
			[]testValue{str("a"), null},
			`"EventData":{"n":"a"}`, `<EventData><Data Name='n'>a</Data></EventData>`,
		},
		"a value missing at the end": {
			func(l *logBuilder) { l.element("A", l.hole(9, TypeString, false)) },
			[]testValue{str("a")},
			`"A":null`, `<A></A>`,
		},
		"text around a value": {
			func(l *logBuilder) {
				l.element("A", func() { l.text("<")(); l.hole(0, TypeUint32, false)(); l.text(">")() })
			},
			[]testValue{u32(7)},
			`"A":"<7>"`, `<A>&lt;7&gt;</A>`,
		},
		"a name that only a value tells": {
			func(l *logBuilder) {
				l.element("EventData", func() {
					l.element("Data", l.hole(1, TypeString, false), l.attr("Name", l.hole(0, TypeString, false)))
				})
			},
			[]testValue{str("key"), str("v")},
			`"EventData":{"key":"v"}`, `<EventData><Data Name='key'>v</Data></EventData>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			def := func() { l.element("Event", func() { l.system(); tt.def(l) }) }
			for range 2 { // the second refers to the first one's definition
				l.record(func() { l.fragment(); l.instance(7, def, tt.values...); l.eof() })
			}
			b := file(l.chunk())
			got := render(t, b)
			if len(got.json) != 2 || len(got.errors) != 0 {
				t.Fatalf("%d records, errors %q", len(got.json), got.errors)
			}
			for i := range got.json {
				if want := `{"Event":{"System":{"EventID":"7","Level":"2"},` + tt.json + "}}"; got.json[i] != want {
					t.Errorf("JSON\n got %s\nwant %s", got.json[i], want)
				}
				if want := `<Event><System><EventID>7</EventID><Level>2</Level></System>` + tt.xml + "</Event>"; got.xml[i] != want {
					t.Errorf("XML\n got %s\nwant %s", got.xml[i], want)
				}
			}
			checkOutput(t, b)
		})
	}
}

// TestNested shows BinXml values: a template instance, plain elements,
// several fragments, and a root whose name is taken.
func TestNested(t *testing.T) {
	for name, tt := range map[string]struct {
		body      func(l *logBuilder) func()
		json, xml string
	}{
		"template instance": {
			func(l *logBuilder) func() {
				return func() {
					l.fragment()
					l.instance(9, func() { l.element("EventData", func() { l.element("Data", l.hole(0, TypeString, false)) }) },
						testValue{typ: TypeString, raw: utf16le("x")})
					l.eof()
				}
			},
			`"EventData":{"Data":{"#text":"x"}}`, `<EventData><Data>x</Data></EventData>`,
		},
		"plain elements": {
			func(l *logBuilder) func() {
				return func() { l.element("UserData", func() { l.element("A", l.text("1")) }) }
			},
			`"UserData":{"A":"1"}`, `<UserData><A>1</A></UserData>`,
		},
		"several fragments": {
			func(l *logBuilder) func() {
				return func() { l.fragment(); l.element("A", nil); l.fragment(); l.element("A", l.text("2")); l.eof() }
			},
			`"A":null,"A_1":"2"`, `<A></A><A>2</A>`,
		},
		"a root whose name is taken": {
			func(l *logBuilder) func() {
				return func() { l.instance(9, func() { l.element("System", l.text("x")) }) }
			},
			`"System_1":"x"`, `<System>x</System>`,
		},
		"nothing": {
			func(l *logBuilder) func() { return func() {} },
			``, ``,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog()
			l.record(func() {
				l.fragment()
				l.instance(7, func() {
					l.element("Event", func() { l.system(); l.hole(0, TypeBinXML, true)() })
				}, testValue{typ: TypeBinXML, body: tt.body(l)})
				l.eof()
			})
			b := file(l.chunk())
			got := render(t, b)
			if len(got.json) != 1 || len(got.errors) != 0 {
				t.Fatalf("%d records, errors %q", len(got.json), got.errors)
			}
			want := strings.TrimSuffix(`{"Event":{"System":{"EventID":"7","Level":"2"},`+tt.json, ",") + "}}"
			if got.json[0] != want {
				t.Errorf("JSON\n got %s\nwant %s", got.json[0], want)
			}
			if want := `<Event><System><EventID>7</EventID><Level>2</Level></System>` + tt.xml + "</Event>"; got.xml[0] != want {
				t.Errorf("XML\n got %s\nwant %s", got.xml[0], want)
			}
			checkOutput(t, b)
		})
	}
}
