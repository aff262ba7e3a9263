package where

import (
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/evtx"
)

// queryList is a structured query, as Event Viewer keeps a custom view.
type queryList struct {
	Queries []struct {
		Path     string      `xml:"Path,attr"`
		Select   []pathQuery `xml:"Select"`
		Suppress []pathQuery `xml:"Suppress"`
	} `xml:"Query"`

	// A file of a custom view has the list deeper.
	Inside *queryList `xml:"QueryConfig>QueryNode>QueryList"`
}

type pathQuery struct {
	Path string `xml:"Path,attr"`
	Text string `xml:",chardata"`
}

// maxQueries bounds a list that somebody made up.
const maxQueries = 1000

// parseList reads a structured query: an event is wanted if one Select holds
// for it, and no Suppress.
func parseList(text string, now time.Time) (*XPath, error) {
	var list queryList
	if err := xml.Unmarshal([]byte(text), &list); err != nil {
		return nil, &Error{Text: text, Column: 1, Reason: "the query is no XML that can be read: " + err.Error()}
	}
	if list.Inside != nil {
		list = *list.Inside
	}
	var wanted, not []xnode
	for _, q := range list.Queries {
		for _, part := range []struct {
			to  *[]xnode
			all []pathQuery
		}{{&wanted, q.Select}, {&not, q.Suppress}} {
			for _, one := range part.all {
				if one.Path == "" {
					one.Path = q.Path
				}
				holds, err := one.parse(now)
				if err != nil {
					return nil, err
				}
				*part.to = append(*part.to, holds)
			}
		}
	}
	if len(wanted) == 0 || len(wanted)+len(not) > maxQueries {
		return nil, &Error{Text: text, Column: 1, Reason: "the query list has no Select, or too many"}
	}
	return &XPath{func(r *evtx.Record) bool {
		holds := func(n xnode) bool { return n(r) }
		return slices.ContainsFunc(wanted, holds) && !slices.ContainsFunc(not, holds)
	}}, nil
}

func (q *pathQuery) parse(now time.Time) (xnode, error) {
	x, err := ParseXPath(strings.TrimSpace(q.Text), now)
	var wrong *Error
	if errors.As(err, &wrong) {
		wrong.Reason += " (in " + wrong.Text[:min(len(wrong.Text), 60)] + ")"
		return nil, wrong
	}
	path := q.Path
	if path == "" || strings.HasPrefix(path, "file:") {
		return x.holds, err
	}
	return func(r *evtx.Record) bool { return strings.EqualFold(r.Channel(), path) && x.holds(r) }, err
}
