package upload

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// putKind is a URL that takes a bundle in one PUT: a presigned one of S3, GCS or
// the like. What it takes arrives whole, or not at all.
func putKind() kind {
	return kind{
		form:  "another https:// URL that takes a PUT",
		match: (*address).isWeb,
		parse: func(a *address) (place, *Error) {
			if err := a.checkWeb(); err != nil {
				return nil, err
			}
			u := *a.url
			u.Fragment = ""
			return &putPlace{&u}, nil
		},
	}
}

type putPlace struct{ url *url.URL }

func (p *putPlace) host() string { return p.url.Host }

// String leaves the query out, and what in the path may be a secret.
func (p *putPlace) String() string {
	parts := strings.Split(p.url.Path, "/")
	for i, part := range parts {
		if likeToken(part) {
			parts[i] = hidden
		}
	}
	return p.url.Scheme + "://" + p.url.Host + strings.Join(parts, "/")
}

// name is what the bundle is called there.
func (p *putPlace) name() string { return strings.TrimPrefix(path.Base(p.String()), "/") }

// expires is what a presigned URL says, of version 4 or 2.
func (p *putPlace) expires() time.Time {
	query := p.url.Query()
	for _, vendor := range []string{"X-Amz-", "X-Goog-"} {
		at := signedTime(query.Get(vendor + "Date"))
		if seconds, err := strconv.ParseUint(query.Get(vendor+"Expires"), 10, 31); err == nil && !at.IsZero() {
			return at.Add(time.Duration(seconds) * time.Second)
		}
	}
	if seconds, err := strconv.ParseUint(query.Get("Expires"), 10, 40); err == nil && p.isOldSignature() {
		return time.Unix(int64(seconds), 0).UTC()
	}
	return time.Time{}
}

// isOldSignature reports whether the signature is of version 2, which is wrong as
// soon as there is a header that it does not know.
func (p *putPlace) isOldSignature() bool {
	query := p.url.Query()
	return query.Has("Signature") && query.Has("Expires")
}

func (p *putPlace) open(h *hider, o Options) Destination {
	return &put{newClient(peer{p.url, h, "send again", p.explain}, o), p}
}

// explain words what S3 and those who speak its language answer.
func (p *putPlace) explain(a *answer) *Error {
	host, reason := p.host(), a.reason()
	switch a.code {
	case "NoSuchBucket":
		return newError(checkURL, "%s: the bucket of the URL is not there (%s)", host, reason)
	case "EntityTooLarge":
		return noRoom(a, host)
	case "BadDigest":
		return errDamaged(host)
	case "RequestTimeTooSkewed":
		return wrongClock(a, host)
	case "SignatureDoesNotMatch", "InvalidAccessKeyId":
		return wrongSignature(a, host)
	}
	if a.status == http.StatusForbidden && (strings.Contains(a.detail, "has expired") || strings.Contains(a.detail, "expired token")) {
		there, skew := a.clocks(time.Now().UTC())
		return newError(askAnew+": this one is over", "%s: the URL has expired, and it is %s there (%s)%s", host, clock(there), reason, skew)
	}
	return nil
}

// put is the destination.
type put struct {
	*client
	place *putPlace
}

// Send puts the bundle there. An interrupted attempt begins anew.
func (u *put) Send(ctx context.Context, b *Bundle, p *Progress) (*Sent, error) {
	want, err := b.md5(ctx)
	if err != nil {
		return nil, err
	}
	sent := &Sent{Stored: b.stored(u.place.name())}
	err = u.try(ctx, func(ctx context.Context) error {
		p.Done.Store(0)
		body := &countedReader{io.NewSectionReader(b.Data, 0, b.Size), p}
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, u.place.url.String(), io.NopCloser(body))
		if err != nil {
			return errURL()
		}
		if req.ContentLength = b.Size; b.Size == 0 {
			req.Body = http.NoBody // otherwise 0 means an unknown length
		}
		// A service that refuses does so before it is sent everything.
		req.Header.Set("Expect", "100-continue")
		if !u.place.isOldSignature() {
			req.Header.Set("Content-Type", "application/zip")
			req.Header.Set("Content-MD5", want)
		}
		resp, err := u.send(req, http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, io.LimitReader(u.short(resp.Body), maxReason))
		if got := md5Of(resp.Header); got != "" && got != want {
			return errDamaged(u.host())
		}
		sent.ETag = words.Clip(resp.Header.Get("ETag"), 200)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.Done.Store(b.Size)
	return sent, nil
}

// md5 is the checksum that goes along with a PUT, in base64. It makes sure that
// the content is what it was when the bundle got its own checksum.
func (b *Bundle) md5(ctx context.Context) (string, error) {
	weak, strong := md5.New(), sha256.New()
	buffer := make([]byte, step)
	for offset := int64(0); offset < b.Size; {
		if over := ended(ctx); over != nil {
			return "", over
		}
		part := buffer[:min(step, b.Size-offset)]
		n, err := b.Data.ReadAt(part, offset)
		if n < len(part) {
			return "", errRead(err)
		}
		weak.Write(part)
		strong.Write(part)
		offset += int64(n)
	}
	if hex.EncodeToString(strong.Sum(nil)) != b.SHA256 {
		return "", errChanged()
	}
	return base64.StdEncoding.EncodeToString(weak.Sum(nil)), nil
}

// md5Of is the MD5 that a service says it has, in base64; empty if it says none.
func md5Of(h http.Header) string {
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
func (u *put) List(_ context.Context, reportID string) ([]Stored, error) {
	if reportID == "" {
		return nil, newError("name "+Forms(true)+"; a SAS has to allow to list (sp=rl)", "%s: a URL of this kind cannot be listed", u.host())
	}
	return []Stored{{Blob: u.place.name(), ReportID: reportID, Size: -1}}, nil
}

// Fetch gets what the URL names, always from its start.
func (u *put) Fetch(ctx context.Context, _ *Stored, w io.WriterAt, p *Progress) (int64, error) {
	return u.fetch(ctx, -1, w, p, func(ctx context.Context, _ int64) (io.ReadCloser, int64, error) {
		resp, err := u.get(ctx, u.place.url.String(), nil, http.StatusOK)
		if err != nil {
			return nil, 0, err
		}
		return resp.Body, 0, nil
	})
}
