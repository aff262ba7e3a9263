package evtx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseSID reads the text form of a SID (MS-DTYP 2.4.2.1).
func parseSID(s string) ([]byte, error) {
	bad := fmt.Errorf("%q is no SID", s)
	parts := strings.Split(s, "-")
	if len(parts) < 3 || len(parts) > 3+15 || parts[0] != "S" {
		return nil, bad
	}
	revision, err1 := strconv.ParseUint(parts[1], 10, 8)
	authority, err2 := strconv.ParseUint(parts[2], 0, 48)
	if errors.Join(err1, err2) != nil {
		return nil, bad
	}
	raw := binary.BigEndian.AppendUint64(nil, authority)
	raw[0], raw[1] = byte(revision), byte(len(parts)-3)
	for _, p := range parts[3:] {
		sub, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return nil, bad
		}
		raw = binary.LittleEndian.AppendUint32(raw, uint32(sub))
	}
	return raw, nil
}
