using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Platform;

/// <summary>Fields that the platform works out when a row is saved. Stages, states and probabilities are those of a new org.</summary>
internal static class DerivedFields
{
    private static readonly Dictionary<string, (decimal Probability, bool Closed, bool Won, string Forecast)> Stages =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Prospecting"] = (10, false, false, "Pipeline"),
            ["Qualification"] = (10, false, false, "Pipeline"),
            ["Needs Analysis"] = (20, false, false, "Pipeline"),
            ["Value Proposition"] = (50, false, false, "Pipeline"),
            ["Id. Decision Makers"] = (60, false, false, "Pipeline"),
            ["Perception Analysis"] = (70, false, false, "Pipeline"),
            ["Proposal/Price Quote"] = (75, false, false, "Pipeline"),
            ["Negotiation/Review"] = (90, false, false, "Pipeline"),
            ["Closed Won"] = (100, true, true, "Closed"),
            ["Closed Lost"] = (0, true, false, "Omitted"),
        };

    public static void Work(Org org, Table table, int row, Draft draft, bool creating)
    {
        switch (table.Schema.Name)
        {
            case "Contact" or "User":
                Put("Name", $"{Get("FirstName")} {Get("LastName")}".Trim());
                if (table.Schema.Name == "Contact")
                    Put("IsEmailBounced", Get("EmailBouncedDate") is not null);
                else if (creating)
                    Put("UserType", "Standard");
                break;
            case "Opportunity" when Names("StageName") && Get("StageName") is string name && Stages.TryGetValue(name, out var stage):
                Put("IsClosed", stage.Closed);
                Put("IsWon", stage.Won);
                Put("ForecastCategory", stage.Forecast);
                if (!Names("Probability"))
                    Put("Probability", stage.Probability);
                break;
            case "Case" when creating || Names("Status"):
                var closed = Get("Status") is "Closed";
                Put("IsClosed", closed);
                Put("ClosedDate", closed ? Get("ClosedDate") ?? org.Now : null);
                break;
            case "Task":
                Activity(org, table, row);
                var done = Get("Status") is "Completed";
                Put("IsClosed", done);
                Put("CompletedDateTime", done ? Get("CompletedDateTime") ?? org.Now : null);
                Put("IsHighPriority", Get("Priority") is "High");
                if (done)
                {
                    Touch(org, "Account", (string?)Get("AccountId"), (DateOnly?)Get("ActivityDate"));
                    Touch(org, "Contact", (string?)Get("WhoId"), (DateOnly?)Get("ActivityDate"));
                }
                break;
            case "Event":
                Activity(org, table, row);
                Times();
                break;
        }

        // The length follows from both ends, and the last end from the length; an all-day event has its days as midnights of UTC, the last one included.
        void Times()
        {
            if (Get("StartDateTime") is not DateTimeOffset from)
                return;
            var day = Get("IsAllDayEvent") is true ? 1_440 : 0;
            if (Names("DurationInMinutes") && !Names("EndDateTime") && Get("DurationInMinutes") is decimal minutes)
                Put("EndDateTime", from.AddMinutes((double)minutes - day));
            else if (Get("EndDateTime") is DateTimeOffset to)
                Put("DurationInMinutes", (decimal)(to - from).TotalMinutes + day);
            Put("ActivityDateTime", day > 0 ? null : from);
            Put("ActivityDate", DateOnly.FromDateTime(from.UtcDateTime));
            if (Get("EndDateTime") is DateTimeOffset end)
                Put("EndDate", DateOnly.FromDateTime(end.UtcDateTime));
        }

        object? Get(string field) => table[row, table.Schema[field]];
        void Put(string field, object? value) => table.Set(row, table.Schema[field], value);
        bool Names(string field) => draft.TryGet(table.Schema[field], out _);
    }

    /// <summary>The account behind WhatId, else behind the contact in WhoId.</summary>
    private static void Activity(Org org, Table table, int row)
    {
        string? account = null;
        foreach (var link in (string[])["WhatId", "WhoId"])
            if (account is null && table.Text(row, table.Schema[link]) is { } id && org.Find(id) is var (linked, at))
                account = linked.Schema.Name == "Account" ? id : linked.Schema.Find("AccountId") is { } to ? linked.Text(at, to) : null;
        table.Set(row, table.Schema["AccountId"], account);
    }

    /// <summary>LastActivityDate is the latest due date of a completed task.</summary>
    private static void Touch(Org org, string of, string? id, DateOnly? day)
    {
        if (id is null || day is null || org[of] is var table && table.FindLive(id) is var row && row < 0)
            return;
        var field = table.Schema["LastActivityDate"];
        if (table[row, field] is not DateOnly last || last < day)
            table.Set(row, field, day);
    }
}
