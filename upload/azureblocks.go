package upload

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc64"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
)

const (
	defaultBlock    = 4 << 20
	defaultParallel = 4
	maxBlocks       = 50_000   // that a blob may have
	maxBuffers      = 32 << 20 // bytes of all blocks that are on their way at once
)

// blockSize is that of a bundle of the given size.
func (o *Options) blockSize(size int64) int64 {
	block := o.BlockSize
	if block <= 0 {
		block = defaultBlock
	}
	for size/block >= maxBlocks {
		block *= 2
	}
	return block
}

// blockUpload is an upload on its way.
type blockUpload struct {
	*azure
	blob  *blockblob.Client
	name  string
	b     *Bundle
	p     *Progress
	size  int64            // of a block; the last one may be shorter
	state *uploadState     // nil for none
	there map[string]int64 // sizes of the blocks that the service has, by id
	blind bool             // the SAS does not allow to ask for them: there is unknown
}

func (u *blockUpload) plan() uploadPlan {
	return uploadPlan{To: u.place.String(), Blob: u.name, SHA256: u.b.SHA256, Bytes: u.b.Size, BlockSize: u.size}
}

// id is the id of the block at an offset. It says all that decides on the
// block's content, so that whoever sends a block of this id sends the same bytes.
func (u *blockUpload) id(offset int64) string {
	sum := sha256.Sum256([]byte(u.b.SHA256))
	raw := binary.BigEndian.AppendUint64(sum[:16:16], uint64(offset))
	raw = binary.BigEndian.AppendUint32(raw, uint32(u.size))
	return base64.StdEncoding.EncodeToString(raw)
}

// ids are the blocks of the blob, in order.
func (u *blockUpload) ids() []string {
	var all []string
	for offset := int64(0); offset < u.b.Size; offset += u.size {
		all = append(all, u.id(offset))
	}
	return all
}

// run sends what is missing and makes the blob.
func (u *blockUpload) run(ctx context.Context) (*Sent, error) {
	if err := u.ask(ctx); err != nil {
		return nil, err
	}
	for again := false; ; again = true {
		if err := u.sendAll(ctx); err != nil {
			return nil, err
		}
		sent, err := u.commit(ctx)
		if err == nil || again || !isCode(err, "InvalidBlockList") {
			return sent, err
		}
		// The service has dropped blocks that we could not ask for, or was
		// taken back to an earlier time: send them all.
		u.there, u.blind = nil, false
		u.p.Done.Store(0)
		u.p.Resumed.Store(0)
	}
}

// ask finds out which blocks are there already.
func (u *blockUpload) ask(ctx context.Context) error {
	if len(u.state.blocks()) == 0 || u.blind {
		return nil // nothing to go on with, or nobody to ask
	}
	err := u.try(ctx, func(ctx context.Context) error {
		r, err := u.blob.GetBlockList(ctx, blockblob.BlockListTypeUncommitted, nil)
		if err != nil {
			return err
		}
		u.there = make(map[string]int64, len(r.UncommittedBlocks))
		for _, b := range r.UncommittedBlocks {
			if b.Name != nil && b.Size != nil {
				u.there[*b.Name] = *b.Size
			}
		}
		return nil
	})
	switch {
	case isStatus(err, http.StatusNotFound):
		return nil
	case isCode(err, "AuthorizationPermissionMismatch"):
		u.blind = true
		return nil
	}
	return err
}

// has reports whether a block is there already: the state says that it was sent
// with this checksum, and the service that it has it. Who may not ask the service
// finds out when the blob is made of the blocks.
func (u *blockUpload) has(id string, block *piece) bool {
	if u.state.blocks()[block.offset] != hex.EncodeToString(block.md5[:]) {
		return false
	}
	size, ok := u.there[id]
	return u.blind || ok && size == int64(len(block.data))
}

// piece is a block that is to be sent.
type piece struct {
	offset int64
	data   []byte
	md5    [md5.Size]byte
}

// sendAll reads the bundle once from its start to its end and sends the blocks
// that are not there. The checksum of what was read has to be the bundle's.
func (u *blockUpload) sendAll(outer context.Context) error {
	ctx, cancel := context.WithCancel(outer)
	defer cancel()
	parallel := u.o.Parallel
	if parallel <= 0 {
		parallel = defaultParallel
	}
	parallel = int(max(1, min(int64(parallel), maxBuffers/u.size, (u.b.Size+u.size-1)/u.size)))

	var failed error
	var once sync.Once
	fail := func(err error) {
		once.Do(func() { failed = err })
		cancel()
	}
	buffers := make(chan []byte, parallel)
	for range parallel {
		buffers <- make([]byte, min(u.size, u.b.Size))
	}
	work := make(chan *piece)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for block := range work {
				if err := u.send(ctx, block); err != nil {
					fail(err)
				}
				buffers <- block.data[:cap(block.data)]
			}
		})
	}
	if err := u.read(ctx, buffers, work); err != nil {
		fail(err)
	}
	close(work)
	workers.Wait()
	if over := ended(outer); over != nil {
		return over
	}
	return failed
}

// read hands out the blocks in order.
func (u *blockUpload) read(ctx context.Context, buffers <-chan []byte, work chan<- *piece) error {
	sum := sha256.New()
	for offset := int64(0); offset < u.b.Size; offset += u.size {
		var buffer []byte
		select {
		case buffer = <-buffers:
		case <-ctx.Done():
			return ctx.Err()
		}
		data := buffer[:min(u.size, u.b.Size-offset)]
		if n, err := u.b.Data.ReadAt(data, offset); n < len(data) {
			return errRead(err)
		}
		sum.Write(data)
		select {
		case work <- &piece{offset: offset, data: data}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != u.b.SHA256 {
		return errChanged()
	}
	return nil
}

// crcAzure is the polynomial of Azure's checksum.
const crcAzure = 0x9A6C9329AC4BC9B5

// send sends a block, unless it is there. The service compares the checksum
// with what it got; what it says of it in turn is compared here.
func (u *blockUpload) send(ctx context.Context, block *piece) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	id := u.id(block.offset)
	block.md5 = md5.Sum(block.data)
	if u.has(id, block) {
		u.p.Resumed.Add(int64(len(block.data)))
		u.p.Done.Add(int64(len(block.data)))
		return nil
	}
	err := u.try(ctx, func(ctx context.Context) error {
		r, err := u.blob.StageBlock(ctx, id, streaming.NopCloser(bytes.NewReader(block.data)), &blockblob.StageBlockOptions{
			TransactionalValidation: blob.TransferValidationTypeMD5(block.md5[:]),
		})
		if err != nil {
			return err
		}
		if len(r.ContentMD5) > 0 && !bytes.Equal(r.ContentMD5, block.md5[:]) {
			return errDamaged(u.host())
		}
		if crc := r.ContentCRC64; len(crc) == 8 && binary.LittleEndian.Uint64(crc) != crc64.Checksum(block.data, crc64.MakeTable(crcAzure)) {
			return errDamaged(u.host())
		}
		return nil
	})
	if err != nil {
		return err
	}
	u.p.Done.Add(int64(len(block.data)))
	// A block that is not noted is sent again, no more.
	_ = u.state.add(stateBlock{Offset: block.offset, Sum: hex.EncodeToString(block.md5[:])})
	return nil
}

// commit makes the blob of its blocks, unless something is there by now. When
// the answer to an attempt got lost, the next one finds our own blob.
func (u *blockUpload) commit(ctx context.Context) (*Sent, error) {
	var etag string
	var at time.Time
	// An earlier run that had sent all blocks may have come as far as this.
	unsure := u.p.Resumed.Load() == u.b.Size
	err := u.try(ctx, func(ctx context.Context) error {
		r, err := u.blob.CommitBlockList(ctx, u.ids(), &blockblob.CommitBlockListOptions{
			Metadata:         u.b.metadata(),
			HTTPHeaders:      &blob.HTTPHeaders{BlobContentType: new("application/zip")},
			AccessConditions: &blob.AccessConditions{ModifiedAccessConditions: &blob.ModifiedAccessConditions{IfNoneMatch: new(azcore.ETagAny)}},
		})
		if err != nil {
			var answer *azcore.ResponseError
			unsure = unsure || !errors.As(err, &answer) || answer.StatusCode >= 500
			return err
		}
		if r.ETag != nil {
			etag = string(*r.ETag)
		}
		if r.LastModified != nil {
			at = r.LastModified.UTC()
		}
		return nil
	})
	exists := Taken(err)
	if err != nil && !exists {
		return nil, err
	}
	there, _, lookErr := u.look(ctx, u.blob, u.name)
	switch {
	case there != nil && !u.same(there):
		return nil, u.other(there)
	case there != nil:
		return &Sent{Stored: *there, Resumed: u.p.Resumed.Load()}, nil
	case exists && !unsure:
		return nil, err
	case lookErr != nil && exists:
		return nil, lookErr
	}
	// The SAS does not allow to look: the service has said yes, or it has, in
	// an attempt whose answer got lost.
	s := Stored{Blob: u.name, Time: at, Size: u.b.Size, ETag: etag}
	s.describe(u.b.metadata())
	return &Sent{Stored: s, Resumed: u.p.Resumed.Load()}, nil
}

// same reports whether what is there is our bundle.
func (u *blockUpload) same(there *Stored) bool {
	return there.Size == u.b.Size && strings.EqualFold(there.SHA256, u.b.SHA256)
}

func (u *blockUpload) other(there *Stored) error {
	return errTaken(u.host()+"/"+there.Blob, there.Size)
}

// already is the end of an upload that another run has brought to an end.
func (u *blockUpload) already(there *Stored) (*Sent, error) {
	if !u.same(there) {
		return nil, u.other(there)
	}
	u.p.Done.Store(u.b.Size)
	if left, err := openState(u.o.StateDir, u.plan()); err == nil { // the other run may have been killed before it could do this
		left.remove()
	}
	return &Sent{Stored: *there, Already: true}, nil
}
