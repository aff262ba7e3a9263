package uploadtest

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// PutServer takes files by PUT and gives them back by GET, as S3 does behind
// presigned URLs: below /in/, what arrives whole and with the right checksum.
type PutServer struct {
	*httptest.Server

	mu    sync.Mutex
	files map[string][]byte
}

// StartPutServer starts a server, which ends with the test.
func StartPutServer(t testing.TB) *PutServer {
	s := &PutServer{files: map[string][]byte{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// Place is one for a single file, below a path.
func (s *PutServer) Place(path string) Place {
	signature := strings.ToLower(rand.Text() + rand.Text())
	return Place{URL: s.URL + path + rand.Text()[:8] + ".zip?X-Amz-Signature=" + signature, Secret: []string{signature, signature[:12]}}
}

func (s *PutServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/in/") {
		http.Error(w, "<Error><Code>NoSuchBucket</Code></Error>", http.StatusNotFound)
		return
	}
	switch r.Method {
	case http.MethodPut:
		s.put(w, r)
	case http.MethodGet:
		s.mu.Lock()
		data, ok := s.files[r.URL.Path]
		s.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Write(data)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (s *PutServer) put(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil || int64(len(data)) != r.ContentLength {
		panic(http.ErrAbortHandler)
	}
	sum := md5.Sum(data)
	if base64.StdEncoding.EncodeToString(sum[:]) != r.Header.Get("Content-MD5") {
		http.Error(w, "<Error><Code>BadDigest</Code></Error>", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[r.URL.Path] = data
}
