package state

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// journalName is the file of the journal: an object of JSON a line, the oldest
// first, only ever added to.
const journalName = "journal.jsonl"

// A Bundle is what the journal says of a support bundle that was made.
type Bundle struct {
	ReportID  string     `json:"report_id"`
	Time      time.Time  `json:"time"` // when it was made
	File      string     `json:"file"` // where to
	Bytes     int64      `json:"bytes"`
	SHA256    string     `json:"sha256"`
	Computer  string     `json:"computer"` // of the logs; a token if identities were redacted
	From      *time.Time `json:"from"`     // the window
	To        *time.Time `json:"to"`
	Redaction string     `json:"redaction"`
	Encrypted bool       `json:"encrypted"`
}

// Remember adds a bundle to the journal. When it returns, the entry lasts.
func (f Folder) Remember(b Bundle) error {
	line, err := json.Marshal(b)
	if err != nil {
		return err
	}
	file, err := f.locked(journalName)
	if err != nil {
		return err
	}
	return errors.Join(appendLines(file, append(line, '\n')), file.Close())
}

const maxLine = 1 << 20 // bytes of a line of the journal

// Bundles reads the journal, the oldest first. Lines that a kill has left
// unfinished, or that are of something else, are passed over. Without a
// journal there are none.
func (f Folder) Bundles() ([]Bundle, error) {
	var all []Bundle
	err := f.eachLineOf(journalName, func(line []byte) {
		var b Bundle
		if json.Unmarshal(line, &b) == nil && b.ReportID != "" {
			all = append(all, b)
		}
	})
	return all, err
}

// eachLineOf calls visit for each line of a file, which need not be there.
func (f Folder) eachLineOf(name string, visit func(line []byte)) error {
	file, err := os.Open(f.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	return eachLine(file, visit)
}

// eachLine calls visit for each line that is not too long.
func eachLine(r io.Reader, visit func(line []byte)) error {
	lines := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		tooLong := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = lines.ReadSlice('\n')
		}
		if !tooLong {
			visit(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
