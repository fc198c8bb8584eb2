using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary><c>notices</c>: whom PocSync told what, what waits and until when, and what could not be told.</summary>
internal static class NoticesVerb
{
    public static Command Create(Surroundings around)
    {
        var format = VerbOptions.Format();
        var limit = new Option<int>("--limit") { Description = "How many of each, newest first.", DefaultValueFactory = _ => 50 };
        var verb = new Command("notices", "Shows whom PocSync told what, what waits and until when, and what could not be told and why.") { format, limit };
        verb.SetAction(async (parsed, _) =>
        {
            var queries = new NoticeQueries(await LedgerDatabase.OpenAsync(LedgerSettings.Read(around.Settings)));
            var most = Math.Max(1, parsed.GetValue(limit));
            Write(await queries.PageAsync(0, most), await queries.DroppedAsync(null, most), parsed.GetValue(format), around);
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    private static void Write(IReadOnlyList<ListedMessage> messages, IReadOnlyList<NewsRow> dropped, OutputFormat format, Surroundings around)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(messages, dropped, around.Output);
            return;
        }

        using var text = around.OpenText();
        if (format == OutputFormat.Csv)
        {
            CsvText.Row(text, [.. Columns.Select(c => c.Name)]);
            foreach (var message in messages)
            {
                CsvText.Row(text, [.. Columns.Select(c => c.Of(message))]);
            }

            return;
        }

        foreach (var one in messages)
        {
            var (message, reason) = (one.Message, one.Message.Reason is { } why ? $" ({why})" : "");
            var until = message.NotBefore is { } at && message.SentAt is null ? $" until {JsonText.Instant(at)}" : "";
            text.WriteLine(PlainText.Line(
                $"{JsonText.Instant(message.SentAt ?? message.At)}  {message.Channel,-7}  {NoticeWords.StateOf(message)}{until}{reason}  {(message.Receiver.Length == 0 ? "the team" : message.ReceiverName)}: {NoticeWords.TitleOf(one)}"));
        }

        if (messages.Count == 0)
        {
            text.WriteLine("Nobody was told anything yet.");
        }

        foreach (var why in dropped.GroupBy(d => d.Why))
        {
            text.WriteLine(PlainText.Line($"Told nobody, because {why.Key}: {NumberText.Count(why.Count(), "piece")} of news, such as {why.First().Kind} of {why.First().AccountName}."));
        }
    }

    private static readonly (string Name, Func<ListedMessage, string?> Of)[] Columns =
    [
        ("message", m => m.Message.Id.ToString(CultureInfo.InvariantCulture)), ("channel", m => JsonText.Word(Enum.Parse<Core.Notices.ChannelKind>(m.Message.Channel))),
        ("receiver", m => m.Message.Receiver), ("receiverName", m => m.Message.ReceiverName), ("state", m => m.Message.State.ToLowerInvariant()),
        ("reason", m => m.Message.Reason), ("notBefore", m => JsonText.Instant(m.Message.NotBefore)), ("made", m => JsonText.Instant(m.Message.At)),
        ("sent", m => JsonText.Instant(m.Message.SentAt)), ("attempts", m => m.Message.Attempts.ToString(CultureInfo.InvariantCulture)),
        ("news", m => m.News.ToString(CultureInfo.InvariantCulture)), ("title", m => m.Message.Title),
    ];

    private static void WriteJson(IReadOnlyList<ListedMessage> messages, IReadOnlyList<NewsRow> dropped, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("messages");
            foreach (var message in messages)
            {
                json.WriteStartObject();
                foreach (var (name, of) in Columns)
                {
                    if (name is "message" or "attempts" or "news")
                    {
                        json.WriteNumber(name, long.Parse(of(message)!, CultureInfo.InvariantCulture));
                    }
                    else
                    {
                        json.WriteString(name, of(message));
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("dropped");
            foreach (var news in dropped)
            {
                json.WriteStartObject();
                json.WriteString("kind", news.Kind);
                json.WriteString("receiver", news.Receiver);
                json.WriteString("account", news.Account);
                json.WriteString("accountName", news.AccountName);
                json.WriteString("why", news.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
