/*
 * wevtapi.dll: a stand-in for the event log API of Windows, written from its documentation. wine has stubs alone.
 * It serves channels from files, writes down every call, counts the handles that are open, and fails where it is told to.
 *
 *   WEVT_CHANNELS  NAME=FILE.evtx;NAME=FILE.evtx|EXPORT.evtx|4711   the channels; what EvtExportLog copies may be another
 *                  file, and the oldest event have another number than 1
 *   WEVT_CONFIG    enabled=1;max=1052672;retention=0;backup=0;full=0   settings of all of them; partial=1: an export that
 *                  fails leaves a file
 *   WEVT_FAIL      CALL=5;CALL:NAME=15011*2;CALL@3=1   error numbers: of a call, for a channel, the first 2 times, from the
 *                  third property on
 *   WEVT_SLEEP     CALL=2000    milliseconds that a call takes
 *   WEVT_TRACE     a file: a line in UTF-8 for each call, and "detach live=N" with the handles left open
 *
 * A subscription looks at the channel's file several times a second: a test replaces it by one with more events.
 *
 * What the API says about sizes is kept: EvtNextChannelPath counts characters, EvtRender bytes, and a buffer that is too
 * small gives error 122 and the size.
 */
#include <windows.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define MAX_CHANNELS 64
#define MAX_HANDLES 256
#define TEXT_MAX 8192

enum kind { FREE, ENUM, CONFIG, LOG, QUERY, EVENT, SUBSCRIPTION };
static const char *kinds[] = {"free", "enum", "config", "log", "query", "event", "subscription"};

struct channel {
    WCHAR name[512], file[1024], export[1024];
    ULONGLONG first; /* number of the oldest event */
};

struct object {
    enum kind kind;
    int channel;   /* of all but ENUM */
    int position;  /* ENUM: the next channel; QUERY: how many events were given out */
    HANDLE signal; /* SUBSCRIPTION: set when there are events */
    ULONGLONG given; /* SUBSCRIPTION: the number of the last event that was given out */
    BOOL reverse;  /* QUERY */
    ULONGLONG id, time; /* EVENT */
};

struct census { /* what a file holds */
    ULONGLONG count, first_id, first_time, last_id, last_time;
    ULONGLONG size;
};

static CRITICAL_SECTION lock;
static struct channel channels[MAX_CHANNELS];
static int channel_count;
static struct object objects[MAX_HANDLES];
static HANDLE trace = INVALID_HANDLE_VALUE;

static void say(const WCHAR *format, ...)
{
    WCHAR wide[TEXT_MAX];
    char line[TEXT_MAX * 3];
    DWORD written;
    va_list args;
    int n;

    if (trace == INVALID_HANDLE_VALUE) return;
    va_start(args, format);
    _vsnwprintf(wide, TEXT_MAX - 1, format, args);
    va_end(args);
    wide[TEXT_MAX - 1] = 0;
    n = WideCharToMultiByte(CP_UTF8, 0, wide, -1, line, sizeof line - 1, NULL, NULL);
    if (n <= 0) return;
    line[n - 1] = '\n';
    WriteFile(trace, line, (DWORD)n, &written, NULL);
}

static const WCHAR *shown(LPCWSTR s) { return s ? s : L"(null)"; }

/* variable reads an environment variable; empty if there is none. */
static WCHAR *variable(const WCHAR *name, WCHAR *buffer, DWORD size)
{
    DWORD n = GetEnvironmentVariableW(name, buffer, size);
    if (n == 0 || n >= size) buffer[0] = 0;
    return buffer;
}

static void load(void)
{
    WCHAR text[TEXT_MAX], *item, *next, *equals, *bar;

    variable(L"WEVT_TRACE", text, TEXT_MAX);
    if (text[0]) {
        trace = CreateFileW(text, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0, NULL);
    }
    variable(L"WEVT_CHANNELS", text, TEXT_MAX);
    for (item = text; *item && channel_count < MAX_CHANNELS; item = next) {
        struct channel *c = &channels[channel_count];
        next = wcschr(item, L';');
        if (next) *next++ = 0; else next = item + wcslen(item);
        equals = wcschr(item, L'=');
        if (!equals) continue;
        *equals = 0;
        wcsncpy(c->name, item, 511);
        c->first = 1;
        bar = wcschr(equals + 1, L'|');
        if (bar) *bar++ = 0;
        wcsncpy(c->file, equals + 1, 1023);
        wcsncpy(c->export, bar ? bar : equals + 1, 1023);
        if ((bar = wcschr(c->export, L'|'))) {
            *bar++ = 0;
            c->first = _wcstoui64(bar, NULL, 10);
        }
        channel_count++;
    }
}

/* setting is the number behind KEY= in WEVT_CONFIG. */
static ULONGLONG setting(const WCHAR *key, ULONGLONG otherwise)
{
    WCHAR text[TEXT_MAX], *p = variable(L"WEVT_CONFIG", text, TEXT_MAX);
    size_t n = wcslen(key);

    while (*p) {
        if (!wcsncmp(p, key, n) && p[n] == L'=') return _wcstoui64(p + n + 1, NULL, 10);
        p = wcschr(p, L';');
        if (!p) break;
        p++;
    }
    return otherwise;
}

/* fails says whether a call has to fail, and sets the error. A rule with *N holds for the first N calls. */
static BOOL fails(const WCHAR *call, const WCHAR *channel, int property)
{
    static int used[32];
    WCHAR text[TEXT_MAX], *item, *next, *equals, *colon, *at, *star;
    int rule = 0;

    variable(L"WEVT_SLEEP", text, TEXT_MAX);
    equals = wcschr(text, L'=');
    if (equals) {
        *equals = 0;
        if (!wcscmp(text, call)) Sleep((DWORD)wcstoul(equals + 1, NULL, 10));
    }
    variable(L"WEVT_FAIL", text, TEXT_MAX);
    for (item = text; *item && rule < 32; item = next, rule++) {
        next = wcschr(item, L';');
        if (next) *next++ = 0; else next = item + wcslen(item);
        equals = wcsrchr(item, L'=');
        if (!equals) continue;
        *equals = 0;
        if ((at = wcschr(item, L'@'))) *at++ = 0;
        if ((colon = wcschr(item, L':'))) *colon++ = 0;
        if (wcscmp(item, call)) continue;
        if (colon && (!channel || _wcsicmp(colon, channel))) continue;
        if (at && property != _wtoi(at)) continue;
        star = wcschr(equals + 1, L'*');
        if (star && used[rule] >= _wtoi(star + 1)) continue;
        used[rule]++;
        say(L"%ls fails=%lu", call, wcstoul(equals + 1, NULL, 10));
        SetLastError(wcstoul(equals + 1, NULL, 10));
        return TRUE;
    }
    return FALSE;
}

static HANDLE open_object(enum kind kind, int channel)
{
    int i;
    for (i = 0; i < MAX_HANDLES; i++) {
        if (objects[i].kind == FREE) {
            memset(&objects[i], 0, sizeof objects[i]);
            objects[i].kind = kind;
            objects[i].channel = channel;
            SetLastError(203); /* stale, as on Windows: success is the result alone */
            return (HANDLE)(ULONG_PTR)(0x1000 + i * 4);
        }
    }
    SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    return NULL;
}

static struct object *find_object(HANDLE h, enum kind kind)
{
    ULONG_PTR i = ((ULONG_PTR)h - 0x1000) / 4;
    if ((ULONG_PTR)h < 0x1000 || i >= MAX_HANDLES || objects[i].kind != kind) {
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    return &objects[i];
}

static int find_channel(LPCWSTR name)
{
    int i;
    for (i = 0; name && i < channel_count; i++) {
        if (!_wcsicmp(channels[i].name, name)) return i;
    }
    SetLastError(15007);
    return -1;
}

/* take counts the records of a channel: all chunks that have the magic, whatever the header says. */
static BOOL take(const struct channel *channel, struct census *c)
{
    FILE *f = _wfopen(channel->file, L"rb");
    static BYTE chunk[65536];

    memset(c, 0, sizeof *c);
    if (!f) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return FALSE;
    }
    fseek(f, 0, SEEK_END);
    c->size = (ULONGLONG)ftell(f);
    fseek(f, 4096, SEEK_SET);
    while (fread(chunk, 1, sizeof chunk, f) == sizeof chunk) {
        DWORD at = 512, end, size;
        if (memcmp(chunk, "ElfChnk", 8)) continue;
        memcpy(&end, chunk + 48, 4);
        while (at + 24 <= end && end <= sizeof chunk && !memcmp(chunk + at, "**\0\0", 4)) {
            memcpy(&size, chunk + at + 4, 4);
            memcpy(&c->last_id, chunk + at + 8, 8);
            c->last_id += channel->first - 1; /* files count from 1 */
            memcpy(&c->last_time, chunk + at + 16, 8);
            if (!c->count++) {
                c->first_id = c->last_id;
                c->first_time = c->last_time;
            }
            if (size < 24 || size > end - at) break;
            at += size;
        }
    }
    fclose(f);
    return TRUE;
}

/* variant fills in an EVT_VARIANT; text goes behind it. */
static BOOL variant(DWORD type, ULONGLONG number, const WCHAR *text, DWORD size, BYTE *buffer, DWORD *used)
{
    DWORD need = 16 + (text ? (DWORD)(wcslen(text) + 1) * 2 : 0), count = 0;

    if (used) *used = need;
    if (size < need || !buffer) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    if (text) {
        memcpy(buffer + 16, text, need - 16);
        number = (ULONGLONG)(ULONG_PTR)(buffer + 16);
    }
    memcpy(buffer, &number, 8);
    memcpy(buffer + 8, &count, 4);
    memcpy(buffer + 12, &type, 4);
    return TRUE;
}

HANDLE WINAPI EvtOpenChannelEnum(HANDLE session, DWORD flags)
{
    HANDLE h;
    EnterCriticalSection(&lock);
    say(L"EvtOpenChannelEnum(%p, 0x%lx)", session, flags);
    h = fails(L"EvtOpenChannelEnum", NULL, -1) ? NULL : open_object(ENUM, 0);
    LeaveCriticalSection(&lock);
    return h;
}

BOOL WINAPI EvtNextChannelPath(HANDLE h, DWORD size, LPWSTR buffer, PDWORD used)
{
    struct object *o;
    BOOL ok = FALSE;
    EnterCriticalSection(&lock);
    if (!fails(L"EvtNextChannelPath", NULL, -1) && (o = find_object(h, ENUM))) {
        if (o->position >= channel_count) {
            SetLastError(ERROR_NO_MORE_ITEMS);
        } else {
            *used = (DWORD)wcslen(channels[o->position].name) + 1;
            if (size < *used) {
                say(L"EvtNextChannelPath size=%lu needs=%lu", size, *used);
                SetLastError(ERROR_INSUFFICIENT_BUFFER);
            } else {
                wcscpy(buffer, channels[o->position++].name);
                ok = TRUE;
            }
        }
    }
    LeaveCriticalSection(&lock);
    return ok;
}

BOOL WINAPI EvtExportLog(HANDLE session, LPCWSTR path, LPCWSTR query, LPCWSTR target, DWORD flags)
{
    BOOL ok = FALSE;
    int c;
    say(L"EvtExportLog(%p, \"%ls\", \"%ls\", \"%ls\", 0x%lx)", session, shown(path), shown(query), shown(target), flags);
    if (fails(L"EvtExportLog", path, -1)) {
        DWORD error = GetLastError();
        /* What is there of the file stays: the caller has to remove it. */
        if (setting(L"partial", 0)) CloseHandle(CreateFileW(target, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL));
        SetLastError(error);
        return FALSE;
    }
    EnterCriticalSection(&lock);
    c = find_channel(path);
    if (flags != 1 || session || !target || wcslen(target) < 4 || target[1] != L':' || target[2] != L'\\') {
        SetLastError(ERROR_INVALID_PARAMETER);
    } else if (c >= 0) {
        if (GetFileAttributesW(target) != INVALID_FILE_ATTRIBUTES) {
            SetLastError(ERROR_FILE_EXISTS);
        } else {
            ok = CopyFileW(channels[c].export, target, TRUE);
            if (ok) SetLastError(183);
        }
    }
    LeaveCriticalSection(&lock);
    return ok;
}

static HANDLE open_named(const WCHAR *call, LPCWSTR path, enum kind kind)
{
    int c;
    HANDLE h = NULL;
    EnterCriticalSection(&lock);
    if (!fails(call, path, -1) && (c = find_channel(path)) >= 0) h = open_object(kind, c);
    LeaveCriticalSection(&lock);
    return h;
}

HANDLE WINAPI EvtOpenChannelConfig(HANDLE session, LPCWSTR path, DWORD flags)
{
    say(L"EvtOpenChannelConfig(%p, \"%ls\", 0x%lx)", session, shown(path), flags);
    return open_named(L"EvtOpenChannelConfig", path, CONFIG);
}

HANDLE WINAPI EvtOpenLog(HANDLE session, LPCWSTR path, DWORD flags)
{
    say(L"EvtOpenLog(%p, \"%ls\", 0x%lx)", session, shown(path), flags);
    return open_named(L"EvtOpenLog", path, LOG);
}

HANDLE WINAPI EvtQuery(HANDLE session, LPCWSTR path, LPCWSTR query, DWORD flags)
{
    HANDLE h;
    say(L"EvtQuery(%p, \"%ls\", \"%ls\", 0x%lx)", session, shown(path), shown(query), flags);
    h = open_named(L"EvtQuery", path, QUERY);
    if (h) find_object(h, QUERY)->reverse = (flags & 0x200) != 0;
    return h;
}

BOOL WINAPI EvtGetChannelConfigProperty(HANDLE h, DWORD property, DWORD flags, DWORD size, PVOID buffer, PDWORD used)
{
    struct object *o;
    BOOL ok = FALSE;
    WCHAR file[1100];
    EnterCriticalSection(&lock);
    say(L"EvtGetChannelConfigProperty(%lu, 0x%lx, %lu)", property, flags, size);
    if ((o = find_object(h, CONFIG)) && !fails(L"EvtGetChannelConfigProperty", channels[o->channel].name, (int)property)) {
        switch (property) {
        case 0: ok = variant(13, setting(L"enabled", 1), NULL, size, buffer, used); break;
        case 6: ok = variant(13, setting(L"retention", 0), NULL, size, buffer, used); break;
        case 7: ok = variant(13, setting(L"backup", 0), NULL, size, buffer, used); break;
        case 8: ok = variant(10, setting(L"max", 1052672), NULL, size, buffer, used); break;
        case 9:
            _snwprintf(file, 1099, L"%%SystemRoot%%\\System32\\Winevt\\Logs\\%ls.evtx", channels[o->channel].name);
            ok = variant(1, 0, file, size, buffer, used);
            break;
        default: SetLastError(ERROR_INVALID_PARAMETER);
        }
    }
    LeaveCriticalSection(&lock);
    return ok;
}

BOOL WINAPI EvtGetLogInfo(HANDLE h, DWORD property, DWORD size, PVOID buffer, PDWORD used)
{
    struct object *o;
    struct census c;
    BOOL ok = FALSE;
    EnterCriticalSection(&lock);
    say(L"EvtGetLogInfo(%lu, %lu)", property, size);
    if ((o = find_object(h, LOG)) && !fails(L"EvtGetLogInfo", channels[o->channel].name, (int)property) &&
        take(&channels[o->channel], &c)) {
        switch (property) {
        case 3: ok = variant(10, c.size, NULL, size, buffer, used); break;
        case 5: ok = variant(10, c.count, NULL, size, buffer, used); break;
        case 6: ok = variant(10, c.first_id, NULL, size, buffer, used); break;
        case 7: ok = variant(13, setting(L"full", 0), NULL, size, buffer, used); break;
        default: SetLastError(ERROR_INVALID_PARAMETER);
        }
    }
    LeaveCriticalSection(&lock);
    return ok;
}

/* watch signals subscriptions to channels with new events. */
static DWORD WINAPI watch(LPVOID unused)
{
    struct census c;
    int i;
    (void)unused;
    for (;;) {
        Sleep(50);
        EnterCriticalSection(&lock);
        for (i = 0; i < MAX_HANDLES; i++) {
            struct object *o = &objects[i];
            if (o->kind == SUBSCRIPTION && take(&channels[o->channel], &c) && c.last_id != o->given) SetEvent(o->signal);
        }
        LeaveCriticalSection(&lock);
    }
    return 0;
}

HANDLE WINAPI EvtSubscribe(HANDLE session, HANDLE signal, LPCWSTR path, LPCWSTR query, HANDLE bookmark, PVOID context, PVOID callback, DWORD flags)
{
    static BOOL watching;
    struct census c;
    HANDLE h = NULL;
    say(L"EvtSubscribe(%p, %d, \"%ls\", \"%ls\", %p, %p, %p, 0x%lx)", session, signal != NULL, shown(path), shown(query), bookmark, context,
        callback, flags);
    /* Future events alone, pulled: a signal and no callback. */
    if (session || !signal || bookmark || callback || flags != 1) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    h = open_named(L"EvtSubscribe", path, SUBSCRIPTION);
    if (!h) return NULL;
    EnterCriticalSection(&lock);
    find_object(h, SUBSCRIPTION)->signal = signal;
    if (take(&channels[find_object(h, SUBSCRIPTION)->channel], &c)) find_object(h, SUBSCRIPTION)->given = c.last_id;
    if (!watching) {
        watching = TRUE;
        CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
    }
    LeaveCriticalSection(&lock);
    SetLastError(203);
    return h;
}

/* next_pulled gives out an event of a subscription: those behind the last one, one by one. */
static BOOL next_pulled(struct object *o, HANDLE *events, PDWORD returned)
{
    struct census c;
    struct object *e;
    if (!take(&channels[o->channel], &c)) return FALSE;
    if (c.last_id == o->given) {
        SetLastError(ERROR_NO_MORE_ITEMS);
        return FALSE;
    }
    if (!(events[0] = open_object(EVENT, o->channel))) return FALSE;
    o->given = c.last_id > o->given ? o->given + 1 : c.last_id; /* cleared: the last one */
    e = find_object(events[0], EVENT);
    e->id = o->given;
    e->time = c.last_time;
    *returned = 1;
    return TRUE;
}

BOOL WINAPI EvtNext(HANDLE h, DWORD count, HANDLE *events, DWORD timeout, DWORD flags, PDWORD returned)
{
    struct object *o;
    struct census c;
    BOOL ok = FALSE;
    EnterCriticalSection(&lock);
    say(L"EvtNext(%lu, %lu, 0x%lx)", count, timeout, flags);
    *returned = 0;
    if ((o = find_object(h, SUBSCRIPTION))) {
        ok = !fails(L"EvtNext", channels[o->channel].name, -1) && next_pulled(o, events, returned);
    } else if ((o = find_object(h, QUERY)) && !fails(L"EvtNext", channels[o->channel].name, -1) && take(&channels[o->channel], &c)) {
        if (o->position || !c.count) {
            SetLastError(ERROR_NO_MORE_ITEMS);
        } else if ((events[0] = open_object(EVENT, o->channel))) {
            struct object *e = find_object(events[0], EVENT);
            e->id = o->reverse ? c.last_id : c.first_id;
            e->time = o->reverse ? c.last_time : c.first_time;
            o->position = 1;
            *returned = 1;
            ok = TRUE;
        }
    }
    LeaveCriticalSection(&lock);
    return ok;
}

BOOL WINAPI EvtRender(HANDLE context, HANDLE fragment, DWORD flags, DWORD size, PVOID buffer, PDWORD used, PDWORD properties)
{
    struct object *o;
    FILETIME ft;
    SYSTEMTIME st;
    BOOL ok = FALSE;
    static WCHAR text[TEXT_MAX];
    EnterCriticalSection(&lock);
    say(L"EvtRender(%p, %lu, %lu)", context, flags, size);
    if ((o = find_object(fragment, EVENT)) && !fails(L"EvtRender", channels[o->channel].name, -1)) {
        ft.dwLowDateTime = (DWORD)o->time;
        ft.dwHighDateTime = (DWORD)(o->time >> 32);
        FileTimeToSystemTime(&ft, &st);
        /* Long enough that the first buffer does not do. */
        _snwprintf(text, TEXT_MAX - 1,
            L"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='%*ls'/>"
            L"<TimeCreated SystemTime='%04u-%02u-%02uT%02u:%02u:%02u.%07uZ'/><EventRecordID>%I64u</EventRecordID></System></Event>",
            (int)setting(L"xml", 3000), L"p", st.wYear, st.wMonth, st.wDay, st.wHour, st.wMinute, st.wSecond,
            (unsigned)(o->time % 10000000), o->id);
        *used = (DWORD)(wcslen(text) + 1) * 2;
        *properties = 0;
        if (size < *used) {
            SetLastError(ERROR_INSUFFICIENT_BUFFER);
        } else {
            memcpy(buffer, text, *used);
            ok = TRUE;
        }
    }
    LeaveCriticalSection(&lock);
    return ok;
}

BOOL WINAPI EvtClose(HANDLE h)
{
    ULONG_PTR i = ((ULONG_PTR)h - 0x1000) / 4;
    BOOL ok = FALSE;
    EnterCriticalSection(&lock);
    if ((ULONG_PTR)h >= 0x1000 && i < MAX_HANDLES && objects[i].kind != FREE) {
        objects[i].kind = FREE;
        ok = TRUE;
    } else {
        say(L"EvtClose of no handle");
        SetLastError(ERROR_INVALID_HANDLE);
    }
    LeaveCriticalSection(&lock);
    return ok;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    int i, live = 0;
    switch (reason) {
    case DLL_PROCESS_ATTACH:
        DisableThreadLibraryCalls(self);
        InitializeCriticalSection(&lock);
        load();
        break;
    case DLL_PROCESS_DETACH:
        for (i = 0; i < MAX_HANDLES; i++) {
            if (objects[i].kind != FREE) {
                live++;
                say(L"leaked %hs", kinds[objects[i].kind]);
            }
        }
        say(L"detach live=%d", live);
    }
    return TRUE;
}
