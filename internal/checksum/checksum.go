// Package checksum sums up files.
package checksum

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// step is how much is read between two looks at the context.
const step = 1 << 20

// SHA256 returns the SHA-256 of a file in lower-case hex, and the file's size in bytes. An error is that of reading, or of
// the context.
func SHA256(ctx context.Context, file io.ReaderAt) (sum string, size int64, err error) {
	h := sha256.New()
	buffer := make([]byte, step)
	for {
		if err := ctx.Err(); err != nil {
			return "", size, err
		}
		n, err := file.ReadAt(buffer, size)
		h.Write(buffer[:n])
		size += int64(n)
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), size, nil
		}
		if err != nil {
			return "", size, err
		}
	}
}
