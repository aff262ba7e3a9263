package evtx

// A record can ask for far more output, and work, than it has bytes: one long
// constant in a template, a value in many holes, an array that repeats the
// element around it, instances nested in that. Real events render to four times
// their size at most. So each record gets an allowance, a multiple of its size,
// and the chunk a budget for those that need more; what goes beyond is
// damage. What a log costs is thus bounded by a multiple of its size, and
// events behind a hostile one are still read.
//
// The cost of an instance is at least the length of its JSON and of its XML.
// It is known before anything is rendered: the text of the programs, and what
// the values come to in the holes that use them.

const (
	allowancePerByte = 16
	allowanceFixed   = 1 << 10
	chunkBudget      = 2 << 20

	// costPerByte is the longest that a byte of a value can be rendered to: a
	// control character in a text of one byte a character. costPerValue is for
	// quotes, commas, and numbers that are longer as text.
	costPerByte  = 6
	costPerValue = 12
	// costPerNode is for the work on a node of a bound tree, beside its text.
	costPerNode = 16

	maxCost = 1 << 40 // far more than any record may cost
)

// allowance returns what a record of that size may cost in any case.
func allowance(size int) int { return allowancePerByte*size + allowanceFixed }

// holeCost is how often a hole's value is rendered, and the text that an array
// in it repeats for each item.
type holeCost struct{ uses, repeat int }

// weigh finds out what rendering an instance costs: t.text, and t.costs of
// each hole.
func (t *template) weigh() {
	t.costs = make([]holeCost, t.holes)
	for _, p := range []*program{&t.json, &t.xml} {
		t.text = max(t.text, len(p.text))
		uses := make([]int, t.holes)
		for i := range p.ops {
			op := &p.ops[i]
			switch op.kind {
			case opText, opSkip, opEnd, opAttrsBegin, opAttrsEnd, opElement, opElementVoid, opListBegin, opStaticItem, opListEnd:
				continue
			}
			uses[op.hole]++
			c := &t.costs[op.hole]
			c.uses = max(c.uses, uses[op.hole])
			if op.kind == opRepeat {
				c.repeat += int(op.endTo - op.to)
			}
		}
	}
	for _, c := range t.costs {
		t.most.uses, t.most.repeat = max(t.most.uses, c.uses), max(t.most.repeat, c.repeat)
	}
}

// exactCost returns what rendering an instance with these values costs, without
// the instances nested in it. It is asked when the quick answer, which takes
// the worst hole for all values, is more than the record may cost.
func (r *instanceReader) exactCost(t *template, vals []value) int {
	cost := t.text
	for i, v := range vals[:min(len(vals), len(t.costs))] {
		c := t.costs[i]
		switch v.class() {
		case classScalar:
			cost += c.uses * (costPerByte*v.size() + costPerValue)
		case classArray:
			items := 0
			raw := r.buf[v.off():v.end()]
			for size := itemSize(v.typ(), raw); len(raw) > 0; items++ {
				_, raw = nextItem(v.typ(), size, raw)
			}
			cost += c.uses*(costPerByte*v.size()+costPerValue*(items+1)) + c.repeat*(items+1)
		}
	}
	return cost
}
