package gentestdata

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// known is a problem of the shared list.
type known struct {
	ID       string
	Where    []string
	EventIDs []uint16 `yaml:"event_ids"`
	Messages []string
	Patterns []string
	compiled []*regexp.Regexp
}

// knownProblems returns the shared list.
func knownProblems(t *testing.T) map[string]known {
	t.Helper()
	var file struct{ Problems []known }
	readYAML(t, &file, "gateway", "problems.yaml")
	all := map[string]known{}
	for _, p := range file.Problems {
		for _, re := range p.Patterns {
			p.compiled = append(p.compiled, regexp.MustCompile(re))
		}
		all[p.ID] = p
	}
	return all
}

func readYAML(t *testing.T, to any, name ...string) {
	t.Helper()
	b, err := os.ReadFile(shared(t, name...))
	if err == nil {
		err = yaml.Unmarshal(b, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// inLog reports whether a problem may show in an event log by its text. What
// is published for activity outputs is logged by the node's connectors too.
func (p known) inLog() bool {
	return len(p.Messages)+len(p.Patterns) > 0 && slices.ContainsFunc(p.Where, func(w string) bool {
		return strings.HasPrefix(w, "event-log") || w == "activity-output"
	})
}

func (p known) matches(text string) bool {
	return slices.ContainsFunc(p.compiled, func(re *regexp.Regexp) bool { return re.MatchString(text) })
}

// message is what a matcher sees of an event: its texts, and in plain what is
// escaped in their JSON.
func message(e *Event) string {
	text := strings.Join(e.Texts(), "\n")
	for _, quoted := range regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).FindAllString(text, -1) {
		var plain string
		if strings.Contains(quoted, `\`) && json.Unmarshal([]byte(quoted), &plain) == nil {
			text += "\n" + plain
		}
	}
	return strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ").Replace(text)
}

// TestProblemsCovered: every problem that can show is shown in English, by its
// own patterns; what shows none hits no pattern; nobody names an unknown one.
func TestProblemsCovered(t *testing.T) {
	problems := knownProblems(t)
	shown := map[string]bool{}
	english := load(t, "problems-en").Events
	for i := range english {
		e := &english[i]
		text := message(e)
		for _, id := range e.Problems {
			shown[id] = true
			if p, ok := problems[id]; !ok || !p.matches(text) {
				t.Errorf("event of %s is not %s: %s", e.Time, id, text)
			}
		}
		if len(e.Problems) > 0 {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(problems)) {
			if problems[id].matches(text) {
				t.Errorf("event of %s is said to show no problem, and hits %s: %s", e.Time, id, text)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(problems)) {
		if problems[id].inLog() && !shown[id] {
			t.Errorf("%s is not shown", id)
		}
	}
	for _, e := range load(t, "problems-fr").Events {
		for _, id := range e.Problems {
			if _, ok := problems[id]; !ok {
				t.Errorf("no problem is called %s", id)
			}
		}
	}
}

// TestFrenchCovered: every system text that is known in French is there.
func TestFrenchCovered(t *testing.T) {
	var file struct {
		Messages []struct {
			ID           string
			Translations map[string]struct{ Text string }
		}
	}
	readYAML(t, &file, "gateway", "localized-messages.yaml")
	var all strings.Builder
	events := load(t, "problems-fr").Events
	for i := range events {
		all.WriteString(message(&events[i]) + "\n")
	}
	for _, m := range file.Messages {
		text, _, _ := strings.Cut(m.Translations["fr"].Text, "'host'")
		if text == "" || !strings.Contains(all.String(), text) {
			t.Errorf("%s is not there: %s", m.ID, text)
		}
	}
}

// TestAnnotations: endpoints, addresses of either protocol among them, and
// report IDs are in the texts of the events that name them.
func TestAnnotations(t *testing.T) {
	reports, addresses := 0, map[bool]int{}
	for _, name := range []string{"problems-en", "problems-fr"} {
		events := load(t, name).Events
		for i := range events {
			e := &events[i]
			text := message(e)
			for _, endpoint := range e.Endpoints {
				if !strings.Contains(text, endpoint) {
					t.Errorf("event of %s does not name %s", e.Time, endpoint)
				}
				if e.ID == 401 {
					addresses[strings.HasPrefix(endpoint, "[")]++
				}
			}
			if e.ReportID != "" {
				reports++
				if e.ID != 25 || !strings.Contains(strings.ToLower(text), e.ReportID) {
					t.Errorf("event of %s does not report %s", e.Time, e.ReportID)
				}
			}
		}
	}
	if reports < 10 || addresses[true] < 4 || addresses[false] < 8 {
		t.Errorf("%d report IDs, %v addresses (IPv6: true)", reports, addresses)
	}
}
