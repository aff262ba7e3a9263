package tables

import "time"

// A Count is how many events have something in common.
type Count struct {
	By, Key     string
	EventID     int64 // -1: it is not what was counted
	Provider    string
	Level       string
	Count       uint64
	First, Last time.Time
}

// Counts are the columns of a table of counts.
func Counts() *Table[Count] {
	return &Table[Count]{"gwlogs.counts/1", "One row a thing that events were counted by.", []column[Count]{
		{is("counted_by", Text, "what was counted by: id, provider, channel, computer, level, day or hour"),
			func(to cells, c *Count) { to.text(c.By) }},
		{is("key", Text, "the thing itself; null for all that were too many to count apart, and for events that do not say"),
			func(to cells, c *Count) { textOr(to, c.Key) }},
		{is("event_id", Integer, "the same as a number, of counts by id"), func(to cells, c *Count) {
			if c.EventID < 0 {
				to.null()
			} else {
				to.integer(c.EventID)
			}
		}},
		{is("provider", Text, "of counts by id: what the id is of"), func(to cells, c *Count) { textOr(to, c.Provider) }},
		{is("level", Text, "the most severe level among the events"), func(to cells, c *Count) { textOr(to, c.Level) }},
		{is("count", Integer, "events"), func(to cells, c *Count) { to.integer(int64(c.Count)) }},
		{is("first", Time, "time of the first of them"), func(to cells, c *Count) { to.time(c.First) }},
		{is("last", Time, "time of the last of them"), func(to cells, c *Count) { to.time(c.Last) }},
	}}
}
