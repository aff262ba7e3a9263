package tables

//go:generate go run ../gentables ../../python/src/gwlogs/tables.json

// A Type is what the values of a column are. Any of them may be null.
type Type string

// The types, and what they are in JSON, Parquet and Arrow.
const (
	Time    Type = "time"    // a moment in UTC, to the microsecond: text in RFC 3339; TIMESTAMP(MICROS, UTC); timestamp[us, UTC]
	Integer Type = "integer" // a number; INT64; int64
	Text    Type = "text"    // a string; STRING; string
	Boolean Type = "boolean" // true or false; BOOLEAN; bool
	Texts   Type = "texts"   // an array of strings; LIST of STRING; list<string>
	Pairs   Type = "pairs"   // an array of {"name", "value"}, both strings; LIST of such a group; list<struct<name, value>>
)

// A Column is what the values of one name are.
type Column struct {
	Name  string `json:"name"`
	Type  Type   `json:"type"`
	About string `json:"about"`

	distinct bool // hardly a value comes twice: a dictionary of them would be of no use
}

func is(name string, t Type, about string) Column { return Column{Name: name, Type: t, About: about} }

// isDistinct is for a column in which hardly a value comes twice.
func isDistinct(name string, t Type, about string) Column {
	return Column{Name: name, Type: t, About: about, distinct: true}
}

// A Schema is what the rows of a table are.
type Schema struct {
	Name    string   `json:"name"` // with the number of its shape: it changes when a column does
	About   string   `json:"about"`
	Columns []Column `json:"columns"`
}

// All lists the tables there are.
func All() []Schema {
	return []Schema{Events(), Findings().Schema(), Counts().Schema(), ReportIDs().Schema(), Endpoints().Schema()}
}

// A column of a table of T, and how it is had of one.
type column[T any] struct {
	Column
	put func(to cells, row *T)
}

// A Table is the columns of rows that are made of T.
type Table[T any] struct {
	name, about string
	columns     []column[T]
}

// Schema is what its rows are.
func (t *Table[T]) Schema() Schema {
	s := Schema{Name: t.name, About: t.about}
	for i := range t.columns {
		s.Columns = append(s.Columns, t.columns[i].Column)
	}
	return s
}

// put gives the values of a row.
func (t *Table[T]) put(to cells, row *T) {
	for i := range t.columns {
		t.columns[i].put(to, row)
	}
}
