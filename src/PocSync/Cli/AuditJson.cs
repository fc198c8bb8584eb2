using System.Text.Json;

namespace PocSync.Cli;

/// <summary>Writes an audit as one JSON object.</summary>
internal static class AuditJson
{
    public static void Write(AuditResult audit, Stream output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Options);
        json.WriteStartObject();
        json.WriteString("asOf", JsonText.Instant(audit.Snapshot.AsOf.Now));
        json.WriteString("binding", JsonText.Word(audit.Snapshot.Binding));
        json.WriteNumber("accounts", audit.Snapshot.Accounts.Count);
        json.WriteNumber("exempt", audit.Exempt);
        json.WriteNumber("users", audit.Snapshot.Users.Count);
        json.WriteStartArray("rules");
        foreach (var rule in audit.Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Rule.Id);
            json.WriteBoolean("evaluated", rule.Reason is null);
            json.WriteString("reason", rule.Reason);
            json.WriteNumber("findings", rule.Findings.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in audit.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule);
            json.WriteString("code", finding.Code);
            json.WriteString("subject", finding.Subject.ToString());
            json.WriteString("account", finding.Account.IsNone ? null : finding.Account.ToString());
            json.WriteString("severity", JsonText.Word(finding.Severity));
            json.WriteString("seen", finding.Seen);
            json.WriteString("expected", finding.Expected);
            json.WriteString("sentence", finding.Sentence);
            json.WriteEndObject();
            if (json.BytesPending > 64 * 1024)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
