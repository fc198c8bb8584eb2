using System.Globalization;
using System.Text.Json;
using PocSync.Core.Calls;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Plans;

/// <summary>
/// Writes a plan as one JSON object under the org's own names, with the days of writing resolved to the plan's day, so that it can be applied
/// literally. Equal plans give equal bytes. Beside what a reader applies stands what <see cref="PlanReader"/> needs to have the same plan again:
/// which values are relative days, and what the guard compared.
/// </summary>
public static class PlanJson
{
    /// <summary>Writes the plan with the states that the guard's verdict gives.</summary>
    /// <param name="file">The plan.</param>
    /// <param name="verdict">The guard's verdict.</param>
    /// <param name="names">The org's names.</param>
    /// <param name="output">Where to.</param>
    /// <param name="stays">For an undo: what it leaves as it is.</param>
    public static void Write(PlanFile file, Verdict verdict, Names names, Stream output, IReadOnlyList<Stays>? stays = null)
    {
        var plan = file.Plan;
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteString("asOf", JsonText.Instant(plan.AsOf));
        json.WriteString("binding", JsonText.Word(plan.Binding));
        json.WriteString("digest", plan.Digest);
        json.WriteNumber("calls", CallEstimate.Of(plan.Corrections));
        json.WriteString("org", plan.Org.IsNone ? null : plan.Org.ToString());
        json.WriteString("today", Day(plan.Today));
        WriteMeasure(file.Measure, json);
        JsonText.Write("refusals", verdict.Refusals, json);
        json.WriteStartArray("corrections");
        foreach (var correction in plan.Corrections)
        {
            Write(correction, verdict, plan.Today, names, json);
            if (json.BytesPending > 64 * 1024)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("unpicked");
        foreach (var unpicked in plan.Unpicked)
        {
            json.WriteStartObject();
            json.WriteString("rule", unpicked.Rule);
            json.WriteString("code", unpicked.Code);
            json.WriteString("account", unpicked.Account.ToString());
            json.WriteString("sentence", unpicked.Sentence);
            JsonText.Write("trace", unpicked.Trace, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (stays is not null)
        {
            Write(stays, json);
        }

        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes what an undo leaves as it is, as the property <c>stays</c>.</summary>
    public static void Write(IReadOnlyList<Stays> stays, Utf8JsonWriter json)
    {
        json.WriteStartArray("stays");
        foreach (var stay in stays)
        {
            json.WriteStartObject();
            json.WriteString("account", stay.Account.ToString());
            json.WriteString("accountName", stay.AccountName);
            json.WriteString("sentence", stay.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMeasure(Measure measure, Utf8JsonWriter json)
    {
        json.WriteNumber("accountsInScope", measure.AccountsInScope);
        json.WriteStartObject("counts");
        foreach (var (what, count) in measure.Counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(what, count);
        }

        json.WriteEndObject();
        JsonText.Write("shown", measure.Shown, json);
    }

    private static void Write(Correction correction, Verdict verdict, DateOnly today, Names names, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", correction.Id);
        json.WriteString("rule", correction.Rule);
        json.WriteString("code", correction.Code);
        json.WriteString("account", correction.Account.ToString());
        json.WriteString("accountName", correction.AccountName);
        json.WriteString("mode", JsonText.Word(correction.Mode));
        json.WriteString("state", JsonText.Word(verdict.StateOf(correction)));
        if (verdict.StateOf(correction) != correction.State)
        {
            json.WriteBoolean("byGuard", true);
        }

        if (correction.Why.Length > 0)
        {
            json.WriteString("why", correction.Why);
        }

        if (correction.NotBefore is { } notBefore)
        {
            json.WriteString("notBefore", Day(notBefore));
        }

        JsonText.Write("reasons", verdict.ReasonsOf(correction), json);
        JsonText.Write("buildsOn", correction.BuildsOn, json);
        json.WriteString("sentence", correction.Sentence);
        JsonText.Write("trace", correction.Trace, json);
        json.WriteStartArray("people");
        foreach (var person in correction.People)
        {
            json.WriteStartObject();
            json.WriteString("id", person.Id.ToString());
            json.WriteString("name", person.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("writes");
        foreach (var write in correction.Writes)
        {
            Write(write, today, names, json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Write write, DateOnly today, Names names, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object", names.Object(write.Object));
        json.WriteString("id", write.Id.IsNone ? null : write.Id.ToString());
        json.WriteString("key", write.Key?.On(today));
        if (write.Key?.Day.Day is { } keyDay)
        {
            json.WriteString("keyDay", JsonText.Word(keyDay));
        }

        json.WriteString("action", JsonText.Word(write.Action));
        if (!write.User.IsNone)
        {
            json.WriteString("user", write.User.ToString());
        }

        if (write.Role is { } role)
        {
            json.WriteString("role", JsonText.Word(role));
        }

        json.WriteStartObject("fields");
        foreach (var field in write.Fields)
        {
            json.WriteStartObject(names.Field(write.Object, field.Field));
            json.WriteString("before", field.Before);
            json.WriteString("after", field.After.On(today));
            if (field.After.Day is { } day)
            {
                json.WriteString("day", JsonText.Word(day));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
