package page_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/browsertest"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/view"
	"github.com/gwlogs/gwlogs/internal/view/page"
	"github.com/gwlogs/gwlogs/matcher"
)

const root = "../../.."

func testdata(names ...string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(root, "testdata", name))
	}
	return paths
}

// keep is what a user's state folder is to the page.
type keep struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (k *keep) put(key string, value []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[key] = append([]byte(nil), value...)
	return nil
}

func (k *keep) get(key string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept[key], nil
}

func newKeep() *keep {
	return &keep{kept: map[string][]byte{"settings": []byte(`{"lang":"en","zone":"UTC"}`)}}
}

// serve opens logs as gwlogs view does, and answers the address of the page.
func serve(t testing.TB, k *keep, logs ...string) string {
	t.Helper()
	e := view.New(view.Options{
		Catalogue: matcher.BuiltinCatalogue, Version: "test", Mode: "server", Lang: "en", Keep: k.put, Kept: k.get,
		Now: func() time.Time { return time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC) },
	})
	t.Cleanup(e.Close)
	e.Open(eventlog.Find(logs, eventlog.Options{Text: true}))
	s, err := view.Listen(e, page.Files(), 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return s.URL()
}

// show opens the page of logs in the browser, with a state beside the token, and waits until everything is there.
func show(t testing.TB, browser context.Context, k *keep, state string, logs []string, prepare ...chromedp.Action[chromedp.Void]) *browsertest.Tab {
	t.Helper()
	url := serve(t, k, logs...)
	base, _, _ := strings.Cut(url, "#")
	if state != "" {
		url += "&" + state
	}
	tb := browsertest.Open(t, browser, url, []string{base}, prepare...)
	tb.JS(helpers)
	tb.Want("the page", `Boolean(document.getElementById("count")?.textContent)`, "true")
	tb.Want("everything read", `!document.querySelector(".progress")`, "true")
	tb.Want("the list", `Boolean(document.querySelector(".row:not(.wait), div.nothing"))`, "true")
	return tb
}

// helpers are what the tests do in a page: hands and eyes.
const helpers = `
window.q = s => document.querySelector(s);
window.qq = s => [...document.querySelectorAll(s)];
window.press = (key, more = {}, where = document.activeElement) => where.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}));
window.type = (id, text) => { const e = document.getElementById(id) ?? q(id); e.focus(); e.value = text; e.dispatchEvent(new Event("input", {bubbles: true})); return e };
window.tick = () => new Promise(r => setTimeout(r, 20));
window.until = async (what, f) => { for (let i = 0; i < 250; i++) { const x = f(); if (x) return x; await tick() } throw new Error("waited in vain for " + what) };
window.enter = async (id, text) => { const e = await until(id, () => document.getElementById(id) ?? q(id)); type(id, text); await tick(); e.form.requestSubmit(); await tick() };
window.count = () => q("#count").textContent;
window.chips = () => qq(".chip .what").map(e => e.textContent).join("; ");
window.rows = () => qq(".row:not(.wait)");
window.cells = column => rows().map(r => r.querySelector('[data-column="' + column + '"]')?.textContent);
window.selected = () => q(".row.selected [data-column=message]")?.textContent ?? "";
window.item = async text => { (await until(text, () => qq("[role=menuitem]").find(e => e.firstChild.textContent === text))).click(); await tick() };
window.button = async (text, within = "body") => { (await until(text, () => [...(q(within)?.querySelectorAll("button") ?? [])].find(e => e.textContent.trim() === text || e.getAttribute("aria-label") === text))).click(); await tick() };
window.press2 = async (...keys) => { for (const k of keys) { press(k); await tick() } };
window.rightClick = e => { const r = e.getBoundingClientRect(); e.dispatchEvent(new MouseEvent("contextmenu", {bubbles: true, cancelable: true, button: 2, clientX: r.left + 5, clientY: r.top + 5})); return 1 };
Object.defineProperty(navigator, "clipboard", {value: {writeText: async t => { window.copied = t }}, configurable: true});
1`

// made writes a log with named data, activities and processes, and texts that mean harm.
func made(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.evtx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := evtx.NewWriter(f)
	defer w.Discard()
	start := time.Date(2024, 5, 13, 9, 0, 0, 0, time.UTC)
	activity := evtx.GUID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	for i := range 300 {
		e := &evtx.Event{
			Provider: "Maker", Channel: "Application", Computer: "SRV01", EventID: uint16(100 + i%3), Level: evtx.Level(2 + i%3),
			TimeCreated: start.Add(time.Duration(i) * time.Minute), ProcessID: uint32(1000 + i%2), ThreadID: 7, UserID: "S-1-5-18",
			Data: []evtx.Data{
				{Name: "User", Value: evtx.StringValue([]string{"alice", "bob", "carol"}[i%3])},
				{Name: "Text", Value: evtx.StringValue(hostile[i%len(hostile)])},
			},
		}
		if i%10 == 0 {
			e.ActivityID = activity
		}
		if i%50 == 25 { // as the gateway tells of them
			e.Data = append(e.Data, evtx.Data{Name: "Note", Value: evtx.StringValue("step two. ActivityId: " + strings.ToUpper(strings.Trim(activity.String(), "{}")) + ", done")})
		}
		if err := w.WriteEvent(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// hostile are texts that would do something if they were ever taken for more than texts.
var hostile = []string{
	`evil </script><script>window.ran = 1</script>`,
	`<img src=x onerror="window.ran = 2"><svg onload="window.ran = 3">`,
	`"><iframe src="https://example.com/"></iframe><style>*{display:none}</style>`,
	"turned \u202egpj.exe\u202c around, \u200bunseen, \x1b[31mred, \u0007",
	"=cmd|' /C calc'!A0",
	`javascript:window.ran = 4 {{.x}} ${7*7} &lt;b&gt; data:text/html,<script>window.ran=5</script>`,
}
