using module .\Shared.psm1
Import-Module Billing.Tools
. .\helpers.ps1

$MaxRetries = 3

<#
.SYNOPSIS
Sends the invoices of a day.
#>
function Send-Invoices {
    param([datetime]$Day)
    $invoices = Get-Invoices -Day $Day
    Write-Log "sending $($invoices.Count)"
    [Mailer]::Deliver($invoices)
}

class Invoice : Document {
    [decimal]$Total

    Invoice([decimal]$total) {
        $this.Total = $total
    }

    [string] Describe() {
        return Format-Money $this.Total
    }
}

enum State { Draft; Sent }

Send-Invoices -Day (Get-Date)
