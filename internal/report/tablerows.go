package report

import (
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

// timesketchFormat is what Timesketch imports, as a file that ends in .jsonl.
func timesketchFormat() textFormat {
	return textFormat{
		format: Timesketch,
		events: func(Style) Renderer { return tables.NewTimesketch() },
		frame:  func(header) frame { return frame{} },
		escape: appendJSONEscape,
	}
}
