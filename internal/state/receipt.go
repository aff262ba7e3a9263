package state

import (
	"encoding/json"
	"errors"
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
