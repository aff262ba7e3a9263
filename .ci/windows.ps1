# Holds what gwlogs reads of a live channel against Get-WinEvent: on Windows, as administrator, in Windows PowerShell 5.1.
# It makes a classic log with the name of a gateway's, fills it, and removes it. In the folder Out stay the log as Windows
# exported it and what gwlogs made of it. ASCII alone: without a mark, PowerShell 5.1 takes a script for the old code page.
param(
    [Parameter(Mandatory = $true)] [string] $Gwlogs,
    [Parameter(Mandatory = $true)] [string] $Out
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2
[Console]::OutputEncoding = [Text.Encoding]::UTF8

$log = 'Integration Runtime'
$source = 'gwlogs-ci'
$reportID = '06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4'
$blocked = 'An attempt was made to access a socket in a way forbidden by its access permissions 40.68.114.96:9350'
$problem = 'gateway-cannot-reach-cloud-servicebus'

$program = (Resolve-Path $Gwlogs).Path
$folder = (New-Item -ItemType Directory -Force -Path $Out).FullName

function Confirm-Equal($Got, $Want, [string] $What) {
    if ("$Got" -cne "$Want") { throw "${What}: '$Got', want '$Want'" }
}

# Invoke-Gwlogs runs it; anything but success ends the test.
function Invoke-Gwlogs([string[]] $Arguments) {
    & $program $Arguments
    if ($LASTEXITCODE -ne 0) { throw "gwlogs ${Arguments}: exit code $LASTEXITCODE" }
}

# Read-Gwlogs runs it with an output file and returns the lines of that.
function Read-Gwlogs([string] $Name, [string[]] $Arguments) {
    $file = Join-Path $folder $Name
    Invoke-Gwlogs ($Arguments + @('-o', $file)) | Out-Null
    Get-Content -LiteralPath $file -Encoding UTF8
}

# Get-Text is the value of a JSON element, which has attributes or has not.
function Get-Text($Element) {
    if ($Element -is [Management.Automation.PSCustomObject]) { $Element.'#text' } else { $Element }
}

# Get-DataText is the event's data: as Windows has them in its XML, one string a line.
function Get-DataText($Record) {
    $names = New-Object Xml.XmlDocument
    $names.LoadXml($Record.ToXml())
    $nodes = $names.SelectNodes("//*[local-name()='EventData']/*[local-name()='Data']")
    ($nodes | ForEach-Object { $_.InnerText }) -join "`n"
}

# Compare-Events holds the JSON lines of gwlogs against the events of Windows, one by one.
function Compare-Events([object[]] $Lines, [object[]] $Events, [string] $What) {
    Confirm-Equal $Lines.Count $Events.Count "$What, number of events"
    for ($i = 0; $i -lt $Events.Count; $i++) {
        $want = $Events[$i]
        $got = ($Lines[$i] | ConvertFrom-Json).Event
        $where = "$What, record $($want.RecordId)"
        Confirm-Equal $got.System.EventRecordID $want.RecordId "$where, record"
        Confirm-Equal (Get-Text $got.System.EventID) $want.Id "$where, id"
        Confirm-Equal $got.System.Level $want.Level "$where, level"
        Confirm-Equal $got.System.Provider.'#attributes'.Name $want.ProviderName "$where, provider"
        Confirm-Equal $got.System.Channel $want.LogName "$where, channel"
        Confirm-Equal $got.System.Computer $want.MachineName "$where, computer"
        $time = [DateTimeOffset]::Parse($got.System.TimeCreated.'#attributes'.SystemTime, [Globalization.CultureInfo]::InvariantCulture)
        $wanted = $want.TimeCreated.ToUniversalTime()
        Confirm-Equal $time.UtcTicks $wanted.Ticks "$where, time"
        Confirm-Equal (Get-Text $got.EventData.Data) (Get-DataText $want) "$where, data"
    }
    Write-Output "ok: ${What}: $($Events.Count) events are as Windows has them"
}

function Confirm-Diagnosis([string] $Name, [string[]] $Arguments, [int] $Count) {
    $findings = ((Read-Gwlogs $Name $Arguments) -join "`n" | ConvertFrom-Json).findings
    $found = @($findings | Where-Object { $_.signature -eq $problem })
    Confirm-Equal $found.Count 1 "$Arguments, findings of $problem"
    Confirm-Equal $found[0].count $Count "$Arguments, events of $problem"
    Write-Output "ok: $Arguments"
}

New-EventLog -LogName $log -Source $source
try {
    $umlauts = -join [char[]](0xC4, 0xD6, 0xDC, 0x20, 0x30AC, 0x30B9)
    foreach ($i in 1..40) {
        Write-EventLog -LogName $log -Source $source -EventId 300 -EntryType Information -Message "Copy $i done: $umlauts <&>"
    }
    foreach ($i in 1..7) {
        Write-EventLog -LogName $log -Source $source -EventId 401 -EntryType Error -Message $blocked
    }
    Write-EventLog -LogName $log -Source $source -EventId 25 -EntryType Information -Message "The logs were sent. Report ID: $reportID"

    $events = @()
    foreach ($try in 1..30) { # the service takes its time
        $events = @(Get-WinEvent -LogName $log -Oldest)
        if ($events.Count -ge 48) { break }
        Start-Sleep -Milliseconds 500
    }
    Confirm-Equal $events.Count 48 'events that Windows has'

    $channel = "channel:$log"
    $lines = @(Read-Gwlogs 'channel.jsonl' @('events', '--format', 'jsonl', $channel))
    Compare-Events $lines $events 'live channel'

    $errors = @(Read-Gwlogs 'errors.jsonl' @('events', '--id', '401', '--format', 'jsonl', $channel))
    Compare-Events $errors @($events | Where-Object { $_.Id -eq 401 }) 'live channel, event 401'

    $exported = Join-Path $folder 'integration-runtime.evtx'
    wevtutil.exe export-log $log $exported /overwrite:true
    Confirm-Equal $LASTEXITCODE 0 'exit code of wevtutil export-log'
    $again = @(Read-Gwlogs 'exported.jsonl' @('events', '--format', 'jsonl', $exported))
    Confirm-Equal ($again -join "`n") ($lines -join "`n") 'the exported log, against the live channel'

    $ids = @((Read-Gwlogs 'report-id.json' @('report-id', '--format', 'json', $channel)) -join "`n" | ConvertFrom-Json | ForEach-Object { $_.report_id })
    Confirm-Equal ($ids -join ' ') $reportID 'report-id'
    Write-Output 'ok: report-id'

    Confirm-Diagnosis 'diagnosis.json' @('diagnose', '--format', 'json', $channel) 7
    Confirm-Diagnosis 'diagnosis-default.json' @('diagnose', '--format', 'json') 7

    # The machine itself: nothing beyond it is tried.
    $machine = (Read-Gwlogs 'check.json' @('check', '--only', 'machine', '--format', 'json')) -join "`n" | ConvertFrom-Json
    $found = @($machine.results | ForEach-Object { $_.finding })
    foreach ($want in @('service-missing', 'time-zone', 'dotnet')) {
        if ($found -notcontains $want) { throw "check finds '$found', want $want" }
    }
    Write-Output 'ok: check of the machine'

    $listed = @((Invoke-Gwlogs @('channels', '--format', 'json')) -join "`n" | ConvertFrom-Json | ForEach-Object { $_ } | Where-Object { $_.channel -eq $log })
    Confirm-Equal $listed.Count 1 'channels'
    Confirm-Equal $listed[0].records 48 'channels, records'
    Write-Output 'ok: channels'

    # A slice that gwlogs has written, in the hands of Windows.
    $slice = Join-Path $folder 'slice.evtx'
    Invoke-Gwlogs @('events', '--id', '401', '--format', 'evtx', '-o', $slice, $channel) | Out-Null
    Compare-Events $errors @(Get-WinEvent -Path $slice -Oldest) 'slice'

    # Event 25 of gwlogs itself, and its text.
    Invoke-Gwlogs @('eventsource', 'install')
    try {
        $bundle = Join-Path $folder 'bundle.zip'
        $own = (@(Invoke-Gwlogs @('archive', '--log-event', '-o', $bundle, $channel)) | Select-Object -Last 1).Trim()
        Start-Sleep -Seconds 2
        $written = @(Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = 'gwlogs'; Id = 25 })
        Confirm-Equal $written.Count 1 'events 25 of gwlogs'
        if ($written[0].Message -notlike "*$own*") { throw "event 25 reads '$($written[0].Message)', want $own in it" }
        $ids = @((Read-Gwlogs 'report-id-own.json' @('report-id', '--format', 'json')) -join "`n" | ConvertFrom-Json | ForEach-Object { $_.report_id })
        if ($ids -notcontains $own) { throw "report-id finds '$ids', want $own" }
        Invoke-Gwlogs @('verify', $bundle)
        Write-Output 'ok: event 25 of gwlogs'
    } finally {
        & $program eventsource remove
    }
} finally {
    Remove-EventLog -LogName $log
}
