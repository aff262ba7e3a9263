//go:build !js

package report

import (
	"strconv"

	"github.com/gwlogs/gwlogs/matcher"
)

type statusView struct {
	Computer, State, Class, Since, Message, Version string
	Facts                                           []pageFact
}

// status is how each gateway is, or that the logs are of none.
func (b *pageBuilder) status() {
	if len(b.found.Sources) > 0 && b.found.GatewayLogs() == 0 {
		b.view.NoGateway = shownLine(noGateway(b.words, b.found))
	}
	b.view.StatusHelp = b.say("status-help", "last", shortTime(b.found.LastEvent()))
	all, more := atMost(b, b.found.Status, maxPageRows)
	b.view.MoreStatus = more
	for i := range all {
		b.view.Status = append(b.view.Status, b.gateway(&all[i]))
	}
}

func (b *pageBuilder) gateway(s *matcher.Status) statusView {
	v := statusView{Computer: shownName(s.Computer), State: stateWord(b.words, s.State), Class: stateClass(s.State)}
	if s.Runtime != nil {
		v.Version = runtimeText(b.words, s.Runtime)
	}
	if s.Event == nil {
		return v
	}
	v.Since, v.Message = b.words.Say("status.since", "time", shortTime(s.Since)), shownName(saidIn(s.Event))
	v.Facts = b.eventFacts([]pageFact{
		{b.say("record"), id(s.Event.RecordID)}, {b.say("event-id"), strconv.Itoa(int(s.Event.EventID))}, {b.say("source"), s.Event.Source},
	})
	return v
}

// stateClass is the style of a state.
func stateClass(s matcher.State) string {
	switch s {
	case matcher.Connected:
		return "good"
	case matcher.Limited:
		return "medium"
	case matcher.Offline, matcher.NotRegistered:
		return "high"
	}
	return "informational"
}
