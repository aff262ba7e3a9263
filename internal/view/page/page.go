// Package page has the page of gwlogs view as it is served: what internal/view/page/build made from the TypeScript in src.
// dist is committed, so that nobody who builds gwlogs needs Node; `make lint` fails when it is not what the sources give.
package page

import (
	"embed"
	"io/fs"
)

//go:embed dist/index.html dist/page.js dist/page.css
var dist embed.FS

// Files has index.html, page.js and page.css. The page loads these, by relative names, and nothing else.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is constant
	}
	return files
}
