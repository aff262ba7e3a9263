package where

import (
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

var end = time.Date(2017, 5, 4, 18, 0, 0, 0, time.UTC) // of the log

func TestXPath(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{
		`*`:                     2709,
		`*[System[EventID=25]]`: 2,
		`*[System/EventID=25]`:  2,
		`Event/System[EventID=25 or EventID=401]`:                                                                                    16,
		`Event[System[(EventID=25 or EventID=401) and Level=2]]`:                                                                     14,
		`*[System[(Level=1  or Level=2) and TimeCreated[timediff(@SystemTime) <= 86400000]]]`:                                        1,
		`*[System[(Level=1  or Level=2) and TimeCreated[timediff(@SystemTime) &lt;= 86400000]]]`:                                     1,
		`*[System[TimeCreated[@SystemTime>='2017-05-04T17:12:45.000Z' and @SystemTime<'2017-05-04T17:12:46Z']]]`:                     1,
		`*[System[Provider[@Name='Data Management Gateway'] and EventRecordID > 11516]]`:                                             5,
		`*[System[band(Keywords,36028797018963968)]]`:                                                                                2709,
		`*[System[band(Keywords,0x10000000000000)]]`:                                                                                 0,
		`*[System[Computer='GW01.contoso.local']] `:                                                                                  2709,
		`*[EventData[Data='An attempt was made to access a socket in a way forbidden by its access permissions 40.68.114.96:9350']]`: -1,
		`*[EventData[Data[@Name='TargetUserName']='x']]`:                                                                             0,
		`*[System[EventID=401] and EventData[Data]]`:                                                                                 14,
		`*[System[EventID=401]][System[Level=2]]`:                                                                                    14,
		`*[System[Security[@UserID='S-1-5-18']]]`:                                                                                    0,
		`<QueryList><Query Id="0" Path="Data Management Gateway"><Select Path="Data Management Gateway">*[System[EventID=25 or EventID=401]]</Select>
			<Select Path="Security">*</Select><Suppress>*[System[(EventID &gt;= 400)]]</Suppress></Query></QueryList>`: 2,
		`<ViewerConfig><QueryConfig><QueryNode><QueryList><Query><Select>*[System[Level&lt;=2]]</Select></Query></QueryList></QueryNode></QueryConfig></ViewerConfig>`: 45,
		`*[System[EventID!=401]]`: 2709 - 14,
	} {
		x, err := ParseXPath(query, end)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		r, err := evtx.Open("../../testdata/gateway-en.evtx")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			if x.Match(rec) {
				n++
			}
		}
		r.Close()
		if n != want && (want >= 0 || n == 0) {
			t.Errorf("%s: %d events, want %d", query, n, want)
		}
	}
}

func TestXPathRefuses(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		``:                              "character 1: the query ends where * or Event is expected",
		`System[EventID=1]`:             "character 1: * or Event is expected here",
		`*[System[EventID=1]`:           `character 20: the query ends where "]" is expected`,
		`*[System[EventID]]`:            "character 17: =, !=, <, <=, > or >= is expected here",
		`*[System[Foo=1]]`:              "character 10: an element of System",
		`*[UserData[x]]`:                "character 3: UserData is not supported",
		`*[System[Provider[@Nam='x']]]`: "character 20: an attribute of this element is expected here",
		`*[System[EventID=1]] x`:        "character 22: the end of the query is expected here",
		`<QueryList>`:                   "no XML that can be read",
		`<QueryList></QueryList>`:       "no Select",
		`<QueryList><Query><Select>*[x]</Select></Query></QueryList>`: "System or EventData is expected here (in *[x])",
		`*[System[EventID='1]]`:           "a number, or a text in quotes is expected here",
		`*[` + strings.Repeat("(", 500):   "the query is nested too deeply",
		`*[System[starts-with(EventID)]]`: "character 10: an element of System",
	} {
		_, err := ParseXPath(query, end)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %s", query, err, want)
		}
	}
}

func FuzzXPath(f *testing.F) {
	f.Add(`*[System[(Level=1 or Level=2) and TimeCreated[timediff(@SystemTime) <= 86400000]]]`)
	f.Add(`*[EventData[Data[@Name='a']='b']]`)
	f.Fuzz(func(t *testing.T, query string) {
		if x, err := ParseXPath(query, end); (x == nil) == (err == nil) {
			t.Error("neither a query nor an error")
		}
	})
}
