package eventlog

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// makePrivate makes a folder for this user and the system: that is what the
// folders of a user's profile are for, and so the service, which writes in the
// name of the user, gets at it. TMP may be a folder that everybody sees.
func makePrivate(name string) error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;" + user.User.Sid.String() + ")")
	if err != nil {
		return err
	}
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	return windows.CreateDirectory(path, &windows.SecurityAttributes{
		Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: descriptor,
	})
}

// openPassing opens a file that Windows removes when it is closed, also when
// the process is killed.
func openPassing(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDWR|windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
}

func processLives(pid int) bool {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION|windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		// There is no process 1: "invalid parameter". Any other reason means that there is one.
		return !errors.Is(err, windows.ERROR_INVALID_PARAMETER)
	}
	defer windows.CloseHandle(h)
	state, err := windows.WaitForSingleObject(h, 0)
	return err != nil || state != windows.WAIT_OBJECT_0
}
