package eventtext

import (
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// A field is what a column or key of an export holds.
type field int

const (
	noField field = iota
	fieldTime
	fieldLevel
	fieldLevelName
	fieldProvider
	fieldID
	fieldChannel
	fieldComputer
	fieldRecord
	fieldMessage
	fieldData // further text: parameters, EventData
)

// fieldNames are the names of columns and keys, in lower case without blanks: of Event Viewer's CSV in its languages, of
// Get-WinEvent and Get-EventLog through Export-Csv and ConvertTo-Json, of the table Event of Log Analytics, and of gwlogs itself.
var fieldNames = map[string]field{
	"timecreated": fieldTime, "timegenerated": fieldTime, "timegenerated[utc]": fieldTime, "timewritten": fieldTime, "time": fieldTime, "time(utc)": fieldTime,
	"dateandtime": fieldTime, "dateetheure": fieldTime, "datumunduhrzeit": fieldTime, "fechayhora": fieldTime, "dataeora": fieldTime, "dataehora": fieldTime,
	"datumentijd": fieldTime, "datumentijdstip": fieldTime, "日付と時刻": fieldTime, "日期和时间": fieldTime, "날짜및시간": fieldTime, "датаивремя": fieldTime, "dataigodzina": fieldTime,
	"timestamp": fieldTime, "systemtime": fieldTime, "@timestamp": fieldTime,

	"level": fieldLevel, "eventlevel": fieldLevel, "leveldisplayname": fieldLevelName, "eventlevelname": fieldLevelName, "entrytype": fieldLevelName,
	"niveau": fieldLevelName, "ebene": fieldLevelName, "nivel": fieldLevelName, "livello": fieldLevelName, "nível": fieldLevelName,
	"レベル": fieldLevelName, "级别": fieldLevelName, "수준": fieldLevelName, "уровень": fieldLevelName, "poziom": fieldLevelName,

	"source": fieldProvider, "providername": fieldProvider, "provider": fieldProvider, "quelle": fieldProvider, "origen": fieldProvider, "origine": fieldProvider,
	"origem": fieldProvider, "bron": fieldProvider, "fonte": fieldProvider, "ソース": fieldProvider, "来源": fieldProvider, "원본": fieldProvider, "источник": fieldProvider, "źródło": fieldProvider,

	"eventid": fieldID, "id": fieldID, "instanceid": fieldID, "eventcode": fieldID, "idévénement": fieldID, "iddel'événement": fieldID, "idd'événement": fieldID, "ereignis-id": fieldID,
	"ereigniskennung": fieldID, "id.delevento": fieldID, "iddeevento": fieldID, "idevento": fieldID, "iddoevento": fieldID, "gebeurtenis-id": fieldID, "イベントid": fieldID,
	"事件id": fieldID, "이벤트id": fieldID, "кодсобытия": fieldID, "identyfikatorzdarzenia": fieldID,

	"logname": fieldChannel, "eventlog": fieldChannel, "channel": fieldChannel, "log": fieldChannel, "containerlog": noField,
	"machinename": fieldComputer, "computer": fieldComputer, "computername": fieldComputer, "host": fieldComputer,
	"recordid": fieldRecord, "eventrecordid": fieldRecord, "record": fieldRecord, "index": fieldRecord, "eventnumber": fieldRecord,
	"message": fieldMessage, "rendereddescription": fieldMessage, "description": fieldMessage,
	"parameterxml": fieldData, "eventdata": fieldData, "replacementstrings": fieldData, "properties": noField, "data": fieldData,
}

// fieldOf is what a column or key of this name holds.
func fieldOf(name string) field {
	name = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '_', '\u00a0', '\u202f', '"', '\ufeff':
			return -1
		case '’':
			return '\''
		}
		return r
	}, strings.ToLower(name))
	return fieldNames[name]
}

// set puts the value of a field into an event.
func (c *cells) set(e *evtx.Event, f field, value string) {
	value = strings.TrimSpace(value)
	if value == "" {
		return
	}
	switch f {
	case fieldTime:
		e.TimeCreated = c.times.parse(value)
	case fieldLevel, fieldLevelName:
		if level := parseLevel(value); level != 0 {
			e.Level = level
		}
	case fieldProvider:
		e.Provider = value
	case fieldID:
		if id, err := strconv.ParseUint(value, 10, 64); err == nil {
			e.EventID = uint16(id) // of an InstanceId, the lower half
		}
	case fieldChannel:
		e.Channel = value
	case fieldComputer:
		e.Computer = value
	case fieldRecord:
		if id, err := strconv.ParseUint(value, 10, 64); err == nil {
			e.EventRecordID = id
		}
	case fieldMessage, fieldData:
		if text := clean(value); text != "" && (len(e.Strings) == 0 || !strings.Contains(e.Strings[0], text)) {
			e.Strings = append(e.Strings, text)
		}
	}
}

// cells reads the values of an export's rows.
type cells struct{ times *times }

// levelNames are the levels' first letters in the languages of Windows, in lower case; a value begins with one of them.
var levelNames = []struct {
	level evtx.Level
	names []string
}{
	{1, []string{"crit", "krit", "kryt", "крит", "严重", "重大", "위험", "fatal"}},
	{2, []string{"err", "feh", "fout", "fehler", "błąd", "blad", "ошиб", "错误", "錯誤", "エラー", "오류", "fallo", "fel", "hiba", "chyb",
		"hata", "failureaudit"}},
	{3, []string{"warn", "avert", "aviso", "advert", "avviso", "waarsch", "ostrz", "предупр", "警告", "경고", "varning", "figyelmez",
		"upoz", "uyarı"}},
	{5, []string{"verb", "ausf", "détail", "dettag", "uitg", "подроб", "详细", "詳細", "자세"}},
	{4, []string{"info", "инф", "信息", "情報", "정보", "успех", "success"}},
}

// parseLevel is the level that a name or number means; 0 for none.
func parseLevel(value string) evtx.Level {
	if n, err := strconv.ParseUint(value, 10, 8); err == nil && n <= 5 {
		return evtx.Level(n)
	}
	value = strings.ToLower(value)
	for _, l := range levelNames {
		for _, name := range l.names {
			if strings.HasPrefix(value, name) {
				return l.level
			}
		}
	}
	return 0
}
