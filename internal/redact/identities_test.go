package redact_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/redact"
)

func newIdentities(t testing.TB, seed byte, names *redact.Names) (*redact.Redactor, *redact.Tokens) {
	t.Helper()
	key := make([]byte, redact.KeySize)
	key[0] = seed
	tokens, err := redact.NewTokens(key)
	if err != nil {
		t.Fatal(err)
	}
	r, err := redact.New(redact.Options{Mode: redact.Identities, Tokens: tokens, Names: names})
	if err != nil {
		t.Fatal(err)
	}
	return r, tokens
}

func identityCases() []secretCase {
	const guid = "00000017-1111-4222-8333-000000000017"
	return []secretCase{
		{`User CONTOSO\jdupont logged on`, "CONTOSO¦jdupont", "User ¦ logged on"},
		{`{"u":"CONTOSO\\jdupont","x":1}`, "CONTOSO¦jdupont", `"x":1`},
		{`mail jean.dupont@contoso.example now`, "dupont¦contoso", "mail ¦ now"},
		{`C:\Users\jdupont\AppData\x.log`, "jdupont", `C:\Users\¦\AppData\x.log`},
		{`C:\\Users\\nancy\\x`, "nancy", `C:\\Users\\`},
		{`Login failed for user 'jdupont'.`, "jdupont", "Login failed for user '"},
		{`Server=sql77;User ID=jdupont;Timeout=3`, "sql77¦jdupont", "Timeout=3"},
		{`\\FS01.contoso.local\finance$\budget.xlsx`, "FS01¦contoso¦finance", "budget.xlsx"},
		{`net.tcp://gw77.contoso.local:8060/x`, "gw77¦contoso", ":8060/x"},
		{`net.tcp://gw77:8060`, "gw77", ":8060"},
		{`from 192.168.10.44:1433 to 10.1.2.3`, "192.168.10.44¦10.1.2.3", ":1433"},
		{`from [2001:db8::7]:443, fe80::1:2`, "2001:db8::7¦fe80::1:2", "]:443"},
		{`SID S-1-5-21-1000000001-1000000002-1000000003-1107`, "1000000001¦-1107", "SID S-1-5-21-"},
		{`thumbprint 0123456789abcdef0123456789abcdef01234567`, "0123456789abcdef0123456789abcdef01234567", "thumbprint "},
		{"thumbprint \u200e01 23 45 67 89 AB CD EF 01 23 45 67 89 AB CD EF 01 23 45 67", "89 AB CD", "thumbprint "},
		{`/subscriptions/` + guid + `/resourceGroups/rg-data/providers/x`, guid + "¦rg-data", "/providers/x"},
		{`https://login.microsoftonline.com/` + guid + `/oauth2`, guid, "/oauth2"},
		{`https://fabrikamstage.blob.core.windows.net/c77?x=1`, "fabrikamstage¦c77", ".blob.core.windows.net/¦?x=1"},
		{`fabrikam-adf.westeurope.datafactory.azure.net`, "fabrikam", ".westeurope.datafactory.azure.net"},
		{`sb://relay-77.servicebus.windows.net/`, "relay-77", ".servicebus.windows.net/"},
		{`CN=gw77.contoso.local, O=x`, "gw77¦contoso", "CN="},
		{"version 5.22.8312.1 and Version=4.0.2.0, 127.0.0.1", "", "5.22.8312.1"},
		{`NT AUTHORITY\SYSTEM, NT SERVICE\DIAHostService, S-1-5-18, S-1-5-32-544`, "", `NT AUTHORITY\SYSTEM`},
		{"at 12:30:45 on 2017-05-03, activity " + guid, "", guid},
	}
}

func TestIdentityTexts(t *testing.T) {
	t.Parallel()
	for _, c := range identityCases() {
		r, tokens := newIdentities(t, 1, nil)
		got := r.Text(c.text)
		for _, gone := range strings.Split(c.gone, "¦") {
			if gone != "" && strings.Contains(got, gone) {
				t.Errorf("%q leaks %q: %q", c.text, gone, got)
			}
		}
		for _, stay := range strings.Split(c.stay, "¦") {
			if !strings.Contains(got, stay) {
				t.Errorf("%q lost %q: %q", c.text, stay, got)
			}
		}
		if c.gone == "" && got != c.text {
			t.Errorf("%q became %q", c.text, got)
		}
		back := redact.NewRestorer(tokens.Given()).Text(got)
		plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
		if plain(back) != plain(c.text) {
			t.Errorf("%q came back as %q", c.text, back)
		}
		r.TakeCounts()
		if again := r.Text(got); again != got || len(r.TakeCounts()) > 0 {
			t.Errorf("%q redacted twice: %q, then %q", c.text, got, again)
		}
	}
}

// token returns what stands between two texts.
func token(t *testing.T, text, before, behind string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	token, _, ok2 := strings.Cut(rest, behind)
	if !ok || !ok2 {
		t.Fatalf("%q has no %q…%q", text, before, behind)
	}
	return token
}

func TestSameToken(t *testing.T) {
	t.Parallel()
	r, _ := newIdentities(t, 1, nil)
	host := token(t, r.Text("net.tcp://gw77.contoso.local:8060"), "//", ".")
	for _, text := range []string{`net.tcp://GW77:8060|`, `Server=gw77|;x=1`, `logon by CONTOSO\GW77$ now`, `opened \\gw77\share$`} {
		if got := r.Text(text); !strings.Contains(got, host) {
			t.Errorf("%q has another token than %s: %q", text, host, got)
		}
	}
	a, b := r.Text("10.1.2.3"), r.Text("10.1.2.4")
	if a == b || a[:8] != b[:8] {
		t.Errorf("addresses of a subnet: %s and %s", a, b)
	}
	a, b = r.Text("S-1-5-21-1-2-3-1107"), r.Text("S-1-5-21-1-2-3-500")
	if cut := strings.LastIndex(a, "-"); a[:cut] != b[:strings.LastIndex(b, "-")] || !strings.HasSuffix(b, "-500") {
		t.Errorf("SIDs of a domain: %s and %s", a, b)
	}
	sid, _ := evtx.SIDValue("S-1-5-21-1-2-3-1107")
	if got := r.Value("UserID", sid).String(); got != a {
		t.Errorf("as a value %s, in a text %s", got, a)
	}
	system, _ := evtx.SIDValue("S-1-5-18")
	if got := r.Value("UserID", system).String(); got != "S-1-5-18" {
		t.Errorf("a well-known SID became %s", got)
	}
	same, _ := newIdentities(t, 1, nil)
	other, _ := newIdentities(t, 2, nil)
	const text = `CONTOSO\jdupont`
	if r.Text(text) != same.Text(text) || r.Text(text) == other.Text(text) {
		t.Error("tokens do not depend on the key alone")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	texts := []string{`User CONTOSO\jdupont`, `net.tcp://gw-77.contoso.local:8060`, `user 'nancy77' failed`, `Server=sql-77;x=1`}
	learner, _ := newIdentities(t, 1, nil)
	var results []string
	for range 2 {
		names := new(redact.Names)
		for _, text := range texts {
			var part redact.Names
			learner.LearnText(&part, text, false)
			names.Merge(&part)
		}
		r, _ := newIdentities(t, 1, names)
		got := r.Text("jdupont on GW-77 and nancy77 with sql-77; gw-77.contoso.local, export_GW-77_20240602.csv, JDUPONT-sql-77.log")
		for _, gone := range []string{"jdupont", "GW-77", "nancy77", "sql-77", "contoso"} {
			if strings.Contains(got, gone) {
				t.Errorf("%q is left: %q", gone, got)
			}
		}
		results = append(results, got)
		slices.Reverse(texts)
	}
	if results[0] != results[1] {
		t.Errorf("the order of names matters:\n%s\n%s", results[0], results[1])
	}
}
