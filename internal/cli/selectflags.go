package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
)

// parseSelection reads which events are wanted, but for the times.
func (f *sourceFlags) parseSelection() (evtx.Selection, error) {
	s := evtx.Selection{Providers: f.providers, Channels: f.channels, Computers: f.computers, Contains: f.contains}
	var err error
	if s.Levels, err = parseLevels(f.levels); err != nil {
		return s, err
	}
	if s.IDs, err = parseIDs("id", f.ids); err != nil {
		return s, err
	}
	if s.Keywords, err = parseKeywords(f.keywords); err != nil {
		return s, err
	}
	if len(f.notProviders) > 0 {
		s.Not = append(s.Not, evtx.Selection{Providers: f.notProviders})
	}
	for _, text := range f.notContains {
		if text != "" { // every event has that
			s.Not = append(s.Not, evtx.Selection{Contains: []string{text}})
		}
	}
	ids, err := parseIDs("exclude-id", f.notIDs)
	for _, r := range s.IDs {
		if len(s.IDs) == 1 && slices.ContainsFunc(ids, func(not evtx.IDRange) bool { return not.From <= r.From && r.To <= not.To }) {
			return s, usage("leave one of them out", "--id and --exclude-id: no event can have an id and not have it")
		}
	}
	if len(ids) > 0 {
		s.Not = append(s.Not, evtx.Selection{IDs: ids})
	}
	return s, err
}

// split takes the parts of values with commas.
func split(values []string) []string {
	var parts []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			parts = append(parts, strings.TrimSpace(part))
		}
	}
	return parts
}

func parseLevels(values []string) ([]evtx.Level, error) {
	var levels []evtx.Level
	for _, s := range split(values) {
		from, to, ok := parseLevelRange(s)
		if plain := strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(s)); strings.HasPrefix(plain, "audit ") {
			return nil, usage("--keyword \""+plain+"\"", "--level: %q is no level, but a keyword", s)
		}
		if !ok {
			return nil, usage("levels are "+strings.Join(report.LevelNames(), ", ")+" (1 to 5): --level critical,error, or --level critical-warning",
				"--level: unknown level %q", s)
		}
		for level := min(from, to); level <= max(from, to); level++ {
			levels = append(levels, level)
		}
	}
	return levels, nil
}

// parseLevelRange reads a level, or two and what lies between them: 1-3, error..warning.
func parseLevelRange(s string) (from, to evtx.Level, ok bool) {
	if level, ok := report.ParseLevel(s); ok {
		return level, level, true
	}
	first, last, isRange := strings.Cut(s, "..")
	if !isRange {
		first, last, isRange = strings.Cut(s, "-")
	}
	from, ok1 := report.ParseLevel(strings.TrimSpace(first))
	to, ok2 := report.ParseLevel(strings.TrimSpace(last))
	return from, to, isRange && ok1 && ok2 && max(from, to) < math.MaxUint8
}

func parseIDs(flag string, values []string) ([]evtx.IDRange, error) {
	var ids []evtx.IDRange
	for _, s := range split(values) {
		from, to, isRange := strings.Cut(s, "-")
		if !isRange {
			to = from
		}
		low, err1 := strconv.ParseUint(strings.TrimSpace(from), 10, 16)
		high, err2 := strconv.ParseUint(strings.TrimSpace(to), 10, 16)
		form := fmt.Sprintf("ids are numbers from 0 to 65535: --%[1]s 25, or --%[1]s 25,401, or --%[1]s 100-199", flag)
		if err1 != nil || err2 != nil {
			return nil, usage(form, "--%s: %q is not an event id", flag, s)
		}
		if low > high {
			return nil, usage(form, "--%s: %q runs backwards", flag, s)
		}
		ids = append(ids, evtx.IDRange{From: uint16(low), To: uint16(high)})
	}
	return ids, nil
}

// parseKeywords reads names as Event Viewer shows them, also with - in place of the blank.
func parseKeywords(values []string) (evtx.Keywords, error) {
	var wanted evtx.Keywords
	var known []string
	for _, s := range split(values) {
		plain := strings.NewReplacer("-", " ", "_", " ").Replace(s)
		bit := evtx.Keywords(0)
		for k := evtx.KeywordResponseTime; k <= evtx.KeywordClassic; k <<= 1 {
			known = append(known, k.String())
			if strings.EqualFold(plain, k.String()) {
				bit = k
			}
		}
		if bit == 0 {
			return 0, usage("keywords are "+strings.ToLower(strings.Join(known, ", "))+": --keyword \"audit failure\"",
				"--keyword: unknown keyword %q", s)
		}
		wanted |= bit
	}
	return wanted, nil
}
