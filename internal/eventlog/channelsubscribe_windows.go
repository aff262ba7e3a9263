package eventlog

import (
	"sync"

	"golang.org/x/sys/windows"
)

// Subscribe has the service set an event of the kernel when there are new events in a channel. They are taken from the subscription
// and dropped, for it goes on alone when nothing is left in it: what they say is read from an export, as all that we read.
func (c systemChannels) Subscribe(name string, woken func()) (stop func(), err error) {
	signal, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return nil, err
	}
	ended, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		_ = windows.CloseHandle(signal)
		return nil, err
	}
	free := func() {
		_ = windows.CloseHandle(signal)
		_ = windows.CloseHandle(ended)
	}
	h, err := c.api.openSubscription(name, signal)
	if err != nil {
		free()
		return nil, err
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			first, err := windows.WaitForMultipleObjects([]windows.Handle{ended, signal}, false, windows.INFINITE)
			if err != nil || first == windows.WAIT_OBJECT_0 {
				return
			}
			_ = windows.ResetEvent(signal) // before, so that an event that comes meanwhile is none too few
			c.drain(h)
			woken()
		}
	})
	return func() {
		_ = windows.SetEvent(ended)
		running.Wait()
		c.api.closeHandle(h)
		free()
	}, nil
}

// drain takes all events that there are. An error, too, is a reason to look at the channel.
func (c systemChannels) drain(subscription handle) {
	for {
		event, err := c.api.nextWithin(subscription, 0)
		if err != nil {
			return
		}
		c.api.closeHandle(event)
	}
}
