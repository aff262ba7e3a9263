package where

import (
	"errors"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

func count(t *testing.T, expr string) int {
	t.Helper()
	e, err := Parse(expr)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	r, err := evtx.Open("../../testdata/gateway-en.evtx")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	f, n := e.Filter(), 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if f.Match(rec) {
			n++
		}
	}
	return n
}

// TestMatch holds expressions against what is planted in the log.
func TestMatch(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]int{
		`EventID = 25`:                                             2,
		`eventid in (25, 401)`:                                     16,
		`id not in (25, 401)`:                                      2709 - 16,
		`EventID != 401 and Level = 2`:                             45 - 14,
		`Level <= 2`:                                               45,
		`level < 3 and (id = 401 or id = 25)`:                      14,
		`not level > 2`:                                            45,
		`Data contains ":9351"`:                                    2,
		`data contains ':9351' OR data re '9350$'`:                 count(t, `Data contains ':9351'`) + count(t, `Data endswith '9350'`),
		`message startswith "An attempt was made"`:                 count(t, `id = 401`),
		`Computer = "gw01.contoso.local" and id=25`:                2,
		`Computer endswith ".fabrikam.com"`:                        0,
		`EventRecordID >= 11516 and record < 11518`:                2,
		`Provider = 'data management gateway'`:                     2709,
		`exists(Data) and not exists(Nothing)`:                     2709,
		`Nothing exists or Data not exists`:                        0,
		`Level = 'Error' or level in (critical)`:                   45,
		`exists(UserID) or ActivityID exists`:                      0,
		`not exists(user) and exists(time)`:                        2709,
		`record in (11516, 11233) and host = 'GW01.contoso.local'`: 2,
		`Data = "*"`:                             0, // it stands for itself
		`TimeCreated startswith "2017-05-04T18"`: 1,
	} {
		if got := count(t, expr); got != want {
			t.Errorf("%s: %d events, want %d", expr, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		``:                          "character 1: the expression ends where the name of a field, such as EventID is expected",
		`EventID`:                   "character 8: the expression ends where an operator",
		`EventID = `:                "character 11: the expression ends where a value is expected",
		`EventID = 1 2`:             `character 13: "2" stands where and, or, or the end is expected`,
		`(EventID = 1`:              "character 13: the expression ends where a closing parenthesis is expected",
		`EventID in 1`:              `character 12: "1" stands where a list in parentheses is expected`,
		`EventID in (1`:             "character 14: the expression ends where a comma or a closing parenthesis is expected",
		`Name = 'x`:                 "character 8: the text that begins here has no end",
		`é = 1 and Level < two`:     `character 19: "two" stands where a number is expected`,
		`a = 1 and Image re '('`:    "character 11: ",
		`Ip cidr "300.0.0.0/8"`:     "character 1: ",
		`time > '2017-05-04'`:       "character 1: times are chosen by --since and --until",
		`Level ~ 3`:                 `character 7: write re in place of ~`,
		strings.Repeat("(", 300):    "the expression is nested too deeply",
		strings.Repeat("not ", 300): "the expression is nested too deeply",
	} {
		_, err := Parse(expr)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %s", expr, err, want)
		}
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for _, expr := range []string{`IpAddress cidr 10.0.0.0/8`, `IpAddress cidr "fe80::/10"`, `a = 'it''s' and b = "x"`, `x = C:\Windows`} {
		if _, err := Parse(expr); err != nil && !strings.Contains(expr, `\`) {
			t.Errorf("%s: %v", expr, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`EventID in (4624, 4625) and TargetUserName endswith '$'`, `not (a = 1 or b re '^x')`, `exists(x)`, `a cidr 10.0.0.0/8`, `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		e, err := Parse(expr)
		if err == nil && e == nil {
			t.Error("neither an expression nor an error")
		}
		var wrong *Error
		if err != nil && (!errors.As(err, &wrong) || wrong.Column < 1) {
			t.Errorf("%v has no place", err)
		}
	})
}
