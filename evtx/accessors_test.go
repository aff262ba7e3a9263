package evtx

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"testing/quick"
	"time"
)

// said is what the accessors say of a value: the ones that are missing say no.
type said struct {
	i      any // int64
	u      any // uint64
	f      any // float64
	b      any // bool
	t      any // time.Time
	g      any // GUID
	sid    any // string
	bytes  any // string
	string string
	texts  []string // in what is wanted: nil for string alone
}

func ask(v Value) said {
	s := said{string: v.String(), texts: v.Strings()}
	note := func(into *any, x any, ok bool) {
		if ok {
			*into = x
		}
	}
	i, ok := v.Int()
	note(&s.i, i, ok)
	u, ok := v.Uint()
	note(&s.u, u, ok)
	f, ok := v.Float()
	note(&s.f, f, ok)
	b, ok := v.Bool()
	note(&s.b, b, ok)
	t, ok := v.Time()
	note(&s.t, t, ok)
	g, ok := v.GUID()
	note(&s.g, g, ok)
	sid, ok := v.SID()
	note(&s.sid, sid, ok)
	raw, ok := v.Bytes()
	note(&s.bytes, string(raw), ok)
	return s
}

// TestAccessors is what each type, and each text, is to a program.
func TestAccessors(t *testing.T) {
	t.Parallel()
	raw := func(typ ValueType, b ...byte) Value { return Value{Type: typ, Raw: b} }
	text := func(s string) Value { return StringValue(s) }
	at := time.Date(2017, 5, 4, 18, 0, 0, 123456700, time.UTC)
	guid := GUID{0x67, 0x45, 0x23, 0x01, 0xab, 0x89, 0xef, 0xcd, 1, 2, 3, 4, 5, 6, 7, 8}
	const guidText = "{01234567-89ab-cdef-0102-030405060708}"
	system, _ := SIDValue("S-1-5-18")
	for name, tt := range map[string]struct {
		v    Value
		want said
	}{
		"null":          {Value{}, said{}},
		"int8":          {raw(TypeInt8, 0xfe), said{i: int64(-2), u: uint64(math.MaxUint64 - 1), f: -2.0, string: "-2"}},
		"int16":         {raw(TypeInt16, 0xfe, 0xff), said{i: int64(-2), u: uint64(math.MaxUint64 - 1), f: -2.0, string: "-2"}},
		"int32":         {raw(TypeInt32, 2, 0, 0, 0), said{i: int64(2), u: uint64(2), f: 2.0, string: "2"}},
		"int64":         {IntValue(-2), said{i: int64(-2), u: uint64(math.MaxUint64 - 1), f: -2.0, string: "-2"}},
		"uint8":         {raw(TypeUint8, 0xfe), said{i: int64(254), u: uint64(254), f: 254.0, string: "254"}},
		"uint64":        {UintValue(7), said{i: int64(7), u: uint64(7), f: 7.0, string: "7"}},
		"uint64, large": {UintValue(1 << 63), said{u: uint64(1 << 63), f: 9223372036854775808.0, string: "9223372036854775808"}},
		"hex":           {HexValue(31), said{i: int64(31), u: uint64(31), f: 31.0, string: "0x1f"}},
		"pointer":       {raw(TypeSizeT, 1, 2, 0, 0), said{i: int64(513), u: uint64(513), f: 513.0, string: "0x201"}},
		"pointer, cut":  {raw(TypeSizeT, 1, 2, 0), said{string: "0x0"}},
		"int32, cut":    {raw(TypeInt32, 2, 0), said{string: ask(raw(TypeInt32, 2, 0)).string, texts: ask(raw(TypeInt32, 2, 0)).texts}},
		"float32":       {raw(TypeFloat32, 0, 0, 0x20, 0x40), said{f: 2.5, string: "2.5"}},
		"float64":       {FloatValue(-0.25), said{f: -0.25, string: "-0.25"}},
		"true":          {BoolValue(true), said{i: int64(1), u: uint64(1), f: 1.0, b: true, string: "true"}},
		"false":         {BoolValue(false), said{i: int64(0), u: uint64(0), f: 0.0, b: false, string: "false"}},
		"time": {TimeValue(at),
			said{i: int64(toFileTime(at)), u: toFileTime(at), f: float64(toFileTime(at)), t: at, string: "2017-05-04T18:00:00.1234567Z"}},
		"system time": {raw(TypeSysTime, 0xe1, 7, 5, 0, 4, 0, 4, 0, 18, 0, 0, 0, 0, 0, 123, 0),
			said{t: at.Truncate(time.Millisecond), string: "2017-05-04T18:00:00.123Z"}},
		"guid":          {GUIDValue(guid), said{g: guid, string: guidText}},
		"sid":           {system, said{sid: "S-1-5-18", string: "S-1-5-18"}},
		"sid, cut":      {raw(TypeSID, 1, 1), said{}},
		"binary":        {BytesValue([]byte{1, 0xab}), said{bytes: "\x01\xab", string: "01AB"}},
		"strings":       {StringsValue("a", "", "b\x00c"), said{string: "a,,b\ufffdc", texts: []string{"a", "", "b\ufffdc"}}},
		"numbers":       {raw(TypeUint16|TypeArray, 1, 0, 2, 0), said{string: "1,2", texts: []string{"1", "2"}}},
		"text":          {text("some text"), said{string: "some text"}},
		"empty text":    {text(""), said{}},
		"decimal text":  {text("-17"), said{i: int64(-17), f: -17.0, string: "-17"}},
		"hex text":      {text("0x1f"), said{i: int64(31), u: uint64(31), string: "0x1f"}},
		"fraction text": {text("2.5"), said{f: 2.5, string: "2.5"}},
		"leading zeros": {text("010"), said{i: int64(10), u: uint64(10), f: 10.0, string: "010"}},
		"least": {text("-9223372036854775808"),
			said{i: int64(math.MinInt64), f: -9223372036854775808.0, string: "-9223372036854775808"}},
		"below": {text("-9223372036854775809"), said{f: -9223372036854775809.0, string: "-9223372036854775809"}},
		"most": {text("18446744073709551615"),
			said{u: uint64(math.MaxUint64), f: 18446744073709551615.0, string: "18446744073709551615"}},
		"above":      {text("18446744073709551616"), said{f: 18446744073709551616.0, string: "18446744073709551616"}},
		"above, hex": {text("0x10000000000000000"), said{string: "0x10000000000000000"}},
		"minus":      {text("-"), said{string: "-"}},
		"true text":  {text("true"), said{b: true, string: "true"}},
		"time text":  {text("2017-05-04T20:00:00.1234567+02:00"), said{t: at, string: "2017-05-04T20:00:00.1234567+02:00"}},
		"guid text":  {text("01234567-89AB-CDEF-0102-030405060708"), said{g: guid, string: "01234567-89AB-CDEF-0102-030405060708"}},
		"sid text":   {text("S-1-5-18"), said{sid: "S-1-5-18", string: "S-1-5-18"}},
		"ansi":       {raw(TypeAnsiString, '7'), said{i: int64(7), u: uint64(7), f: 7.0, string: "7"}},
		"no string":  {StringsValue(), said{}},
		"no byte":    {BytesValue(nil), said{}},
		"before all time": {TimeValue(time.Time{}),
			said{i: int64(0), u: uint64(0), f: 0.0, t: time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), string: "1601-01-01T00:00:00.0000000Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(tt.v)
			if tt.want.texts == nil && !tt.v.IsNull() {
				tt.want.texts = []string{tt.want.string}
			}
			if !slices.Equal(got.texts, tt.want.texts) {
				t.Errorf("Strings is %q, want %q", got.texts, tt.want.texts)
			}
			got.texts, tt.want.texts = nil, nil
			if g, ok := got.t.(time.Time); ok && tt.want.t != nil && g.Equal(tt.want.t.(time.Time)) {
				got.t = tt.want.t
			}
			if a, b := got, tt.want; a.i != b.i || a.u != b.u || a.f != b.f || a.b != b.b || a.t != b.t || a.g != b.g ||
				a.sid != b.sid || a.bytes != b.bytes || a.string != b.string {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// TestMadeValues: what was put into a value comes out of it, through a log.
func TestMadeValues(t *testing.T) {
	t.Parallel()
	through := func(v Value) Value {
		for rec := range openBytes(t, writeEvents(t, &Event{Data: []Data{{"x", v}}})).Records() {
			got, _ := rec.Lookup("x")
			return got.Clone()
		}
		return Value{}
	}
	same := func(f any) {
		t.Helper()
		if err := quick.Check(f, &quick.Config{MaxCount: 40}); err != nil {
			t.Error(err)
		}
	}
	same(func(n int64) bool { got, ok := through(IntValue(n)).Int(); return ok && got == n })
	same(func(n uint64) bool { got, ok := through(UintValue(n)).Uint(); return ok && got == n })
	same(func(n uint64) bool { got, ok := through(HexValue(n)).Uint(); return ok && got == n })
	same(func(f float64) bool { got, ok := through(FloatValue(f)).Float(); return ok && got == f })
	same(func(b bool) bool { got, ok := through(BoolValue(b)).Bool(); return ok && got == b })
	same(func(g GUID) bool { got, ok := through(GUIDValue(g)).GUID(); return ok && got == g })
	same(func(b []byte) bool {
		got, ok := through(BytesValue(b)).Bytes()
		return ok == (len(b) > 0) && string(got) == string(b)
	})
	same(func(s string) bool {
		s = string([]rune(s)) // as UTF-8
		for len(s) > 0 && s[len(s)-1] == 0 {
			s = s[:len(s)-1]
		}
		return through(StringValue(s)).String() == s
	})
	same(func(ticks uint64) bool {
		ticks %= 1 << 62
		got, ok := through(TimeValue(fileTime(ticks))).Time()
		return ok && got.Equal(fileTime(ticks))
	})
}

func TestAccessorsDoNotAllocate(t *testing.T) {
	values := []Value{{}, IntValue(-7), FloatValue(2), BoolValue(true), TimeValue(time.Now()), GUIDValue(GUID{1}), BytesValue([]byte{1}),
		StringValue("17"), StringValue("true"), StringValue("{01234567-89ab-cdef-0102-030405060708}")}
	if n := testing.AllocsPerRun(100, func() {
		for _, v := range values {
			if i, ok := v.Int(); ok && i == 1<<40 {
				t.Error("no such number")
			}
			_, _ = v.GUID()
			_, _ = v.Bytes()
		}
		_, _ = values[2].Float()
		_, _ = values[3].Bool()
		_, _ = values[4].Time()
		_, _ = values[8].Bool()
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestGUID(t *testing.T) {
	t.Parallel()
	const text = "{01234567-89ab-cdef-0102-030405060708}"
	g, err := ParseGUID(text)
	if err != nil || g.String() != text {
		t.Errorf("%s, %v", g, err)
	}
	for _, s := range []string{text[1:37], "{01234567-89AB-CDEF-0102-030405060708}"} {
		if again, err := ParseGUID(s); err != nil || again != g {
			t.Errorf("%q: %s, %v", s, again, err)
		}
	}
	for _, s := range []string{
		"", "{}", text[1:], text[:37], "{01234567-89ab-cdef-0102-03040506070g}", "01234567089ab-cdef-0102-030405060708",
		"{01234567-89ab-cdef-0102-0304050607080",
	} {
		if g, err := ParseGUID(s); err == nil {
			t.Errorf("%q is %s", s, g)
		}
	}
	b, err := json.Marshal(map[string]GUID{"x": g})
	var back map[string]GUID
	if err != nil || string(b) != `{"x":"`+text+`"}` || json.Unmarshal(b, &back) != nil || back["x"] != g {
		t.Errorf("%s, %v, %v", b, err, back)
	}
}

func TestLevelAndKeywords(t *testing.T) {
	t.Parallel()
	for level, want := range map[Level]string{
		LevelLogAlways: "Information", LevelCritical: "Critical", LevelError: "Error", LevelWarning: "Warning",
		LevelInformation: "Information", LevelVerbose: "Verbose", 16: "16",
	} {
		if level.String() != want {
			t.Errorf("level %d is %s", uint8(level), level)
		}
	}
	for k, want := range map[Keywords]string{
		0: "0x0", KeywordClassic: "Classic", 0x8020000000000000: "Audit Success, 0x8000000000000000",
		KeywordAuditFailure | KeywordSQM | 0x10: "SQM, Audit Failure, 0x10",
	} {
		if k.String() != want {
			t.Errorf("keywords %#x are %q, want %q", uint64(k), k, want)
		}
	}
	for name := range (KeywordSQM | KeywordClassic).Names() {
		if name != "SQM" {
			t.Error(name)
		}
		break
	}
	if k := Keywords(0x8080000000000000); !k.Has(KeywordClassic) || k.Has(KeywordClassic|KeywordSQM) {
		t.Error("Has")
	}
}
