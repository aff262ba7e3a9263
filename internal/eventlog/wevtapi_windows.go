package eventlog

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

// wevtapi is the functions of wevtapi.dll that we use. Each returns a [*Fault]
// when it failed: when its result is zero. GetLastError alone says nothing, it
// is often stale after success.
type wevtapi struct {
	close, nextChannelPath, openChannelEnum *windows.LazyProc
	exportLog                               *windows.LazyProc
	openChannelConfig, getConfigProperty    *windows.LazyProc
	openLog, getLogInfo                     *windows.LazyProc
	query, next, render                     *windows.LazyProc
	subscribe                               *windows.LazyProc
}

// handle is an EVT_HANDLE.
type handle uintptr

// Flags and numbers of winevt.h.
const (
	evtOpenChannelPath    = 0x1
	evtExportChannelPath  = 0x1
	evtQueryChannelPath   = 0x1
	evtQueryForward       = 0x100
	evtQueryReverse       = 0x200
	evtRenderEventXML     = 1
	evtSubscribeToFuture  = 1
	evtConfigEnabled      = 0 // EVT_CHANNEL_CONFIG_PROPERTY_ID
	evtConfigRetention    = 6
	evtConfigAutoBackup   = 7
	evtConfigMaxSize      = 8
	evtConfigLogFilePath  = 9
	evtLogFileSize        = 3 // EVT_LOG_PROPERTY_ID
	evtLogNumberOfRecords = 5
	evtLogOldestRecord    = 6
	evtLogFull            = 7
	evtTypeString         = 1 // EVT_VARIANT_TYPE
	evtTypeUInt32         = 8
	evtTypeUInt64         = 10
	evtTypeBoolean        = 13
)

func newWevtapi(file string) *wevtapi {
	dll := windows.NewLazySystemDLL(file)
	return &wevtapi{
		close:             dll.NewProc("EvtClose"),
		openChannelEnum:   dll.NewProc("EvtOpenChannelEnum"),
		nextChannelPath:   dll.NewProc("EvtNextChannelPath"),
		exportLog:         dll.NewProc("EvtExportLog"),
		openChannelConfig: dll.NewProc("EvtOpenChannelConfig"),
		getConfigProperty: dll.NewProc("EvtGetChannelConfigProperty"),
		openLog:           dll.NewProc("EvtOpenLog"),
		getLogInfo:        dll.NewProc("EvtGetLogInfo"),
		query:             dll.NewProc("EvtQuery"),
		next:              dll.NewProc("EvtNext"),
		render:            dll.NewProc("EvtRender"),
		subscribe:         dll.NewProc("EvtSubscribe"),
	}
}

// found makes sure that a function is there: calling one that is not panics.
func found(p *windows.LazyProc) error {
	if p.Find() != nil {
		return &Fault{p.Name, codeNoProcedure}
	}
	return nil
}

// failure is the Fault of a call with that result; nil if it succeeded.
func failure(p *windows.LazyProc, result uintptr, last error) error {
	if result != 0 {
		return nil
	}
	code, _ := last.(windows.Errno)
	return &Fault{p.Name, uint32(code)}
}

// text is a string for Windows; one with a zero in it names nothing.
func text(p *windows.LazyProc, s string) (*uint16, error) {
	t, err := windows.UTF16PtrFromString(s)
	if err != nil {
		return nil, &Fault{p.Name, codeParameter}
	}
	return t, nil
}

func (w *wevtapi) closeHandle(h handle) { _, _, _ = w.close.Call(uintptr(h)) }

// openEnum is EvtOpenChannelEnum.
func (w *wevtapi) openEnum() (handle, error) {
	if err := found(w.openChannelEnum); err != nil {
		return 0, err
	}
	r, _, last := w.openChannelEnum.Call(0, 0)
	return handle(r), failure(w.openChannelEnum, r, last)
}

// nextName is EvtNextChannelPath. It counts characters, the zero at the end among them.
func (w *wevtapi) nextName(h handle) (string, error) {
	if err := found(w.nextChannelPath); err != nil {
		return "", err
	}
	buf := make([]uint16, 128)
	for {
		var used uint32
		r, _, last := w.nextChannelPath.Call(uintptr(h), uintptr(len(buf)), uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&used)))
		err := failure(w.nextChannelPath, r, last)
		if err == nil {
			return windows.UTF16ToString(buf), nil
		}
		if fault(err).Code != codeTooSmall || int(used) <= len(buf) {
			return "", err
		}
		buf = make([]uint16, used)
	}
}

// export is EvtExportLog of a channel of this computer.
func (w *wevtapi) export(channel, query, file string) error {
	if err := found(w.exportLog); err != nil {
		return err
	}
	path, err := text(w.exportLog, channel)
	if err != nil {
		return err
	}
	wanted, err := text(w.exportLog, query)
	if err != nil {
		return err
	}
	target, err := text(w.exportLog, file)
	if err != nil {
		return err
	}
	r, _, last := w.exportLog.Call(0, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(wanted)),
		uintptr(unsafe.Pointer(target)), evtExportChannelPath)
	return failure(w.exportLog, r, last)
}

// openConfig is EvtOpenChannelConfig, openChannel EvtOpenLog.
func (w *wevtapi) openConfig(channel string) (handle, error) {
	return w.openNamed(w.openChannelConfig, channel, 0)
}

func (w *wevtapi) openChannel(channel string) (handle, error) {
	return w.openNamed(w.openLog, channel, evtOpenChannelPath)
}

func (w *wevtapi) openNamed(p *windows.LazyProc, channel string, flags uintptr) (handle, error) {
	if err := found(p); err != nil {
		return 0, err
	}
	path, err := text(p, channel)
	if err != nil {
		return 0, err
	}
	r, _, last := p.Call(0, uintptr(unsafe.Pointer(path)), flags)
	return handle(r), failure(p, r, last)
}

// config is EvtGetChannelConfigProperty, logInfo EvtGetLogInfo.
func (w *wevtapi) config(h handle, property uintptr) (*variant, error) {
	p := w.getConfigProperty
	return readVariant(p, func(buf *byte, size uintptr, used *uint32) (uintptr, error) {
		r, _, last := p.Call(uintptr(h), property, 0, size, uintptr(unsafe.Pointer(buf)), uintptr(unsafe.Pointer(used)))
		return r, last
	})
}

func (w *wevtapi) logInfo(h handle, property uintptr) (*variant, error) {
	p := w.getLogInfo
	return readVariant(p, func(buf *byte, size uintptr, used *uint32) (uintptr, error) {
		r, _, last := p.Call(uintptr(h), property, size, uintptr(unsafe.Pointer(buf)), uintptr(unsafe.Pointer(used)))
		return r, last
	})
}

// openQuery is EvtQuery for all events of a channel.
func (w *wevtapi) openQuery(channel string, direction uintptr) (handle, error) {
	if err := found(w.query); err != nil {
		return 0, err
	}
	path, err := text(w.query, channel)
	if err != nil {
		return 0, err
	}
	all, err := text(w.query, "*")
	if err != nil {
		return 0, err
	}
	r, _, last := w.query.Call(0, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(all)), evtQueryChannelPath|direction)
	return handle(r), failure(w.query, r, last)
}

// openSubscription is EvtSubscribe for the events to come of a channel, which sets an event of the kernel when there are any.
func (w *wevtapi) openSubscription(channel string, signal windows.Handle) (handle, error) {
	if err := found(w.subscribe); err != nil {
		return 0, err
	}
	path, err := text(w.subscribe, channel)
	if err != nil {
		return 0, err
	}
	all, err := text(w.subscribe, "*")
	if err != nil {
		return 0, err
	}
	r, _, last := w.subscribe.Call(0, uintptr(signal), uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(all)), 0, 0, 0, evtSubscribeToFuture)
	return handle(r), failure(w.subscribe, r, last)
}

// nextEvent is EvtNext for one event.
func (w *wevtapi) nextEvent(h handle) (handle, error) {
	const timeout = 10_000 // milliseconds; without one, a service that hangs hangs us
	return w.nextWithin(h, timeout)
}

// nextWithin is nextEvent that waits so many milliseconds.
func (w *wevtapi) nextWithin(h handle, timeout uintptr) (handle, error) {
	if err := found(w.next); err != nil {
		return 0, err
	}
	var event handle
	var count uint32
	r, _, last := w.next.Call(uintptr(h), 1, uintptr(unsafe.Pointer(&event)), timeout, 0, uintptr(unsafe.Pointer(&count)))
	if err := failure(w.next, r, last); err != nil {
		return 0, err
	}
	if count == 0 {
		return 0, &Fault{w.next.Name, codeNoMoreItems}
	}
	return event, nil
}

// xml is EvtRender to XML. It counts bytes.
func (w *wevtapi) xml(event handle) (string, error) {
	if err := found(w.render); err != nil {
		return "", err
	}
	buf := make([]uint16, 2048)
	for {
		var used, properties uint32
		size := uintptr(len(buf) * 2)
		r, _, last := w.render.Call(0, uintptr(event), evtRenderEventXML, size, uintptr(unsafe.Pointer(&buf[0])),
			uintptr(unsafe.Pointer(&used)), uintptr(unsafe.Pointer(&properties)))
		err := failure(w.render, r, last)
		if err == nil {
			return windows.UTF16ToString(buf), nil
		}
		if fault(err).Code != codeTooSmall || uintptr(used) <= size {
			return "", err
		}
		buf = make([]uint16, (used+1)/2)
	}
}

// variant is an EVT_VARIANT: eight bytes of value or pointer, a count, a type.
// What a pointer points to lies behind it.
type variant struct{ buf []uint64 }

// readVariant calls a function that fills in a variant, with room for it.
func readVariant(p *windows.LazyProc, call func(buf *byte, size uintptr, used *uint32) (uintptr, error)) (*variant, error) {
	if err := found(p); err != nil {
		return nil, err
	}
	buf := make([]uint64, 16)
	for {
		var used uint32
		size := uintptr(len(buf) * 8)
		r, last := call((*byte)(unsafe.Pointer(&buf[0])), size, &used)
		err := failure(p, r, last)
		if err == nil {
			return &variant{buf}, nil
		}
		if fault(err).Code != codeTooSmall || uintptr(used) <= size {
			return nil, err
		}
		buf = make([]uint64, (used+7)/8)
	}
}

func (v *variant) kind() uint32 { return uint32(v.buf[1] >> 32) }

// number is the value of a number or a truth value; 0 for anything else.
func (v *variant) number() uint64 {
	switch v.kind() {
	case evtTypeUInt64:
		return v.buf[0]
	case evtTypeUInt32, evtTypeBoolean:
		return v.buf[0] & 0xffffffff
	}
	return 0
}

// text is the value of a string; empty for anything else.
func (v *variant) text() string {
	if v.kind() != evtTypeString || v.buf[0] == 0 {
		return ""
	}
	s := windows.UTF16PtrToString(*(**uint16)(unsafe.Pointer(&v.buf[0])))
	runtime.KeepAlive(v.buf)
	return s
}
