package upload

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

// uploadPlan says which upload a state is of. A state with another plan is of no
// use: the bundle, the place or the blocks are different ones.
type uploadPlan struct {
	To        string `json:"to"` // the destination, without its secret
	Blob      string `json:"blob"`
	SHA256    string `json:"sha256"` // of the bundle
	Bytes     int64  `json:"bytes"`
	BlockSize int64  `json:"block_size"`
}

// fileName is the name of the state's file.
func (p *uploadPlan) fileName() string {
	sum := sha256.Sum256([]byte(p.To + "\n" + p.Blob + "\n" + p.SHA256))
	return "upload-" + hex.EncodeToString(sum[:12]) + ".jsonl"
}

// stateBlock is a block that the destination has said it has, with the checksum
// it was sent with.
type stateBlock struct {
	Offset int64  `json:"offset"`
	Sum    string `json:"sum"`
}

// uploadState is how far an upload has come: a file whose first line is the plan
// and each further one a block. A line that a kill cut off is passed over: its
// block is sent once more. A nil state remembers nothing.
type uploadState struct {
	sums map[int64]string // of what is there already, by offset
	file *os.File
}

// openState continues the state of an upload, or begins one. Without a folder there is none.
func openState(dir string, p uploadPlan) (*uploadState, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	dropOldStates(dir)
	file, err := os.OpenFile(filepath.Join(dir, p.fileName()), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	u := &uploadState{file: file}
	if u.read(&p) {
		return u, nil
	}
	u.sums = map[int64]string{}
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
func (u *uploadState) read(p *uploadPlan) bool {
	u.sums = map[int64]string{}
	lines := bufio.NewScanner(u.file)
	var of uploadPlan
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &of) != nil || of != *p {
		return false
	}
	for lines.Scan() {
		var b stateBlock
		if json.Unmarshal(lines.Bytes(), &b) == nil && b.Sum != "" {
			u.sums[b.Offset] = b.Sum
		}
	}
	return lines.Err() == nil
}

// blocks are the checksums of the blocks that are there already, by offset.
func (u *uploadState) blocks() map[int64]string {
	if u == nil {
		return nil
	}
	return u.sums
}

// add notes a block. Several may be added at once.
func (u *uploadState) add(b stateBlock) error {
	if u == nil {
		return nil
	}
	line, err := json.Marshal(b)
	if err != nil {
		return err
	}
	// One write, and with a line end in front as well: what a kill left of the
	// line before must not spoil this one.
	_, err = u.file.Write(bytes.Join([][]byte{nil, line, nil}, []byte("\n")))
	return err
}

// keep keeps the state for later: when it returns, it lasts.
func (u *uploadState) keep() {
	if u != nil {
		u.file.Sync()
		u.file.Close()
	}
}

// remove ends an upload that has arrived.
func (u *uploadState) remove() {
	if u != nil {
		u.file.Close()
		os.Remove(u.file.Name())
	}
}

// stateKept is how long a state is good for: Azure drops blocks that nobody has
// committed after seven days.
const stateKept = 7 * 24 * time.Hour

// dropOldStates removes states that nobody came back for.
func dropOldStates(dir string) {
	names, err := filepath.Glob(filepath.Join(dir, "upload-*.jsonl"))
	if err != nil {
		return
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > stateKept {
			os.Remove(name)
		}
	}
}
