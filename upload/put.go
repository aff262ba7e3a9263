package upload

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
)

// putter is a URL that takes a bundle in one PUT: a presigned one of S3, GCS or
// the like, or a folder of WebDAV. What it takes arrives whole, or not at all.
type putter struct{ *client }

// Send puts the bundle there. An interrupted attempt begins anew.
func (u *putter) Send(ctx context.Context, b *Bundle, p *Progress) (*Sent, error) {
	sum := md5.New()
	if _, err := io.Copy(sum, io.NewSectionReader(b.Data, 0, b.Size)); err != nil {
		return nil, readFailed(err)
	}
	want := base64.StdEncoding.EncodeToString(sum.Sum(nil))
	sent := &Sent{Stored: Stored{Blob: u.target.name(b), ReportID: b.ReportID, Time: clockNow(), Size: b.Size, SHA256: b.SHA256, From: b.From, To: b.To, Tool: b.Tool}}
	err := u.try(ctx, func(ctx context.Context) error {
		p.Done.Store(0)
		body := &countedReader{io.NewSectionReader(b.Data, 0, b.Size), p}
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, u.target.url.String(), io.NopCloser(body))
		if err != nil {
			return newError("check that it was copied whole", "the URL cannot be used")
		}
		req.ContentLength = b.Size
		// A service that refuses does so before it is sent everything.
		req.Header.Set("Expect", "100-continue")
		if !u.oldSignature() {
			req.Header.Set("Content-Type", "application/zip")
			req.Header.Set("Content-MD5", want)
		}
		resp, err := u.send(req, http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, io.LimitReader(resp.Body, maxReason))
		if got := sumOf(resp.Header); got != "" && got != want {
			return damaged(u.target.Host())
		}
		sent.ETag = resp.Header.Get("ETag")
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.Done.Store(b.Size)
	return sent, nil
}

// oldSignature reports whether the signature is of a version 2, which is wrong
// as soon as there is a header that it does not know.
func (u *putter) oldSignature() bool {
	query := u.target.url.Query()
	return query.Has("Signature") && query.Has("Expires")
}

// sumOf is the MD5 that a service says it has, in base64; empty if it says none.
func sumOf(h http.Header) string {
	if sum := h.Get("Content-MD5"); sum != "" {
		return sum
	}
	for _, values := range h.Values("X-Goog-Hash") {
		for part := range strings.SplitSeq(values, ",") {
			if sum, ok := strings.CutPrefix(strings.TrimSpace(part), "md5="); ok {
				return sum
			}
		}
	}
	return ""
}

// List knows one bundle only, that of the URL, and nothing of it.
func (u *putter) List(_ context.Context, reportID string) ([]Stored, error) {
	if reportID == "" {
		return nil, newError("name a container of Azure with a SAS that allows to list (sp=rl), or a folder", "%s: a URL of this kind cannot be listed", u.target.Host())
	}
	return []Stored{{Blob: u.target.name(nil), ReportID: reportID, Size: -1}}, nil
}

// Fetch gets what the URL names, always from its start.
func (u *putter) Fetch(ctx context.Context, _ *Stored, w io.WriterAt, p *Progress) (int64, error) {
	return u.fetch(ctx, -1, w, p, func(ctx context.Context, _ int64) (io.ReadCloser, int64, error) {
		resp, err := u.get(ctx, u.target.url.String(), nil, http.StatusOK)
		if err != nil {
			return nil, 0, err
		}
		return resp.Body, 0, nil
	})
}

// countedReader says how far it is.
type countedReader struct {
	r io.Reader
	p *Progress
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.p.Done.Add(int64(n))
	return n, err
}
