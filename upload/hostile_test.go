package upload_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// endless writes until nobody reads any more, with a pause between two writes.
func endless(w http.ResponseWriter, r *http.Request, text string, pause time.Duration) {
	out := http.NewResponseController(w)
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, text); err != nil {
			return
		}
		if pause > 0 {
			out.Flush()
			time.Sleep(pause)
		}
	}
}

// page is an answer to List Blobs.
func page(w io.Writer, next string, blobs ...string) {
	io.WriteString(w, "<EnumerationResults><Blobs>")
	for _, b := range blobs {
		io.WriteString(w, "<Blob><Name>"+b+"</Name><Properties><Content-Length>1000</Content-Length></Properties></Blob>")
	}
	fmt.Fprintf(w, "</Blobs><NextMarker>%s</NextMarker></EnumerationResults>", next)
}

// hostile are options for a test in which the other side ends with what is wanted: by its size at once, however slow the machine
// is; by the time that passes after a moment.
func hostile(want string) upload.Options {
	o := quick()
	o.Stall, o.Retry.Attempts = time.Minute, 2
	for text, stall := range map[string]time.Duration{"nothing moved": 150 * time.Millisecond, "takes more than": 300 * time.Millisecond} {
		if strings.Contains(want, text) {
			o.Stall = stall
		}
	}
	return o
}

// serveHostile starts a server, and returns the address of a container there.
func serveHostile(t *testing.T, answer http.HandlerFunc) string {
	server := httptest.NewServer(answer)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL + "/acc/c" + planted
}

// A list ends, whatever the other side does.
func TestHostileLists(t *testing.T) {
	many := strings.Repeat(" ", 64<<10)
	for name, tt := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request, n int)
		want   string
	}{
		"pages without end": {func(w http.ResponseWriter, _ *http.Request, n int) { page(w, fmt.Sprint(n)) },
			"its list of bundles does not end"},
		"the same page":      {func(w http.ResponseWriter, _ *http.Request, n int) { page(w, "next") }, "its list of bundles does not end"},
		"a page without end": {func(w http.ResponseWriter, r *http.Request, _ int) { endless(w, r, many, 0) }, "its answer does not end"},
		"a byte now and then": {func(w http.ResponseWriter, r *http.Request, _ int) { endless(w, r, " ", 20*time.Millisecond) },
			"nothing moved any more"},
		"a trickle": {func(w http.ResponseWriter, r *http.Request, _ int) { endless(w, r, many[:600], 20*time.Millisecond) },
			"takes more than 3"},
		"no answer": {func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() }, "nothing moved any more"},
		"too many bundles": {func(w http.ResponseWriter, _ *http.Request, n int) { page(w, fmt.Sprint(n), manyBlobs(n)...) },
			"there are more than 200000 bundles"},
		"no list": {func(w http.ResponseWriter, _ *http.Request, _ int) { io.WriteString(w, "<html>log in") },
			"its list of bundles cannot be understood"},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			address := serveHostile(t, func(w http.ResponseWriter, r *http.Request) {
				n++
				tt.answer(w, r, n)
			})
			_, err := upload.Open(target(t, address), hostile(tt.want)).List(t.Context(), "")
			checkError(t, err, tt.want, address)
		})
	}
}

func manyBlobs(n int) []string {
	all := make([]string, 5000)
	for i := range all {
		all[i] = fmt.Sprintf("%s/%d-%d.zip", reportID, n, i)
	}
	return all
}

// What is said of a bundle has bounds too, and is what it should be.
func TestHostileDescription(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	address := serveHostile(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "<EnumerationResults><Blobs>")
		for _, name := range []string{reportID + "/a.zip", "x/b.zip", reportID + "/c/d.zip", reportID + `/..\e.zip`, reportID + "/"} {
			fmt.Fprintf(w, `<Blob><Name>%s</Name><Properties><Etag>%s</Etag><Content-Length>-7</Content-Length><Last-Modified>never</Last-Modified></Properties>
				<Metadata><report_id>other</report_id><sha256>%s</sha256><tool>%s</tool><window_from>%s</window_from></Metadata></Blob>`, name, long, long, long, long)
		}
		io.WriteString(w, "</Blobs></EnumerationResults>")
	})
	all, err := upload.Open(target(t, address), hostile("")).List(t.Context(), "")
	if err != nil || len(all) != 1 {
		t.Fatalf("%d bundles, %v", len(all), err)
	}
	s := all[0]
	if s.ReportID != reportID || s.Blob != reportID+"/a.zip" || s.SHA256 != "" || len(s.Tool) > 100 || len(s.ETag) > 200 ||
		s.From != nil || s.Size != -1 {
		t.Errorf("%s, %s: sum %q, %d bytes of tool, %d of tag, %v, size %d", s.ReportID, s.Blob, s.SHA256, len(s.Tool), len(s.ETag),
			s.From, s.Size)
	}
}

// What is fetched is not longer than it was listed, and comes at some time or not at all.
func TestHostileFetch(t *testing.T) {
	block := strings.Repeat("x", 64<<10)
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"without end": {func(w http.ResponseWriter, r *http.Request) { endless(w, r, block, 0) },
			"sends more than the 300000 bytes that it may"},
		"a byte now and then": {func(w http.ResponseWriter, r *http.Request) { endless(w, r, "x", 20*time.Millisecond) },
			"nothing moved any more"},
		"no more after a while": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, block)
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "nothing moved any more"},
		"an error without end": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			endless(w, r, block, 0)
		}, "its answer does not end"},
		"breaks off each time": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "300000")
			io.WriteString(w, block)
			panic(http.ErrAbortHandler)
		}, "the connection broke off"},
		"headers without end": {func(w http.ResponseWriter, r *http.Request) {
			for i := range 20 {
				w.Header().Set(fmt.Sprintf("X-%d", i), block)
			}
		}, "its answer does not end"},
	} {
		t.Run(name, func(t *testing.T) {
			address := serveHostile(t, tt.answer)
			var w counter
			_, err := upload.Open(target(t, address), hostile(tt.want)).Fetch(t.Context(),
				&upload.Stored{Blob: reportID + "/x.zip", Size: 300_000}, &w, nil)
			checkError(t, err, tt.want, address)
			if w > 300_000 {
				t.Errorf("%d bytes were written", w)
			}
		})
	}
}

// A URL that is not known to have a size begins anew each time, and that ends too.
func TestHostilePutFetch(t *testing.T) {
	block := strings.Repeat("x", 300<<10)
	address := serveHostile(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "300000000")
		io.WriteString(w, block)
		panic(http.ErrAbortHandler)
	})
	address, _, _ = strings.Cut(address, "?")
	_, err := upload.Open(target(t, address), hostile("")).Fetch(t.Context(), &upload.Stored{Size: -1}, nowhere{}, nil)
	checkError(t, err, "the connection broke off", address)
}

// counter counts what is written, at whatever place.
type counter int64

func (c *counter) WriteAt(p []byte, at int64) (int, error) {
	*c = max(*c, counter(at)+counter(len(p)))
	return len(p), nil
}

// An answer to a block or a PUT has bounds as well.
func TestHostileSend(t *testing.T) {
	block := strings.Repeat("x", 64<<10)
	for name, tt := range map[string]struct {
		status   int
		text     string
		pause    time.Duration
		azure    string // what is said of a container of Azure, if it is another thing
		want     string
		accepted bool
	}{
		"an error without end":             {400, block, 0, "its answer does not end", "did not accept it (400)", false},
		"an error, a byte now and then":    {400, "x", 20 * time.Millisecond, "nothing moved any more", "did not accept it (400)", false},
		"success without end":              {201, block, 0, "", "", true},
		"success with a byte now and then": {201, "x", 20 * time.Millisecond, "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			address := serveHostile(t, func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				if r.Method == http.MethodHead {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				w.WriteHeader(tt.status)
				endless(w, r, tt.text, tt.pause)
			})
			put, _, _ := strings.Cut(address, "?")
			for of, want := range map[string]string{address: tt.azure, put: tt.want} {
				if tt.accepted && of == address {
					continue // it would go on and on with the commit
				}
				o := hostile(want)
				if tt.pause > 0 {
					o.Stall = hostile("nothing moved").Stall
				}
				_, err := upload.Open(target(t, of), o).Send(t.Context(), uploadtest.NewBundle(1, 1000), nil)
				if tt.accepted {
					if err != nil {
						t.Error(err)
					}
					continue
				}
				checkError(t, err, want, of)
			}
		})
	}
}
