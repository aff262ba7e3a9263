# Installs the MSI of make dist, looks whether everything is there, and removes it: on Windows, as administrator.
param([Parameter(Mandatory = $true)] [string] $Packages)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$msi = @(Get-ChildItem -Path $Packages -Filter '*_windows_amd64.msi')
if ($msi.Count -ne 1) { throw "$($msi.Count) MSIs in $Packages, want 1" }
$program = Join-Path $env:ProgramFiles 'gwlogs\gwlogs.exe'
$key = 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\gwlogs'

function Invoke-Installer([string] $What) {
    $arguments = @($What, "`"$($msi[0].FullName)`"", '/qn', '/norestart', '/l*v', 'msi.log')
    $process = Start-Process -FilePath msiexec.exe -ArgumentList $arguments -Wait -PassThru
    if ($process.ExitCode -ne 0) {
        Get-Content msi.log -Tail 60
        throw "msiexec ${What}: code $($process.ExitCode)"
    }
}

function Get-SystemPath { [Environment]::GetEnvironmentVariable('Path', 'Machine') }

$before = Get-SystemPath
Invoke-Installer '/i'
if ((Get-SystemPath) -notlike '*\gwlogs\*') { throw "not in PATH: $(Get-SystemPath)" }
$file = (Get-Item $key).GetValue('EventMessageFile', $null, 'DoNotExpandEnvironmentNames')
if ($file -ne '%SystemRoot%\System32\EventCreate.exe') { throw "EventMessageFile: $file" }
if (-not (Test-Path (Get-ItemProperty $key).EventMessageFile)) { throw 'EventMessageFile is not there' }
$menu = 'HKLM:\SOFTWARE\Classes\SystemFileAssociations\.evtx\shell\gwlogs'
if ((Get-ItemProperty $menu).MUIVerb -ne 'Diagnose with gwlogs') { throw 'context menu' }
if ((Get-Item "$menu\command").GetValue('') -ne "`"$program`" view `"%1`"") { throw "context menu: $((Get-Item "$menu\command").GetValue(''))" }
$shortcut = Join-Path ([Environment]::GetFolderPath('CommonPrograms')) 'Diagnose this gateway (gwlogs).lnk'
if (-not (Test-Path $shortcut)) { throw 'nothing in the start menu' }
& $program version
if ($LASTEXITCODE -ne 0) { throw "gwlogs version: exit code $LASTEXITCODE" }
& $program eventsource status
if ($LASTEXITCODE -ne 0) { throw "gwlogs eventsource status: exit code $LASTEXITCODE" }
$said = (Get-Item $program).VersionInfo
Write-Output "version resource: $($said.ProductName) $($said.ProductVersion)"
if ($said.ProductName -ne 'gwlogs') { throw 'version resource' }

Invoke-Installer '/x'
if (Test-Path $program) { throw 'the program is still there' }
if ((Test-Path $menu) -or (Test-Path $shortcut)) { throw 'the context menu or the entry in the start menu is still there' }
if (Test-Path $key) { throw 'the event source is still there' }
if ((Get-SystemPath) -ne $before) { throw "PATH is another one than before: $(Get-SystemPath)" }
Write-Output 'ok: the MSI installs and removes itself'
