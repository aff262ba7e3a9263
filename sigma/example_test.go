package sigma_test

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/gwlogs/gwlogs/sigma"
)

const whoami = `title: A web server asks who it is
name: web-server-whoami
logsource:
    product: windows
    category: process_creation
detection:
    shell:
        ParentImage|endswith: '\w3wp.exe'
    tool:
        CommandLine|contains: 'whoami'
    condition: shell and tool
level: high
`

// Parse, compile, match: a Set serves any number of goroutines.
func ExampleSet_Match() {
	rules, err := sigma.Parse("whoami.yml", []byte(whoami))
	if err != nil {
		panic(err)
	}
	set, err := sigma.Compile(rules, &sigma.Options{Sources: sigma.WindowsSources})
	if err != nil {
		panic(err)
	}

	event := sigma.System{Channel: "Microsoft-Windows-Sysmon/Operational", Provider: "Microsoft-Windows-Sysmon", EventID: 1}
	values := map[string]string{
		"Image":       `C:\Windows\System32\cmd.exe`,
		"CommandLine": `cmd /c WHOAMI /all`,
		"ParentImage": `C:\Windows\System32\inetsrv\w3wp.exe`,
	}
	for _, rule := range set.Match(event, maps.All(values)) {
		fmt.Println(rule.Level, rule.Title)
	}
	// Output: high A web server asks who it is
}

// With millions of events, a Matcher that is kept and values that are bytes
// save what Set.Match costs beside the matching.
func ExampleMatcher() {
	rules, err := sigma.Parse("whoami.yml", []byte(whoami))
	if err != nil {
		panic(err)
	}
	set, err := sigma.Compile(rules, &sigma.Options{Sources: sigma.WindowsSources})
	if err != nil {
		panic(err)
	}

	type value struct {
		name string
		text []byte
	}
	events := []struct {
		channel string
		id      uint16
		values  []value
	}{
		{"Microsoft-Windows-Sysmon/Operational", 1, []value{{"CommandLine", []byte("whoami")}, {"ParentImage", []byte(`C:\w3wp.exe`)}}},
		{"Microsoft-Windows-Sysmon/Operational", 1, []value{{"CommandLine", []byte("whoami")}, {"ParentImage", []byte(`C:\explorer.exe`)}}},
		{"Application", 1000, nil},
	}
	m := set.Matcher() // for one goroutine
	for i, e := range events {
		if !m.Begin(e.channel, "", e.id) {
			fmt.Println(i, "no rule can want it")
			continue
		}
		for _, v := range e.values {
			m.Add(v.name, v.text)
		}
		fmt.Println(i, len(m.Match()))
	}
	// Output:
	// 0 1
	// 1 0
	// 2 no rule can want it
}

// A correlation looks at several events. They need not come in the order of
// time: what they complete is said when that is known, at the latest by Flush.
func ExampleCorrelator() {
	rules, err := sigma.Parse("guessed.yml", []byte(`title: A logon failed
name: failed
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: Many logons failed
name: many-failed
correlation:
    type: event_count
    rules: [failed]
    group-by: [TargetUserName]
    timespan: 10m
    condition: {gte: 3}
---
title: A logon
name: logon
logsource: {product: windows, service: security}
detection: {s: {EventID: 4624}, condition: s}
---
title: Somebody guessed a password
correlation:
    type: temporal_ordered
    rules: [many-failed, logon]
    group-by: [TargetUserName]
    timespan: 10m
level: high
`))
	if err != nil {
		panic(err)
	}
	set, err := sigma.Compile(rules, &sigma.Options{Sources: sigma.WindowsSources})
	if err != nil {
		panic(err)
	}

	c := sigma.NewCorrelator(set, func(record int, completed []*sigma.Rule) {
		for _, rule := range completed {
			fmt.Printf("record %d: %s\n", record, rule.Title)
		}
	})
	noon := time.Date(2017, 5, 4, 12, 0, 0, 0, time.UTC)
	for record, e := range []struct {
		minute int
		id     uint16
		user   string
	}{
		{6, 4624, "bob"}, // the first to be written after the log had wrapped
		{0, 4625, "alice"}, {1, 4625, "bob"}, {2, 4625, "bob"}, {3, 4625, "bob"}, {5, 4624, "alice"},
	} {
		event := sigma.System{Channel: "Security", EventID: e.id, Time: noon.Add(time.Duration(e.minute) * time.Minute)}
		c.Match(record, event, maps.All(map[string]string{"TargetUserName": e.user}))
	}
	c.Flush()
	// Output: record 0: Somebody guessed a password
}

// What is wrong with a rule is said with its place, when it is loaded.
func ExampleError() {
	_, err := sigma.Parse("typo.yml", []byte(`title: A typing error
logsource: {product: windows}
detection:
    tool:
        CommandLine|contain: whoami
    condition: tool
`))
	var wrong *sigma.Error
	if errors.As(err, &wrong) {
		fmt.Println(wrong)
		fmt.Println(wrong.Excerpt())
	}
	// Output:
	// typo.yml:5:9: unknown modifier "contain"
	//         CommandLine|contain: whoami
	//         ^
}

// Fields that the specification does not know are kept for the program that does.
func ExampleRule_Custom() {
	rules, err := sigma.Parse("own.yml", []byte(whoami+"runbook: [Ask who owns the server, Take it off the network]\n"))
	if err != nil {
		panic(err)
	}
	var steps []string
	if ok, err := rules[0].Custom("runbook", &steps); err != nil || !ok {
		panic(err)
	}
	fmt.Println(steps[0])
	// Output: Ask who owns the server
}
