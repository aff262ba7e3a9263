package checksum

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
)

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestSHA256(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	} {
		if sum, size, err := SHA256(t.Context(), bytes.NewReader([]byte(text))); sum != want || size != int64(len(text)) || err != nil {
			t.Errorf("%q: %s, %d bytes, %v", text, sum, size, err)
		}
	}
	large := bytes.Repeat([]byte("0123456789abcde\n"), 3*step/16)
	sum, size, err := SHA256(t.Context(), bytes.NewReader(large[:len(large)-5]))
	if sum != "d1a7579c243c2fba50800789c167e9143702879fcc3d17b1017282ea26ac44cb" || size != int64(len(large)-5) || err != nil {
		t.Errorf("large: %s, %d bytes, %v", sum, size, err)
	}
	if _, _, err := SHA256(t.Context(), failing{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := SHA256(over, bytes.NewReader(large)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
