//go:build !js

package tables

import (
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

const (
	// pageBytes is how many bytes of packed rows go to the columns at once. It decides where pages end, so that the file
	// depends on the rows alone, and not on the pieces they come in.
	pageBytes = 512 << 10

	// groupBytes is how many bytes of packed rows a row group has. It bounds memory: pages and dictionaries of a group are kept
	// until it is written, and come to less than twice that, whatever is in the rows.
	groupBytes = 16 << 20
)

// Parquet writes packed rows as a Parquet file.
type Parquet struct {
	out     *parquet.GenericWriter[any]
	columns []parquetColumn
	pending []byte // rows
	group   int    // bytes in the row group

	groupBytes int
}

// A parquetColumn gathers the values of a column; a list of pairs has two of them.
type parquetColumn struct {
	kind   Type
	first  int // its number among the leaf columns
	values [2][]parquet.Value
}

// NewParquet begins a file of a table.
func NewParquet(w io.Writer, s Schema) *Parquet {
	options := []parquet.WriterOption{
		parquetSchema(s),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest, Concurrency: 1}),
		parquet.DataPageVersion(1),
		parquet.KeyValueMetadata("gwlogs.table", s.Name),
		parquet.CreatedBy("gwlogs", "", ""),
	}
	for _, path := range unbounded(s) {
		options = append(options, parquet.SkipPageBounds(path...))
	}
	p := &Parquet{out: parquet.NewGenericWriter[any](w, options...), groupBytes: groupBytes}
	leaf := 0
	for _, c := range s.Columns {
		p.columns = append(p.columns, parquetColumn{kind: c.Type, first: leaf})
		if leaf++; c.Type == Pairs {
			leaf++
		}
	}
	return p
}

// Add writes packed rows.
func (p *Parquet) Add(piece []byte) error {
	rows := packed(piece)
	for len(rows) > 0 {
		from := rows
		row := rows.row()
		p.pending = append(p.pending, from[:packedLength+len(row)]...)
		if len(p.pending) >= pageBytes {
			if err := p.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close ends the file. It does not close the writer.
func (p *Parquet) Close() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.out.Close()
}

// flush puts the rows that are there into their columns.
func (p *Parquet) flush() error {
	for rows := packed(p.pending); len(rows) > 0; {
		row := rows.row()
		for i := range p.columns {
			p.columns[i].take(&row)
		}
	}
	to := p.out.ColumnWriters()
	for i := range p.columns {
		c := &p.columns[i]
		for j := range c.leaves() {
			if _, err := to[c.first+j].WriteRowValues(c.values[j]); err != nil {
				return err
			}
			c.values[j] = c.values[j][:0]
		}
	}
	p.group += len(p.pending)
	p.pending = p.pending[:0]
	if p.group < p.groupBytes {
		return nil
	}
	p.group = 0
	return p.out.Flush()
}

func (c *parquetColumn) leaves() int {
	if c.kind == Pairs {
		return 2
	}
	return 1
}

// Definition levels: how much of a value's path is there. Those of a list are the list, an item, the item's value (a group for a
// pair), and of a pair its name or value.
const (
	absent      = 0
	present     = 1
	emptyList   = 1
	textItem    = 3
	nullOfPair  = 3
	valueOfPair = 4
)

// take takes the column's value out of a row.
func (c *parquetColumn) take(row *packed) {
	switch c.kind {
	case Texts, Pairs:
		c.takeList(row)
		return
	}
	v := parquet.NullValue()
	level := absent
	switch c.kind {
	case Time, Integer:
		if row.some() {
			v, level = parquet.Int64Value(row.number()), present
		}
	case Boolean:
		if b, ok := row.boolean(); ok {
			v, level = parquet.BooleanValue(b), present
		}
	default:
		if text, ok := row.text(); ok {
			v, level = parquet.ByteArrayValue(text), present
		}
	}
	c.add(0, v, 0, level)
}

func (c *parquetColumn) add(leaf int, v parquet.Value, repetition, definition int) {
	c.values[leaf] = append(c.values[leaf], v.Level(repetition, definition, c.first+leaf))
}

func (c *parquetColumn) takeList(row *packed) {
	level := absent
	if row.some() {
		level = emptyList
	}
	again := 0
	for level != absent && row.some() {
		for leaf := range c.leaves() {
			text, ok := row.text()
			switch {
			case !ok:
				c.add(leaf, parquet.NullValue(), again, nullOfPair)
			case c.kind == Pairs:
				c.add(leaf, parquet.ByteArrayValue(text), again, valueOfPair)
			default:
				c.add(leaf, parquet.ByteArrayValue(text), again, textItem)
			}
		}
		again = 1
	}
	if again == 0 {
		for leaf := range c.leaves() {
			c.add(leaf, parquet.NullValue(), 0, level)
		}
	}
}
