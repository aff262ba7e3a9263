package report

import (
	"io"

	"github.com/gwlogs/gwlogs/internal/tables"
)

// rowsFormat is a table as JSON lines: flat objects with the same keys always.
func rowsFormat() textFormat {
	return textFormat{
		format: Rows,
		events: func(Style) Renderer { return tables.NewEventRows(tables.JSONLines) },
		frame:  func(header) frame { return frame{} },
		form:   new(tables.JSONLines),
		escape: appendJSONEscape,
	}
}

// parquetFormat is the same table as a Parquet file.
func parquetFormat() textFormat {
	return textFormat{
		format: Parquet,
		events: func(Style) Renderer { return tables.NewEventRows(tables.Packed) },
		form:   new(tables.Packed),
		binary: func(w io.Writer, s tables.Schema) pieces { return tables.NewParquet(w, s) },
	}
}
