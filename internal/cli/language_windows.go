package cli

import "golang.org/x/sys/windows"

// systemLocale is the locale of the user where the environment does not name one: the first language of the display.
func systemLocale() string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0]
}
