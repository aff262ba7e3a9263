package matcher

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestNormal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                    "",
		"plain text stays":                    "plain text stays",
		"  two  spaces \r\n and lines\t":      "two spaces and lines",
		"l\u2019accès \u201cx\u201d\u00a0: y": `l'accès "x" : y`,
		"a\u00a0\u202f b\u200b\ufeffc":        "a bc",
		"全角\uff1a":                            "全角:",
		"eight by eight,  nine\x00 and ten":   "eight by eight, nine and ten",
		"a\xffb":                              "a\ufffdb",
	} {
		if got := string(appendNormal([]byte("x"), []byte(text))); got != "x"+want {
			t.Errorf("%q: %q, want %q", text, got[1:], want)
		}
	}
}

func TestInner(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want []string
		most string // the innermost
	}{
		"plain": {"Transfer task failed. Activity ID: 92693b45-b4bf-4fc8-89da-2d3dc56f27c3", nil, "Transfer task failed."},
		"lines": {"A runtime error has occurred.\r\nUnable to connect to the remote server\r\nNo such host is known\r\nException " +
			"detail:\r\nSystem.Net.WebException: x ---> y\r\n   at z",
			[]string{"Unable to connect to the remote server", "No such host is known"}, "No such host is known"},
		"exceptions": {"System.TypeInitializationException: The initializer failed. ---> System.Net.Sockets.SocketException: No " +
			"such host is known\r\n   at System.Net.Dns.GetAddrInfo(String name)",
			[]string{"No such host is known"}, "No such host is known"},
		"chain": {"Copy failed: ErrorCode=SqlOperationFailed,'Type=A.B,Message=A database operation failed, see " +
			"'x'.,Source=C,''Type=D.E,Message=Timeout expired.  The timeout period elapsed.,Source=F,'",
			[]string{"A database operation failed, see 'x'.",
				"Timeout expired.  The timeout period elapsed."}, "Timeout expired. The timeout period elapsed."},
		"chain without source": {"ErrorCode=X,'Type=A,Message=the only message here", []string{"the only message here"}, "the only message here"},
		"chain without quotes": {"ErrorCode=X, Type=A.B, Message=Cannot read file 'a, b.csv', Source=C, Type=D.E, Message=Access to " +
			"'x' is denied",
			[]string{"Cannot read file 'a, b.csv'", "Access to 'x' is denied"}, "Access to 'x' is denied"},
		"quote at the end of a message": {"ErrorCode=X,'Type=A,Message=it cannot open 'a.csv',Source=C,''Type=D,Message=the user is 'u','",
			[]string{"it cannot open 'a.csv'", "the user is 'u'"}, "the user is 'u'"},
		"quote at the end of a chain": {"ErrorCode=X,'Type=A,Message=the only message here'", []string{"the only message here"},
			"the only message here"},
		"a type in a message": {"The AuthenticationType=Basic is wrong, Message=none", nil,
			"The AuthenticationType=Basic is wrong, Message=none"},
		"empty innermost": {"ErrorCode=X,'Type=A,Message=the outer message,Source=C,''Type=D,Message=,Source=F,'",
			[]string{"the outer message"}, "the outer message"},
		"JSON": {`<LogProperties><ErrorInfo>[{"Code":0,"Message":"The \"outer\" one","Data":{},"InnerEventInfos":[{"Message":"C:\\temp \u003cmissing\u003e \ud83d\ude00"}]}]</ErrorInfo></LogProperties>`,
			[]string{`The "outer" one`, `C:\temp <missing> 😀`}, `C:\temp <missing> 😀`},
		"JSON with a chain": {`<LogProperties><ErrorInfo>[{"Message":"ErrorCode=X,'Type=A,Message=first message,Source=C,''Type=D,Message=second message,Source=F,'"}]</ErrorInfo></LogProperties>`,
			[]string{"ErrorCode=X,'Type=A,Message=first message,Source=C,''Type=D,Message=second message,Source=F,'", "first message",
				"second message"}, "second message"},
		"broken JSON": {`<ErrorInfo>[{"Message":"one half \u12`, []string{`one half \u12`}, `one half \u12`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var u unwrapper
			var got []string
			u.each([]byte(tt.text), func(m []byte) { got = append(got, string(m)) })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			if got := u.innermost(tt.text); got != tt.most {
				t.Errorf("innermost %q, want %q", got, tt.most)
			}
		})
	}
}

func TestShape(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Transfer task 7 failed. TaskId: 7fb239d5-e821-4c1f-b3a9-46f9fb99ed97",
			"Transfer task 12 FAILED. TaskId: d3e7c756-39b8-4e5a-b984-ccb5e883b61c"},
		{"Cannot open 'a b.txt' on https://x.example/1", "Cannot open 'c' on http://y.example/2?z"},
		{`No access to C:\temp\x`, `No access to \\server\share`},
		{"Retry 1 of 3 at 10.0.0.1:80", "Retry 22 of 3 at 192.168.1.2:443"},
	} {
		for _, text := range same[1:] {
			if a, b := string(appendShape(nil, same[0])), string(appendShape(nil, text)); a != b {
				t.Errorf("%q and %q", a, b)
			}
		}
	}
	if a, b := string(appendShape(nil, "it's a failure")), string(appendShape(nil, "it's a success")); a == b {
		t.Errorf("an apostrophe hides what comes after it: %q", a)
	}
}

func FuzzInner(f *testing.F) {
	f.Add([]byte(`<LogProperties><ErrorInfo>[{"Message":"ErrorCode=X,'Type=A,Message=m,Source=C,''Type=D,Message=n`))
	f.Add([]byte(`&lt;Text&gt;\"ErrorCode=X\u0027 ---> a: b`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var u unwrapper
		n, size := 0, 0
		u.each(text, func(m []byte) { n++; size += len(m) })
		if n > maxMessages || size > maxUnwrapIn+len(text)*(maxUnwrap+1) {
			t.Fatalf("%d messages of %d bytes", n, size)
		}
		if line := u.innermost(string(text)); strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			t.Fatalf("innermost %q", line)
		}
	})
}

// FuzzNormal: what is normal stays as it is, and eight bytes at a time are as one at a time.
func FuzzNormal(f *testing.F) {
	f.Add([]byte("a  b\u00a0: c\u2019d \x00\xff eight by eight bytes"))
	f.Fuzz(func(t *testing.T, text []byte) {
		once := appendNormal(nil, text)
		if twice := appendNormal(nil, once); !bytes.Equal(once, twice) {
			t.Fatalf("%q, then %q", once, twice)
		}
		if !utf8.Valid(once) || bytes.Contains(once, []byte("  ")) {
			t.Fatalf("%q", once)
		}
		// A space in front and behind keeps the fast way from the first bytes, and changes nothing.
		if slow := appendNormal(nil, append([]byte(" "), text...)); !bytes.Equal(once, slow) {
			t.Fatalf("%q, with a space in front %q", once, slow)
		}
	})
}

func FuzzShape(f *testing.F) {
	f.Add("it's 'a' \"b\" «c» https://x/ C:\\y 17")
	f.Fuzz(func(t *testing.T, line string) {
		if shape := appendShape(nil, line); len(shape) > maxShape {
			t.Fatalf("%d bytes", len(shape))
		}
	})
}
