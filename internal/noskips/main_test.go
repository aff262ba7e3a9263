package main

import (
	"strings"
	"testing"
)

// stream is what `go test -json` prints of one test that ends with action after saying message.
func stream(action, message string) string {
	return `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: ` + message + `\n"}
{"Action":"` + action + `","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
`
}

func TestRun(t *testing.T) {
	tests := []struct {
		name          string
		in            string
		sharedMissing bool
		want          bool
		wantOutput    string
	}{
		{"pass", stream("pass", "fine"), false, true, "ok  \tp\t0.1s"},
		{"fail", stream("fail", "broken"), false, false, "a_test.go:1: broken"},
		{"skip", stream("skip", "no gcc"), false, false, "skipped: p TestA: a_test.go:1: no gcc"},
		{"skip though shared is there", stream("skip", "no GWLOGS_SHARED"), false, false, "must run here"},
		{"skip without shared", stream("skip", "no GWLOGS_SHARED"), true, true, "skipped: p TestA"},
		{"other skip without shared", stream("skip", "no gcc"), true, false, "must run here"},
		{"package without tests", stream("pass", "") + `{"Action":"skip","Package":"q"}` + "\n", false, true, ""},
		{"does not build", `{"Action":"build-output","ImportPath":"p","Output":"p.go:1: bad\n"}
{"Action":"build-fail","ImportPath":"p"}
{"Action":"fail","Package":"p"}
`, false, false, "p.go:1: bad"},
		{"nothing ran", "", false, false, "no test ran"},
		{"a line that is not JSON", "go: downloading x\n" + stream("pass", ""), false, true, "go: downloading x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			got, err := run(strings.NewReader(tt.in), &out, tt.sharedMissing)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want || !strings.Contains(out.String(), tt.wantOutput) {
				t.Errorf("run = %v, want %v, with %q in the output:\n%s", got, tt.want, tt.wantOutput, out.String())
			}
		})
	}
}
