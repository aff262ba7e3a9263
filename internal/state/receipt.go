package state

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// A Receipt is what the journal says of a bundle that arrived. No part of it is
// secret: To and Blob are without what gives the right to write there.
type Receipt struct {
	ReportID string    `json:"report_id"`
	Time     time.Time `json:"time"` // when all of it had arrived
	To       string    `json:"to"`   // the destination
	Blob     string    `json:"blob"` // its name there
	File     string    `json:"file"` // the bundle here
	Bytes    int64     `json:"bytes"`
	SHA256   string    `json:"sha256"`
	ETag     string    `json:"etag"` // empty where the destination has none
}

// receiptLine is a receipt's line in the journal. Its report ID lies one level
// deeper than a bundle's, so that neither is taken for the other.
type receiptLine struct {
	Kind string   `json:"kind"`
	Sent *Receipt `json:"sent"`
}

const receiptKind = "receipt"

// RememberReceipt adds a receipt to the journal. When it returns, the entry lasts.
func (f Folder) RememberReceipt(r Receipt) error {
	line, err := json.Marshal(receiptLine{receiptKind, &r})
	if err != nil {
		return err
	}
	file, err := f.locked(journalName)
	if err != nil {
		return err
	}
	return errors.Join(appendLines(file, append(line, '\n')), file.Close())
}

// Receipts reads the receipts of the journal, the oldest first. Without a
// journal there are none.
func (f Folder) Receipts() ([]Receipt, error) {
	var all []Receipt
	err := f.eachLineOf(journalName, func(line []byte) {
		var r receiptLine
		if json.Unmarshal(line, &r) == nil && r.Kind == receiptKind && r.Sent != nil && r.Sent.ReportID != "" {
			all = append(all, *r.Sent)
		}
	})
	return all, err
}

// An UploadPlan says which upload a resume state is of. A state with another
// plan is of no use: the bundle, the place or the blocks are different ones.
type UploadPlan struct {
	To        string `json:"to"` // the destination, without its secret
	Blob      string `json:"blob"`
	SHA256    string `json:"sha256"` // of the bundle
	Bytes     int64  `json:"bytes"`
	BlockSize int64  `json:"block_size"`
}

// name is the name of the state's file.
func (p *UploadPlan) name() string {
	sum := sha256.Sum256([]byte(p.To + "\n" + p.Blob + "\n" + p.SHA256))
	return "upload-" + hex.EncodeToString(sum[:12]) + ".jsonl"
}

// Block is a block that the destination has said it has, with the checksum it
// was sent with.
type Block struct {
	Offset int64  `json:"offset"`
	Sum    string `json:"sum"`
}

// An Upload is how far an upload has come: a file whose first line is the plan
// and each further one a block. A line that a kill cut off is passed over: its
// block is sent once more.
type Upload struct {
	Blocks map[int64]string // sums of what is there already, by offset

	file *os.File
}

// OpenUpload continues the state of an upload, or begins one.
func (f Folder) OpenUpload(p UploadPlan) (*Upload, error) {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return nil, err
	}
	f.dropOldUploads()
	file, err := os.OpenFile(f.Path(p.name()), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	u := &Upload{file: file}
	if u.read(&p) {
		return u, nil
	}
	u.Blocks = map[int64]string{}
	line, err := json.Marshal(p)
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = file.Write(append(line, '\n'))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return u, nil
}

// read takes what the file says, if it is of the plan.
func (u *Upload) read(p *UploadPlan) bool {
	u.Blocks = map[int64]string{}
	lines := bufio.NewScanner(u.file)
	var of UploadPlan
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &of) != nil || of != *p {
		return false
	}
	for lines.Scan() {
		var b Block
		if json.Unmarshal(lines.Bytes(), &b) == nil && b.Sum != "" {
			u.Blocks[b.Offset] = b.Sum
		}
	}
	return lines.Err() == nil
}

// Add notes a block. Several may be added at once.
func (u *Upload) Add(b Block) error {
	line, err := json.Marshal(b)
	if err != nil {
		return err
	}
	// One write, and with a line end in front as well: what a kill left of the
	// line before must not spoil this one.
	_, err = u.file.Write(bytes.Join([][]byte{nil, line, nil}, []byte("\n")))
	return err
}

// Close keeps the state for later: when it returns, it lasts.
func (u *Upload) Close() error { return errors.Join(u.file.Sync(), u.file.Close()) }

// Remove ends an upload that has arrived.
func (u *Upload) Remove() error {
	u.file.Close()
	return os.Remove(u.file.Name())
}

// uploadKept is how long a state is good for: Azure drops blocks that nobody
// has committed after seven days.
const uploadKept = 7 * 24 * time.Hour

// dropOldUploads removes states that nobody came back for.
func (f Folder) dropOldUploads() {
	names, err := filepath.Glob(f.Path("upload-*.jsonl"))
	if err != nil {
		return
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > uploadKept {
			os.Remove(name)
		}
	}
}
