//go:build js && wasm

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall/js"
)

// A blob is a file that somebody has dropped on the page, or bytes. The browser reads a part of it when it is asked for: the
// file is never in memory whole.
type blob struct {
	value  js.Value // a Blob, or a Uint8Array
	reader js.Value // a FileReaderSync; undefined for bytes
	size   int64
	blocks []*block // read last: at the end
}

type block struct {
	at   int64 // its number
	data []byte
}

const (
	blockBytes = 1 << 20
	maxBlocks  = 4
)

// newBlob takes a File, or an object {name, bytes}.
func newBlob(f js.Value) *blob {
	// Newer browsers have a method of this name on every File.
	if bytes := f.Get("bytes"); bytes.InstanceOf(js.Global().Get("Uint8Array")) {
		return &blob{value: bytes, size: int64(bytes.Get("length").Float())}
	}
	if b := f.Get("blob"); b.Truthy() {
		f = b
	}
	return &blob{value: f, reader: js.Global().Get("FileReaderSync").New(), size: int64(f.Get("size").Float())}
}

// ReadAt reads a part.
func (b *blob) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	for n < len(p) {
		if off >= b.size {
			return n, io.EOF
		}
		data, err := b.block(off / blockBytes)
		if err != nil {
			return n, err
		}
		k := copy(p[n:], data[min(off%blockBytes, int64(len(data))):])
		if k == 0 {
			return n, io.ErrUnexpectedEOF
		}
		n, off = n+k, off+int64(k)
	}
	return n, nil
}

// block gives a MiB of the file.
func (b *blob) block(at int64) ([]byte, error) {
	if i := slices.IndexFunc(b.blocks, func(k *block) bool { return k.at == at }); i >= 0 {
		k := b.blocks[i]
		b.blocks = append(slices.Delete(b.blocks, i, i+1), k)
		return k.data, nil
	}
	k := &block{data: make([]byte, 0, blockBytes)}
	if len(b.blocks) == maxBlocks {
		k = b.blocks[0]
		b.blocks = slices.Delete(b.blocks, 0, 1)
	}
	from, to := at*blockBytes, min((at+1)*blockBytes, b.size)
	k.at, k.data = at, k.data[:to-from]
	if err := b.read(k.data, from, to); err != nil {
		return nil, err
	}
	b.blocks = append(b.blocks, k)
	return k.data, nil
}

// read has the browser read. A file that was changed or removed since it was dropped is an exception there.
func (b *blob) read(p []byte, from, to int64) (err error) {
	defer func() {
		if e, ok := recover().(js.Error); ok {
			err = fmt.Errorf("the browser cannot read it any more (%s): drop it again", e.Value.Get("name").String())
		}
	}()
	part := b.value
	if b.reader.IsUndefined() {
		part = part.Call("subarray", from, to)
	} else {
		buffer := b.reader.Call("readAsArrayBuffer", part.Call("slice", from, to))
		part = js.Global().Get("Uint8Array").New(buffer)
	}
	if js.CopyBytesToGo(p, part) != len(p) {
		return io.ErrUnexpectedEOF
	}
	return nil
}
