//go:build !js

package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"sync"
)

//go:embed page/page.html.tmpl page/page.css page/page.js
var pageFiles embed.FS

// pageAssets are what every page has: its template, and its own style and
// script, which its policy names by their hashes.
type pageAssets struct {
	template *template.Template
	style    template.CSS
	script   template.JS
	policy   template.HTML // the meta element
}

var loadPage = sync.OnceValues(func() (*pageAssets, error) {
	style, err := pageFiles.ReadFile("page/page.css")
	if err != nil {
		return nil, err
	}
	script, err := pageFiles.ReadFile("page/page.js")
	if err != nil {
		return nil, err
	}
	t, err := template.ParseFS(pageFiles, "page/page.html.tmpl")
	if err != nil {
		return nil, err
	}
	return &pageAssets{template: t, style: template.CSS(style), script: template.JS(script), policy: pagePolicy(style, script)}, nil
})

// pagePolicy tells the browser to run and load nothing but what is meant: a
// message in a log that got past every escape could still do nothing.
func pagePolicy(style, script []byte) template.HTML {
	return template.HTML(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '` + pageHash(style) +
		`'; script-src '` + pageHash(script) + `'; img-src 'none'; base-uri 'none'; form-action 'none'">`)
}

func pageHash(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// WritePage writes the report page. The same page makes the same bytes.
func WritePage(w io.Writer, p *Page) error {
	if p == nil || p.Diagnosis == nil || p.Diagnosis.Analysis == nil {
		return errors.New("report page: no diagnosis")
	}
	assets, err := loadPage()
	if err != nil {
		return err
	}
	v := newPageView(p)
	v.Style, v.Script, v.Policy = assets.style, assets.script, assets.policy
	var out bytes.Buffer
	if err := assets.template.Execute(&out, v); err != nil {
		return err
	}
	// Whatever way a text took into the page: none gets out with characters that cannot be seen.
	_, err = w.Write(visiblePage(out.Bytes()))
	return err
}

// visiblePage is VisibleLines for a text that may have tabs, which do no harm
// in a page.
func visiblePage(text []byte) []byte {
	return escapeAll(make([]byte, 0, len(text)), text, func(dst []byte, r rune) []byte {
		if r == '\n' || r == '\t' {
			return append(dst, byte(r))
		}
		return appendVisible(dst, r)
	})
}
