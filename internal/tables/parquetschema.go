//go:build !js

package tables

import (
	"github.com/parquet-go/parquet-go"
)

// All columns may be null in Parquet: Spark refuses a file that promises more than the table it is read as. Lists have the three
// levels that the format asks for, with an element that may be null, too.

// A group is a group whose fields keep their order; those of parquet.Group are sorted by name.
type group struct {
	parquet.Group
	order []string
}

func (g group) Fields() []parquet.Field {
	var fields []parquet.Field
	for _, name := range g.order {
		for _, f := range g.Group.Fields() {
			if f.Name() == name {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

func newGroup() *group { return &group{Group: make(parquet.Group)} }

func (g *group) add(name string, node parquet.Node) {
	g.Group[name] = parquet.Optional(node)
	g.order = append(g.order, name)
}

// parquetSchema is the schema of a table.
func parquetSchema(s Schema) *parquet.Schema {
	root := newGroup()
	for _, c := range s.Columns {
		root.add(c.Name, parquetNode(c))
	}
	return parquet.NewSchema("table", root)
}

func parquetNode(c Column) parquet.Node {
	var node parquet.Node
	switch c.Type {
	case Time:
		node = parquet.Timestamp(parquet.Microsecond)
	case Integer:
		node = parquet.Int(64)
	case Boolean:
		return parquet.Leaf(parquet.BooleanType)
	case Texts:
		return parquet.List(parquet.Optional(dictionary(parquet.String())))
	case Pairs:
		pair := newGroup()
		pair.add("name", dictionary(parquet.String()))
		pair.add("value", plain(parquet.String()))
		return parquet.List(parquet.Optional(pair))
	default:
		node = parquet.String()
	}
	if c.distinct {
		return plain(node)
	}
	return dictionary(node)
}

// unbounded are the leaf columns of which the least and the largest value are not noted: nobody looks for a range of them, and
// they may be long, and would be kept for each row group until the file ends.
func unbounded(s Schema) [][]string {
	var paths [][]string
	for _, c := range s.Columns {
		switch {
		case c.Type == Pairs:
			paths = append(paths, []string{c.Name, "list", "element", "name"}, []string{c.Name, "list", "element", "value"})
		case c.Type == Texts:
			paths = append(paths, []string{c.Name, "list", "element"})
		case c.Type == Text && c.distinct:
			paths = append(paths, []string{c.Name})
		}
	}
	return paths
}

// dictionary is for values that come again, plain for those that do not.
func dictionary(n parquet.Node) parquet.Node { return parquet.Encoded(n, &parquet.RLEDictionary) }
func plain(n parquet.Node) parquet.Node      { return parquet.Encoded(n, &parquet.Plain) }
