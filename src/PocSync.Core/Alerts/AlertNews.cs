using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Core.Alerts;

/// <summary>Somebody snoozed a row in the org.</summary>
public sealed record AlertSnooze(AlertKey Key, RecordId Account, DateOnly Until, string By);

/// <summary>What people did to alert rows in the org since PocSync looked last.</summary>
/// <param name="Snoozed">These they snoozed,</param>
/// <param name="Woken">these they opened again, each with who did,</param>
/// <param name="Known">and this is how the rows are now.</param>
public sealed record AlertNews(IReadOnlyList<AlertSnooze> Snoozed, IReadOnlyList<(AlertKey Key, string By)> Woken, IReadOnlyList<KnownAlert> Known)
{
    /// <summary>How long a snooze lasts where nobody said until when.</summary>
    public const int DaysUnsaid = 7;

    /// <summary>What a mark that came from a row has for a reason.</summary>
    public const string Reason = "on its alert record in Salesforce";

    /// <summary>Whether nothing happened.</summary>
    public bool IsNone => Known.Count == 0;

    /// <summary>What differs from what was known is a person's doing, never <paramref name="worker"/>'s.</summary>
    public static AlertNews Of(IReadOnlyList<AlertRow> rows, IReadOnlyDictionary<AlertKey, KnownAlert> known, DateOnly today, RecordId worker)
    {
        // Where PocSync wrote to the row after the person did, the org no longer says who that was.
        string ByOf(AlertRow row) => row.Changer == worker ? "somebody" : row.ChangedBy;
        var (snoozed, woken, changed) = (new List<AlertSnooze>(), new List<(AlertKey, string)>(), new List<KnownAlert>());
        foreach (var row in rows)
        {
            var before = known.GetValueOrDefault(row.Key);
            if (before is not null && (before.Status, before.SnoozedUntil) == (row.Status, row.SnoozedUntil))
            {
                continue;
            }

            changed.Add(new KnownAlert(row.Key, row.Status, row.SnoozedUntil, before?.Assigned, null));
            if (row.Status == AlertStatus.Snoozed)
            {
                if ((row.SnoozedUntil ?? today.AddDays(DaysUnsaid)) is var until && until > today)
                {
                    snoozed.Add(new AlertSnooze(row.Key, row.Account, until, ByOf(row)));
                }
            }
            else if (before?.Status == AlertStatus.Snoozed)
            {
                woken.Add((row.Key, ByOf(row)));
            }
        }

        return new AlertNews(snoozed, woken, changed);
    }

    /// <summary>The marks as they are with the news.</summary>
    public IReadOnlyList<Mark> Onto(IReadOnlyList<Mark> marks)
    {
        var over = Woken.Select(w => w.Key).Concat(Snoozed.Select(s => s.Key)).ToHashSet();
        return
        [
            .. marks.Where(m => !over.Contains(new AlertKey(m.Rule, m.Code, m.Subject))),
            .. Snoozed.Select(s => new Mark(LeftAloneKind.Snoozed, s.Key.Rule, s.Key.Code, s.Key.Subject, "", s.Until, $"{s.By} snoozed it until {s.Until:yyyy-MM-dd}: {Reason}")),
        ];
    }
}
