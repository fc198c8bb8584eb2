namespace PocSync.Ledger;

/// <summary>What was known of an alert row of the org when PocSync looked last; one that is closed, and was not refused, is not kept.</summary>
public sealed class AlertStateRow
{
    /// <summary>The row's <c>Sync_Key__c</c>.</summary>
    public required string Key { get; init; }

    /// <summary>A word of <see cref="Core.Alerts.AlertStatus"/>.</summary>
    public required string Status { get; init; }
    public string? SnoozedUntil { get; init; }

    /// <summary>To whom PocSync assigned it, an empty text for nobody; null where that is not known.</summary>
    public string? Assigned { get; init; }

    /// <summary>What of it the org refused, and why.</summary>
    public string? Refused { get; init; }
}

/// <summary>An alert row that was about to be written, and what became of it.</summary>
public sealed class AlertWriteRow
{
    public long Id { get; init; }
    public long Run { get; init; }
    public long At { get; init; }
    public required string Key { get; init; }
    public required string Account { get; init; }

    /// <summary>A word of <see cref="Core.Alerts.AlertDeed"/>.</summary>
    public required string Deed { get; init; }
    public required string Name { get; init; }
    public required string Sentence { get; init; }

    /// <summary>Whose the row becomes; empty where that does not change.</summary>
    public required string Assigned { get; init; }

    /// <summary><c>Written</c>, <c>Refused</c> or <c>Unknown</c>; null until the org has answered, or a later run has looked.</summary>
    public string? Outcome { get; init; }
    public string? Reason { get; init; }

    /// <summary>What was done to the row, or was not and why.</summary>
    public string Words => Deed.ToLowerInvariant() + Outcome switch
    {
        "Written" => "",
        "Refused" => $", refused by the org: {Reason}",
        null => ", not known yet whether it was written",
        _ => ", not known whether it was written",
    };
}
