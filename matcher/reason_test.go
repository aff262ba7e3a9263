package matcher

import (
	"slices"
	"strings"
	"testing"
)

// TestText: a signature that only wraps others lets the one inside speak; where
// several are inside, each says for what its steps are.
func TestText(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	const (
		outer = "ErrorCode=SqlFailedToConnect,'Type=A,Message=Cannot connect to SQL Database: 's', Database: 'd', User: " +
			"'u'.,Source=s,''Type=B,Message="
		login   = outer + "Login failed for user 'u'.,Source=s,SqlErrorNumber=18456,'"
		blocked = outer + "Client with IP address '203.0.113.4' is not allowed to access the server.,Source=s,SqlErrorNumber=40615,'"
		bare    = outer + "It failed.,Source=s,'"
	)
	sample := func(texts ...string) (s Sample) {
		for _, text := range texts {
			s = append(s, SampleEvent{Data: []string{text}})
		}
		return s
	}
	for _, tt := range []struct {
		name   string
		sample Sample
		within []string
		title  string
		step   string // some step has it
	}{
		{"one", sample(login, login), []string{"sql-login-failed"}, "SQL Server refuses the login", "sqlcmd"},
		{"two", sample(login, blocked, login), []string{"sql-login-failed", "sql-firewall-refuses"}, "", "SQL Server refuses the login. Sign in"},
		{"one of two", sample(login, bare), []string{"sql-login-failed"}, "", "SQL Server refuses the login. Sign in"},
		{"none", sample(bare), nil, "", "Test-NetConnection"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := c.analyze(tt.sample)
			if err != nil || len(a.Findings) != 1 {
				t.Fatalf("%d findings: %v", len(a.Findings), err)
			}
			f := &a.Findings[0]
			var within []string
			for _, s := range f.Within {
				within = append(within, s.Name)
			}
			if f.Signature.Name != "connector-sql-failed-to-connect" || !slices.Equal(within, tt.within) {
				t.Errorf("%s with %v inside, want %v", f.Signature.Name, within, tt.within)
			}
			if tt.title == "" {
				tt.title = f.Signature.Text.Title
			}
			text := f.Text("en")
			if text.Title != tt.title || !strings.Contains(strings.Join(text.Resolution, "\n"), tt.step) || len(text.Resolution) > maxSteps {
				t.Errorf("%+v", text)
			}
			if fr := f.Text("fr"); fr.Title == text.Title || len(fr.Resolution) != len(text.Resolution) {
				t.Errorf("in French: %+v", fr)
			}
		})
	}
}
