// Command onefile makes gwlogs.html: the page of internal/view/page and its engine as WebAssembly, in one file that needs no
// server and no network. The same sources and the same Go give the same bytes.
//
//	go run ./internal/view/onefile [-o gwlogs.html] [-page internal/view/page/dist] [-vcs]
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "gwlogs.html", "the `FILE` to write")
	page := flag.String("page", filepath.Join("internal", "view", "page", "dist"), "the `FOLDER` of the page")
	vcs := flag.Bool("vcs", false, "stamp it with its version and commit, as git has them")
	flag.Parse()
	if err := run(*out, *page, *vcs); err != nil {
		fmt.Fprintln(os.Stderr, "onefile:", err)
		os.Exit(1)
	}
}

func run(out, page string, vcs bool) error {
	wasm, err := buildEngine(vcs)
	if err != nil {
		return err
	}
	root, err := output("go", "env", "GOROOT")
	if err != nil {
		return err
	}
	parts := map[string]string{}
	for name, file := range map[string]string{
		"exec": filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js"), "worker": filepath.Join("internal", "view", "wasm", "worker.js"),
		"index": filepath.Join(page, "index.html"), "script": filepath.Join(page, "page.js"), "style": filepath.Join(page, "page.css"),
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		parts[name] = string(text)
	}
	html, err := assemble(parts, wasm)
	if err != nil {
		return err
	}
	return os.WriteFile(out, html, 0o644)
}

// buildEngine builds internal/view/wasm, and compresses it.
func buildEngine(vcs bool) (string, error) {
	dir, err := os.MkdirTemp("", "onefile-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "gwlogs.wasm")
	cmd := exec.Command("go", "build", fmt.Sprintf("-buildvcs=%t", vcs), "-trimpath", "-ldflags=-s -w", "-o", file, "./internal/view/wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go build ./internal/view/wasm: %w", err)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(program); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

// shell makes the worker out of what lies in the page, for page.js.
const shell = `window.gwlogsEngine = { worker() {
  const text = (id) => document.getElementById(id).textContent;
  const url = URL.createObjectURL(new Blob([text("gwlogs-worker")], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.postMessage({ wasm: text("gwlogs-wasm") });
  return worker;
} };`

// assemble puts the parts into one page. Its policy lets it run what is in it and nothing else, and connect to nothing.
func assemble(parts map[string]string, wasm string) ([]byte, error) {
	for name, text := range parts {
		if name != "index" && (strings.Contains(strings.ToLower(text), "</script") || strings.Contains(text, "<!--")) {
			return nil, fmt.Errorf("%s: </script or <!-- in it would end the script of the page", name)
		}
	}
	policy := fmt.Sprintf("default-src 'none'; script-src %s %s 'wasm-unsafe-eval'; style-src %s; worker-src blob:; connect-src 'none'; "+
		"img-src data:; form-action 'none'; base-uri 'none'", sum(shell), sum(parts["script"]), sum(parts["style"]))
	head := `<meta http-equiv="Content-Security-Policy" content="` + policy + `">`
	body := `<script type="text/plain" id="gwlogs-worker">` + parts["exec"] + "\n" + parts["worker"] + "</script>\n" +
		`<script type="text/plain" id="gwlogs-wasm">` + wasm + "</script>\n" +
		"<script>" + shell + "</script>\n<script>" + parts["script"] + "</script>\n"

	html, ok := parts["index"], true
	replace := func(begin, end, by string) {
		i := strings.Index(html, begin)
		if i < 0 {
			ok = false
			return
		}
		i += len(begin)
		n := strings.Index(html[i:], end)
		if n < 0 {
			ok = false
			return
		}
		html = html[:i-len(begin)] + by + html[i+n+len(end):]
	}
	replace("<link rel=\"stylesheet\"", ">", "<style>"+parts["style"]+"</style>")
	replace("<script", "</script>", "")
	replace("</body>", "", body+"</body>")
	// The policy comes before all that it is to hold for, the encoding before the policy.
	replace("<meta charset=\"utf-8\">", "", "<meta charset=\"utf-8\">\n"+head)
	if !ok {
		return nil, fmt.Errorf(`index.html: no <meta charset="utf-8">, <link rel="stylesheet" …>, <script …></script> and </body> in it`)
	}
	return []byte(html), nil
}

// sum is how a policy names a script or a style that is part of the page.
func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
}

func output(name string, args ...string) (string, error) {
	b, err := exec.Command(name, args...).Output()
	return string(b), err
}
