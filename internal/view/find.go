package view

import (
	"context"
)

type findParams struct {
	Filter   Filter `json:"filter"`
	Order    string `json:"order"`
	Text     string `json:"text"`
	From     int    `json:"from"`
	Backward bool   `json:"backward"`
}

type findResult struct {
	Position int `json:"position"` // -1: nowhere
	N        int `json:"n"`
	Found    int `json:"found"` // events of the list that have it
	Index    int `json:"index"` // of this one among them, in the order of the list, from 0
}

// find looks for a text in the events of a list, from a position on (inclusive), and goes on at the other end.
func (e *Engine) find(ctx context.Context, p *findParams) (any, error) {
	newest, err := newestFirst(p.Order)
	if err != nil {
		return nil, err
	}
	r, err := e.result(ctx, &p.Filter)
	if err != nil {
		return nil, err
	}
	if p.Text == "" {
		return &findResult{Position: -1, N: -1}, nil
	}
	if err := e.wait(ctx); err != nil {
		return nil, err
	}
	c := Condition{Field: "text", Values: values{p.Text}}
	scans, err := e.scans(ctx, r.s, &Filter{Conditions: []Condition{c}})
	if err != nil {
		return nil, err
	}
	has := scans[scanKey(c)]
	return r.step(has, p.From, p.Backward, newest), nil
}

// step goes from a position to the next one that has the text.
func (r *result) step(has *bitmap, from int, backward, newest bool) *findResult {
	out := &findResult{Position: -1, N: -1}
	total := len(r.events)
	if total == 0 {
		return out
	}
	if from < 0 {
		from = total - 1
	}
	from %= total
	last, after := -1, -1 // the last one before from, and the first from it on
	first, end := -1, -1
	for at := range total {
		if !has.has(int(r.events[r.turned(at, newest)])) {
			continue
		}
		out.Found++
		if first < 0 {
			first = at
		}
		end = at
		if at <= from {
			last = at
		}
		if at >= from && after < 0 {
			after = at
		}
	}
	switch {
	case out.Found == 0:
		return out
	case backward && last >= 0:
		out.Position = last
	case backward:
		out.Position = end
	case after >= 0:
		out.Position = after
	default:
		out.Position = first
	}
	for at := range out.Position {
		if has.has(int(r.events[r.turned(at, newest)])) {
			out.Index++
		}
	}
	out.N = int(r.events[r.turned(out.Position, newest)])
	return out
}
