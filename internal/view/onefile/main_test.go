package main

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the policy allows is exactly what is in the page.
func TestAssemble(t *testing.T) {
	t.Parallel()
	parts := map[string]string{"exec": "exec()", "worker": "worker()", "script": "page()", "style": "a{}"}
	index, err := os.ReadFile(filepath.Join("..", "page", "dist", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	parts["index"] = string(index)
	html, err := assemble(parts, "AAAA")
	if err != nil {
		t.Fatal(err)
	}
	text := string(html)
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil || strings.Index(text, policy[0]) > strings.Index(text, "<style>") {
		t.Fatal("no policy in front of all it holds for")
	}
	for _, want := range []string{"default-src 'none'", "connect-src 'none'", "worker-src blob:", "'wasm-unsafe-eval'"} {
		if !strings.Contains(policy[1], want) {
			t.Errorf("the policy lacks %s: %s", want, policy[1])
		}
	}
	if strings.Contains(policy[1], "unsafe-inline") || strings.Contains(policy[1], "'unsafe-eval'") {
		t.Error(policy[1])
	}
	run := 0
	for _, m := range regexp.MustCompile(`(?s)<(script|style)>(.*?)</`).FindAllStringSubmatch(text, -1) {
		h := sha256.Sum256([]byte(m[2]))
		if !strings.Contains(policy[1], "'sha256-"+base64.StdEncoding.EncodeToString(h[:])+"'") {
			t.Errorf("the policy does not allow %.40s", m[2])
		}
		run++
	}
	if run != 3 || strings.Contains(text, " src=") || strings.Contains(text, "page.css") {
		t.Errorf("%d scripts and styles, or something is loaded", run)
	}
}

func TestAssembleRefuses(t *testing.T) {
	t.Parallel()
	parts := map[string]string{"exec": "", "worker": "", "script": "x = '</SCRIPT>'", "style": "", "index": "<html></html>"}
	if _, err := assemble(parts, ""); err == nil {
		t.Error("a script that ends the page's")
	}
	parts["script"] = ""
	if _, err := assemble(parts, ""); err == nil {
		t.Error("a page without a head")
	}
}
