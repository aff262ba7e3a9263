//go:build js && wasm

// Command wasm is the engine of gwlogs.html: the same as that of gwlogs view, in a worker of the browser. It answers
// messages {id, method, params} with {id, result} or {id, error}. See package view for the requests.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"syscall/js"
	"time"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/tempfile"
	"github.com/gwlogs/gwlogs/internal/view"
	"github.com/gwlogs/gwlogs/matcher"
)

func main() {
	w := &worker{}
	w.reset()
	js.Global().Set("gwlogsRequest", js.FuncOf(w.request))
	js.Global().Call("gwlogsReady")
	select {}
}

// worker is the engine of one page.
type worker struct{ engine *view.Engine }

// reset begins anew, without logs.
func (w *worker) reset() {
	if w.engine != nil {
		w.engine.Close()
	}
	w.engine = view.New(view.Options{
		Version: version(), Mode: "file", Catalogue: matcher.BuiltinCatalogue, Threads: 1,
		Pause: view.EachTime(40*time.Millisecond, func() { time.Sleep(time.Millisecond) }),
	})
}

// version is that of the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// request takes a message: its id, its method, its params as JSON, and what files come with it.
func (w *worker) request(_ js.Value, args []js.Value) any {
	id, name, params := args[0], args[1].String(), args[2].String()
	files := args[3]
	go func() {
		if name == "export" {
			w.export(id, json.RawMessage(params))
			return
		}
		result, err := w.answer(name, json.RawMessage(params), files)
		if err != nil {
			b, _ := json.Marshal(err)
			reply(id, "error", string(b))
			return
		}
		reply(id, "result", string(result))
	}()
	return nil
}

// export answers with a file.
func (w *worker) export(id js.Value, params json.RawMessage) {
	data := tempfile.NewMemory() // an event log has its header written last
	name, mime, err := w.engine.Export(context.Background(), params, data)
	if err != nil {
		b, _ := json.Marshal(err)
		reply(id, "error", string(b))
		return
	}
	file := js.Global().Get("Uint8Array").New(data.Size())
	part := make([]byte, 1<<20)
	for at := int64(0); at < data.Size(); {
		n, _ := data.ReadAt(part, at)
		js.CopyBytesToJS(file.Call("subarray", at, at+int64(n)), part[:n])
		at += int64(n)
	}
	js.Global().Call("gwlogsReplyFile", id, name, mime, file)
}

// reply hands an answer to the worker's script, as JSON.
func reply(id js.Value, key, text string) { js.Global().Call("gwlogsReply", id, key, text) }

func (w *worker) answer(name string, params json.RawMessage, files js.Value) (result json.RawMessage, failed *view.Error) {
	defer func() {
		if p := recover(); p != nil {
			failed = &view.Error{Message: fmt.Sprintf("%s: %v", name, p)}
		}
	}()
	if name == "open" && files.Truthy() && files.Length() > 0 {
		if err := w.open(params, files); err != nil {
			return nil, err
		}
	}
	result, err := w.engine.Call(context.Background(), name, params)
	if err != nil {
		var own *view.Error
		if !errors.As(err, &own) {
			own = &view.Error{Message: err.Error()}
		}
		return nil, own
	}
	return result, nil
}

// open adds files to the logs.
func (w *worker) open(params json.RawMessage, files js.Value) *view.Error {
	var p struct {
		Identity string `json:"identity"` // the text of a file of age-keygen
		Anew     bool   `json:"anew"`     // in place of the logs that are open
	}
	_ = json.Unmarshal(params, &p)
	var identities []age.Identity
	if strings.TrimSpace(p.Identity) != "" {
		var err error
		if identities, err = age.ParseIdentities(strings.NewReader(p.Identity)); err != nil { // its text could show a part of the key
			return &view.Error{Message: "this is no key of age", Hint: "the file has a line that begins with AGE-SECRET-KEY-"}
		}
	}
	if p.Anew {
		w.reset()
	}
	set := eventlog.Find(nil, eventlog.Options{Text: true, Identities: identities})
	for i := range files.Length() {
		f := files.Index(i)
		at := newBlob(f)
		set.AddReader(f.Get("name").String(), at, at.size)
	}
	w.engine.Open(set)
	return nil
}
