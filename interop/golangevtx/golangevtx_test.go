package golangevtx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	golangevtx "github.com/0xrawsec/golang-evtx/evtx"

	"github.com/gwlogs/gwlogs/evtx"
)

// golang-evtx panics on goroutines of its own, where no caller can recover: each log is read by the test binary started
// once more, which prints what it reads as a line of JSON a record.
const childVariable = "GWLOGS_GOLANG_EVTX_FILE"

func TestMain(m *testing.M) {
	if name := os.Getenv(childVariable); name != "" {
		if err := dump(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// record is what both readers must agree on.
type record struct {
	ID       uint64
	EventID  uint16
	Level    uint8
	Channel  string
	Computer string
	Time     time.Time
	// Data are the values of EventData with a name that is not repeated, where golang-evtx has them as strings.
	Data map[string]string
	// Strings are the unnamed ones that are not empty: golang-evtx drops the others.
	Strings []string
}

// dump prints what golang-evtx reads of a log.
func dump(name string) error {
	file, err := golangevtx.OpenDirty(name)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for event := range file.FastEvents() {
		if event == nil {
			continue
		}
		rec, err := theirs(event)
		if err != nil {
			return err
		}
		if err := out.Encode(rec); err != nil {
			return err
		}
	}
	return nil
}

func theirs(event *golangevtx.GoEvtxMap) (record, error) {
	var rec record
	numbers := map[string]uint64{}
	for _, name := range []string{"EventRecordID", "EventID", "Level"} {
		n, err := number(event, "/Event/System/"+name)
		if err != nil {
			return rec, err
		}
		numbers[name] = n
	}
	rec.ID, rec.EventID, rec.Level = numbers["EventRecordID"], uint16(numbers["EventID"]), uint8(numbers["Level"])
	rec.Channel = text(event, "/Event/System/Channel")
	rec.Computer = text(event, "/Event/System/Computer")
	path := golangevtx.Path("/Event/System/TimeCreated/SystemTime")
	created, err := event.GetTime(&path)
	if err != nil {
		return rec, err
	}
	rec.Time = created.UTC()

	path = golangevtx.Path("/Event/EventData")
	parent, err := event.GetMap(&path) // the map that holds EventData
	if err != nil {
		return rec, nil
	}
	data, _ := (*parent)["EventData"].(golangevtx.GoEvtxMap)
	rec.Data = map[string]string{}
	for name, value := range data {
		switch value := value.(type) {
		case string:
			rec.Data[name] = value
		case []string:
			if name == "Data" {
				rec.Strings = notEmpty(value)
			}
		}
	}
	return rec, nil
}

func notEmpty(strings []string) []string {
	return slices.DeleteFunc(strings, func(s string) bool { return s == "" })
}

// number is the number at a path: {"Value": "4624", "Qualifiers": …} where the element has attributes.
func number(event *golangevtx.GoEvtxMap, path string) (uint64, error) {
	plain, nested := golangevtx.Path(path), golangevtx.Path(path+"/Value")
	s, err := event.GetString(&plain)
	if err != nil {
		s, err = event.GetString(&nested)
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(s, 10, 64)
}

func text(event *golangevtx.GoEvtxMap, path string) string {
	p := golangevtx.Path(path)
	s, err := event.GetString(&p)
	if err != nil {
		return ""
	}
	return s
}

// ours reads a log with package evtx, and keeps of the data the strings whose name is not repeated.
func ours(name string) ([]record, error) {
	log, err := evtx.Open(name)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	var found []record
	var data []evtx.Data
	for rec, err := range log.Records() {
		if err != nil { // damage: interop/compare and the tests of evtx look at that
			continue
		}
		r := record{
			ID: rec.EventRecordID(), EventID: rec.EventID(), Level: uint8(rec.Level()), Channel: rec.Channel(),
			Computer: rec.Computer(), Time: rec.TimeCreated(), Data: map[string]string{},
		}
		data = rec.AppendData(data[:0])
		seen := map[string]int{}
		for _, d := range data {
			seen[d.Name]++
			r.Data[d.Name] = d.Value.String()
			if d.Name == "" {
				r.Strings = append(r.Strings, d.Value.String())
			}
		}
		r.Strings = notEmpty(r.Strings)
		for key, n := range seen {
			if key == "" || n > 1 {
				delete(r.Data, key)
			}
		}
		found = append(found, r)
	}
	return found, nil
}

// TestTestdata compares the logs of the repository.
func TestTestdata(t *testing.T) {
	compareFolder(t, filepath.Join("..", "..", "testdata"))
}

// TestCorpus compares the real logs of the shared folder.
func TestCorpus(t *testing.T) {
	shared := os.Getenv("GWLOGS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "corpus")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no %s: GWLOGS_SHARED names the folder with the corpus", folder)
	}
	compareFolder(t, folder)
}

func compareFolder(t *testing.T, folder string) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var total atomic.Int64
	t.Cleanup(func() {
		if total.Load() == 0 {
			t.Error("no record was compared")
		}
	})
	err = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		// Of what is damaged by design golang-evtx takes torn records for events.
		if err == nil && d.IsDir() && d.Name() == "damaged" {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(name), ".evtx") {
			return err
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			total.Add(int64(compare(t, self, name)))
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// compare answers how many records both have.
func compare(t *testing.T, self, file string) int {
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+file)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		first, _, _ := strings.Cut(stderr.String(), "\n")
		t.Logf("golang-evtx gives up: %v: %s", err, first)
	}
	mine, err := ours(file)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string][]record{}
	for _, r := range mine {
		byID[r.key()] = append(byID[r.key()], r)
	}
	compared, values := 0, 0
	in := json.NewDecoder(&stdout)
	for in.More() {
		var want record
		if err := in.Decode(&want); err != nil {
			break // golang-evtx died in the middle of a line
		}
		got := byID[want.key()]
		if len(got) == 0 {
			t.Errorf("record %d of %s: golang-evtx has it, we have not", want.ID, want.Time)
			continue
		}
		byID[want.key()] = got[1:]
		values += want.compare(t, got[0])
		compared++
	}
	t.Logf("%d records of ours, %d compared, %d values of EventData among them", len(mine), compared, values)
	return compared
}

// key tells the records of a log apart; ids repeat where logs were merged.
func (r record) key() string { return fmt.Sprint(r.ID, r.Time.UnixNano()) }

// compare reports where ours differs from theirs, and answers how many values of EventData were compared.
func (want record) compare(t *testing.T, got record) int {
	if got.EventID != want.EventID || got.Level != want.Level || got.Channel != want.Channel || got.Computer != want.Computer {
		t.Errorf("record %d: got event %d, level %d, channel %q, computer %q, want %d, %d, %q, %q", want.ID,
			got.EventID, got.Level, got.Channel, got.Computer, want.EventID, want.Level, want.Channel, want.Computer)
	}
	values := len(want.Strings)
	if values > 0 && !slices.Equal(got.Strings, want.Strings) {
		t.Errorf("record %d: strings are %q, want %q", want.ID, got.Strings, want.Strings)
	}
	for name, value := range want.Data {
		mine, ok := got.Data[name]
		if !ok {
			continue // unnamed or repeated, or one of its inventions (Data16)
		}
		values++
		if !equal(mine, value) {
			t.Errorf("record %d: %s is %q, want %q", want.ID, name, mine, value)
		}
	}
	return values
}

// equal compares two values but for golang-evtx's own ways of writing.
func equal(ours, theirs string) bool {
	return ours == theirs ||
		strings.EqualFold(strings.Trim(ours, "{}"), theirs) || // GUIDs: no braces, upper case
		equalHex(ours, theirs) || // padded
		ours == "true" && theirs == "false" || // only 1 is true to it; Windows takes all but 0
		strings.HasPrefix(theirs, "Unknown value: ") // SizeT, Real32
}

func equalHex(a, b string) bool {
	x, errX := strconv.ParseUint(a, 0, 64)
	y, errY := strconv.ParseUint(b, 0, 64)
	return strings.HasPrefix(a, "0x") && strings.HasPrefix(b, "0x") && errX == nil && errY == nil && x == y
}
