package sigma

import (
	"slices"
	"strconv"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A scope is which events a rule can match at all, judged by their channel,
// provider and id: those of its log source, and those that its tests on these
// fields admit. It may admit too many, never too few.
type scope struct {
	sources  *sources
	channel  names
	provider names
	ids      idSet
}

// sources are the events that a log source means.
type sources struct {
	list []foldedSource // one of these
	any  bool
}

type foldedSource struct {
	channel, provider string
	ids               []uint16
}

// names is a set of folded names that a field has to be one of.
type names struct {
	known bool // the rule names them
	list  []string
}

type idSet struct {
	known bool
	list  []uint16
}

func newSources(l Logsource, o *Options) *sources {
	s := &sources{any: true}
	if o.Sources == nil {
		return s
	}
	if all, ok := o.Sources(l); ok {
		s.any = false
		for _, source := range all {
			s.list = append(s.list, foldedSource{foldString(source.Channel), foldString(source.Provider), source.IDs})
		}
	}
	return s
}

func newScope(sources *sources, e ast.Expr) scope {
	s := scope{sources: sources}
	s.channel = necessary(e, fieldChannel)
	s.provider = necessary(e, fieldProvider)
	ids := necessary(e, fieldEventID)
	s.ids.known = ids.known
	for _, text := range ids.list {
		if n, ok := parseNumber(text); !ok {
			continue // never equal to an id, however it is read
		} else if n >= 0 && n <= 65535 && n == float64(int(n)) {
			s.ids.list = append(s.ids.list, uint16(n))
		}
	}
	return s
}

// admits reports whether an event with these, folded, may match.
func (s *scope) admits(channel, provider string, id uint16) bool {
	if s.channel.known && !slices.Contains(s.channel.list, channel) ||
		s.provider.known && !slices.Contains(s.provider.list, provider) ||
		s.ids.known && !slices.Contains(s.ids.list, id) {
		return false
	}
	return s.sources.any || slices.ContainsFunc(s.sources.list, func(f foldedSource) bool {
		return (f.channel == "" || f.channel == channel) && (f.provider == "" || f.provider == provider) &&
			(len(f.ids) == 0 || slices.Contains(f.ids, id))
	})
}

// channels returns the channels that the scope admits, if it is so narrow.
func (s *scope) channels() ([]string, bool) {
	if s.channel.known {
		return s.channel.list, true
	}
	if s.sources.any {
		return nil, false
	}
	var all []string
	for _, f := range s.sources.list {
		if f.channel == "" {
			return nil, false
		}
		all = append(all, f.channel)
	}
	return all, true
}

// necessary returns the values one of which the field must have for e to hold.
func necessary(e ast.Expr, field string) names {
	switch e := e.(type) {
	case *ast.And:
		var all names
		for _, term := range e.Terms {
			n := necessary(term, field)
			if n.known && all.known {
				n.list = slices.DeleteFunc(slices.Clone(n.list), func(s string) bool { return !slices.Contains(all.list, s) })
			}
			if n.known {
				all = n
			}
		}
		return all
	case *ast.Or:
		all := names{known: true}
		for _, term := range e.Terms {
			n := necessary(term, field)
			if !n.known {
				return names{}
			}
			all.list = append(all.list, n.list...)
		}
		return all
	case *ast.Ref:
		return necessary(e.Search.Expr, field)
	case *ast.Test:
		return necessaryInTest(e, field)
	}
	return names{}
}

func necessaryInTest(t *ast.Test, field string) names {
	if t.Field != field || t.Op != ast.OpEqual || t.Negate || t.All || t.Part != ast.TimeWhole {
		return names{}
	}
	all := names{known: true}
	for _, v := range t.Values {
		if v.Kind == ast.Null || len(v.Patterns) == 0 {
			return names{}
		}
		for _, p := range v.Patterns {
			text, ok := p.Text()
			if !ok {
				return names{}
			}
			if v.Kind == ast.Number {
				text = strconv.FormatFloat(v.Number, 'f', -1, 64)
			}
			all.list = append(all.list, foldString(text))
		}
	}
	return all
}
