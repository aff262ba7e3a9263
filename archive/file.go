package archive

import (
	"errors"
	"io"
	"strings"
)

// MaxFile is how much of a further file goes into a bundle, in bytes: the end
// of it, as logs grow at the end.
const MaxFile = 16 << 20

// errBinary is a file that redaction cannot look into.
var errBinary = errors.New("is no text file, and what is in it cannot be redacted")

// file adds a text file: UTF-8, UTF-16 or UTF-32 with a byte order mark or without, or
// a code page of one byte. It becomes UTF-8, redacted; of one larger than MaxFile the
// beginning is cut off, by whole lines. A file that is no text is an error, and
// not in the bundle.
func (b *builder) file(source string, r io.ReaderAt, size int64) error {
	source = b.redactor.Text(source)
	cut := max(0, size-MaxFile)
	cut = (cut + 3) &^ 3 // not within a character of UTF-16 or UTF-32
	data := make([]byte, size-cut)
	if n, err := r.ReadAt(data, cut); err != nil && !(errors.Is(err, io.EOF) && n == len(data)) {
		return err
	}
	var mark [4]byte
	n, _ := r.ReadAt(mark[:], 0)
	text, err := decodeText(data, mark[:n], cut > 0)
	if err != nil {
		b.unseen = append(b.unseen, source+": "+err.Error()+": it was left out")
		return err
	}
	if cut > 0 {
		if _, rest, ok := strings.Cut(text, "\n"); ok {
			text = rest
		}
	}
	e := Entry{Path: b.names.entry(FileFolder, source, ""), Source: source, CutBytes: cut}
	if err := b.add(e, []byte(b.redactor.Text(text))); err != nil {
		return err
	}
	b.rules = append(b.rules, ruleCounts(e.Path, b.redactor.TakeCounts())...)
	b.suspects = append(b.suspects, ruleCounts(e.Path, b.redactor.TakeSuspects())...)
	return nil
}
