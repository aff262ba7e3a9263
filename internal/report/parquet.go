//go:build !js

package report

import (
	"io"

	"github.com/gwlogs/gwlogs/internal/tables"
)

// heavyFormats are those that a page of a few megabytes does without.
func heavyFormats() []textFormat { return []textFormat{parquetFormat()} }

// parquetFormat is the same table as a Parquet file.
func parquetFormat() textFormat {
	return textFormat{
		format: Parquet,
		events: func(Style) Renderer { return tables.NewEventRows(tables.Packed) },
		form:   new(tables.Packed),
		binary: func(w io.Writer, s tables.Schema) pieces { return tables.NewParquet(w, s) },
	}
}
