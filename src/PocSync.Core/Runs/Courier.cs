using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PocSync.Core.Notices;
using PocSync.Core.Records;

namespace PocSync.Core.Runs;

/// <summary>What was told.</summary>
/// <param name="Sent">Messages by channel.</param>
/// <param name="Waiting">What waits and until when, a sentence each.</param>
/// <param name="Problems">What could not be sent, a sentence each; names nobody.</param>
public sealed record CourierReport(IReadOnlyDictionary<ChannelKind, int> Sent, IReadOnlyList<string> Waiting, IReadOnlyList<string> Problems)
{
    /// <summary>Which channels cannot be used now, and why, a sentence each; these are among the problems.</summary>
    public IReadOnlyList<string> Unusable { get; init; } = [];

    /// <summary>All of it in sentences; empty where there was nothing to tell.</summary>
    public string Sentence => string.Join(' ', Sent.Where(s => s.Value > 0)
        .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Value:N0} {s.Key switch { ChannelKind.Smtp => "Email by Smtp", var other => other.ToString() }} {(s.Value == 1 ? "message" : "messages")} sent."))
        .Concat(Waiting).Concat(Problems));

    /// <summary>The same for logs, which repeat nothing of what an org says.</summary>
    public string ForLogs => Problems.Count == 0 ? Sentence : (this with { Problems = ["Not all could be sent; the ledger says why (pocsync notices)."] }).Sentence;
}

/// <summary>
/// Tells people what concerns them: one message a person and channel, in their working hours, within each channel's limits. A message is marked in the ledger before it
/// goes, so that one whose program dies over it is never sent twice; Tasks have keys and are written again.
/// </summary>
public sealed class Courier(
    IOrg org, IDirectory directory, IMail mail, IReadOnlyList<IChannel> channels, NoticeSettings settings, NoticeLinks links, params IReadOnlyList<IBrake> brakes)
{
    private const int MostAttempts = 6, DaysToAct = 5, MostTurns = 3, EnoughInVain = 3, MostNames = 3;

    /// <summary>Messages that may go before it is asked again whether writing is paused, where they go one by one: to ask costs a call of the org.</summary>
    private const int MostUnasked = 10;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(1), LongestWait = TimeSpan.FromHours(1);

    private readonly Dictionary<RecordId, Colleague> _people = [];
    private readonly Dictionary<RecordId, (string Name, RecordId Accountable)> _departments = [];
    private readonly Dictionary<RecordId, OpenWork> _open = [];
    private readonly HashSet<RecordId> _looked = [];
    private readonly Dictionary<ChannelKind, int> _sent = [];
    private readonly List<string> _waiting = [];
    private readonly List<string> _problems = [];
    private readonly List<string> _unusable = [];
    private OrgIdentity _identity = null!;
    private bool _isPaused;

    /// <summary>Sends what is due at an instant.</summary>
    /// <param name="names">The org's names.</param>
    /// <param name="now">The instant.</param>
    /// <param name="stop">Stops between messages.</param>
    public async Task<CourierReport> SendAsync(Names names, DateTimeOffset now, CancellationToken stop)
    {
        var post = await mail.ReadAsync(now);
        if (post is { News.Count: 0, Due.Count: 0, Over.Count: 0 })
        {
            return Report();
        }

        if (await IsPausedAsync(stop))
        {
            return Report();
        }

        _identity = await org.IdentifyAsync(stop);
        var absences = new List<Absence>();
        for (var turn = 0; turn < MostTurns && (turn == 0 || post.News.Count > 0); turn++)
        {
            absences.AddRange(await MeetAsync(post, names, now, stop));
            await mail.EndAsync([.. post.Due.Where(d => IsGone(d.Receiver)).Select(d => new MessageEnd(d.Id, MessageState.Returned, "its receiver is gone"))]);
            await AddressAsync(post, absences, now);
            post = await mail.ReadAsync(now);
        }

        foreach (var due in post.Due.GroupBy(d => d.Channel).OrderBy(g => g.Key))
        {
            await SendAsync(due.Key, [.. due.Where(d => !IsGone(d.Receiver))], now, stop);
        }

        await CloseAsync(post.Over, now, stop);
        return Report();
    }

    /// <summary>Closes Tasks whose handoffs are over; what the org does not take now is tried again, what it never takes is left to its owner.</summary>
    private async Task CloseAsync(IReadOnlyList<Envelope> over, DateTimeOffset now, CancellationToken stop)
    {
        if (over.Count == 0)
        {
            return;
        }

        var channel = channels.FirstOrDefault(c => c.Kind == ChannelKind.Task);
        var isUsable = channel is not null && await channel.WhyNotAsync(stop) is null;
        foreach (var some in over.Chunk(channel?.Together ?? over.Count))
        {
            if (await IsPausedAsync(stop))
            {
                break;
            }

            var fates = isUsable ? await channel!.CloseAsync([.. some.Select(KeyOf)], stop) : [.. some.Select(_ => new Delivery(Fate.NotSent))];
            await mail.EndAsync([.. some.Zip(fates).Select(s => s.Second.Fate is Fate.NotSent or Fate.Unknown
                ? new MessageEnd(s.First.Id, MessageState.Sent, s.Second.Reason, now + LongestWait) : new MessageEnd(s.First.Id, MessageState.Done, s.Second.Reason))]);
        }
    }

    private static string KeyOf(Envelope envelope) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', envelope.Keys.Order(StringComparer.Ordinal).Prepend(envelope.Receiver.ToString())))));

    private async Task<bool> IsPausedAsync(CancellationToken stop)
    {
        foreach (var brake in _isPaused ? [] : brakes)
        {
            if (await brake.WhyAsync(stop) is not null)
            {
                _isPaused = true;
                _waiting.Add("Notices wait, because writing is paused.");
                break;
            }
        }

        return _isPaused;
    }

    private CourierReport Report() => new(_sent, _waiting, _problems) { Unusable = _unusable };

    private DateOnly TodayAt(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, _identity.Zone).DateTime);

    private bool IsGone(RecordId user) => !user.IsNone && !(_people.TryGetValue(user, out var known) && known.IsActive);

    /// <summary>Finds out who everybody is; gives the absences of today.</summary>
    private async Task<IReadOnlyList<Absence>> MeetAsync(Post post, Names names, DateTimeOffset now, CancellationToken stop)
    {
        var all = post.News.Select(n => n.News).Concat(post.Due.SelectMany(d => d.News).Select(n => n.News)).ToList();
        var ids = all.SelectMany(n => new[] { n.Receiver, n.From, n.To }).Concat(post.Due.Select(d => d.Receiver)).Concat(post.StandIns.Select(s => s.By)).Where(i => !i.IsNone).Distinct().ToList();
        var departments = ids.Where(i => !i.IsUser && !_departments.ContainsKey(i)).ToList();
        if (departments.Count > 0)
        {
            Take(_departments, await directory.DepartmentsAsync(names, departments, stop));
        }

        var users = ids.Select(i => _departments.TryGetValue(i, out var of) ? of.Accountable : i).Where(u => u.IsUser && !_people.ContainsKey(u)).Distinct().ToList();
        if (users.Count == 0)
        {
            return [];
        }

        var found = await directory.ColleaguesAsync(users, stop);
        Take(_people, found);
        var absences = await directory.AbsencesAsync(names, [.. found.Keys], TodayAt(now), stop);
        var covers = absences.Select(a => a.CoverId).Where(c => !c.IsNone && !_people.ContainsKey(c)).Distinct().ToList();
        if (covers.Count > 0)
        {
            Take(_people, await directory.ColleaguesAsync(covers, stop));
        }

        return absences;
    }

    private async Task AddressAsync(Post post, IReadOnlyList<Absence> absences, DateTimeOffset now)
    {
        var today = TodayAt(now);
        var addressing = new Addressing(
            _people, _departments.ToDictionary(d => d.Key, d => d.Value.Accountable), absences, [.. post.StandIns.Where(s => !(s.From > today) && !(s.Until < today)).DistinctBy(s => (s.Account, s.Person))], _identity.Worker);
        var (enclosures, dropped) = (new List<Enclosure>(), new List<(long, string)>());
        foreach (var item in post.News)
        {
            var before = enclosures.Count;
            if (item.News.Kind is NewsKind.TookOver or NewsKind.HandoffEscalated && settings.Channels.Contains(ChannelKind.Webhook))
            {
                enclosures.Add(new Enclosure(item.Id, default, "", ChannelKind.Webhook, null, now));
            }

            var addressed = settings.Channels.Count == 0 ? new Addressed(item.News, [], "Notices:Channels is None")
                : item.News.Kind == NewsKind.TookOver && !settings.TellManagers ? new Addressed(item.News, [], "Notices:TellManagers is false")
                : addressing.Of(item.News);
            foreach (var (who, other) in addressed.To)
            {
                var person = _people[who];
                enclosures.AddRange(settings.Channels.Where(c => c != ChannelKind.Webhook && !person.OptOut.Contains(c) && (c != ChannelKind.Task || IsForTask(item.News)))
                    .Select(c => new Enclosure(item.Id, who, person.Name, c, other, settings.Hours.Next(now, person.Zone ?? _identity.Zone))));
            }

            if (enclosures.Count == before)
            {
                dropped.Add((item.Id, addressed.WhyNobody ?? $"{string.Join(" and ", addressed.To.Select(t => _people[t.Who].Name))} {(addressed.To.Count == 1 ? "wants" : "want")} no notices by any channel there is"));
            }
        }

        await mail.AddressAsync(enclosures, dropped);
        var later = enclosures.Where(e => e.NotBefore > now).DistinctBy(e => (e.Receiver, e.Channel)).ToList();
        if (later.Count > 0)
        {
            _waiting.Add(string.Create(CultureInfo.InvariantCulture,
                $"{Count(later.Count)} {(later.Count == 1 ? "waits" : "wait")} until people work again, the first until {later.Min(e => e.NotBefore).UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
        }
    }

    /// <summary>Whether there is something to do that a Task keeps, and none is there.</summary>
    private static bool IsForTask(News news) =>
        news is { Kind: NewsKind.BecamePrimary, HasTask: false } or { Kind: NewsKind.HandoffToDocument or NewsKind.HandoffOverdue };

    private async Task SendAsync(ChannelKind kind, IReadOnlyList<Envelope> due, DateTimeOffset now, CancellationToken stop)
    {
        var empty = due.Where(d => d.News.Count == 0).ToList();
        await mail.EndAsync([.. empty.Select(d => new MessageEnd(d.Id, MessageState.Dropped, d.Attempts == 0
            ? "all of it was taken back before it was sent" : "all of it was taken back before it was certain that it had been sent"))]);
        // What is tried again, or waited for a limit, may have come into the night.
        var asleep = due.Except(empty).Where(d => !d.Receiver.IsNone).Select(d => (Envelope: d, Next: settings.Hours.Next(now, _people[d.Receiver].Zone ?? _identity.Zone))).Where(d => d.Next > now).ToList();
        await mail.EndAsync([.. asleep.Select(d => new MessageEnd(d.Envelope.Id, MessageState.Waiting, null, d.Next))]);
        IReadOnlyList<Envelope> ready = [.. due.Except(empty).Except(asleep.Select(d => d.Envelope))];
        if (channels.FirstOrDefault(c => c.Kind == kind) is not { } channel)
        {
            await mail.EndAsync([.. ready.Select(d => new MessageEnd(d.Id, MessageState.Dropped, $"Notices:Channels has no {kind} any more"))]);
            return;
        }

        if (ready.Count > 0 && await channel.WhyNotAsync(stop) is { } whyNot)
        {
            _unusable.Add($"{kind} cannot be used: {whyNot}.");
            _problems.Add(_unusable[^1]);
            // It is nothing about the messages, however long it lasts: each waits as long again as it has waited so far, within bounds.
            await mail.EndAsync([.. ready.Select(d => new MessageEnd(
                d.Id, MessageState.Waiting, whyNot, now + TimeSpan.FromTicks(Math.Clamp((now - d.Made).Ticks, ShortestWait.Ticks, LongestWait.Ticks))))]);
            return;
        }

        ready = await WithinLimitAsync(kind, ready, now);
        await LookAsync(ready, stop);
        var wrong = new List<(Envelope Envelope, Delivery Delivery)>();
        var (inVain, asked) = (0, 0);
        foreach (var some in ready.Chunk(channel.Together))
        {
            stop.ThrowIfCancellationRequested();
            if (asked-- == 0)
            {
                if (await IsPausedAsync(stop))
                {
                    break;
                }

                asked = Math.Max(0, (MostUnasked / channel.Together) - 1);
            }

            var messages = some.Select(d => MessageOf(d, now)).ToList();
            await mail.BeginAsync([.. some.Select(d => d.Id)]);
            var fates = await channel.SendAsync(messages, stop);
            await mail.EndAsync([.. some.Zip(fates, messages).Select(s => s.Second.Fate switch
            {
                Fate.Sent => new MessageEnd(s.First.Id, MessageState.Sent, s.Second.Reason, Title: s.Third.Letter.Title),
                Fate.Refused => new MessageEnd(s.First.Id, MessageState.Dropped, s.Second.Reason),
                Fate.Unknown => new MessageEnd(s.First.Id, MessageState.Unknown, s.Second.Reason, Title: s.Third.Letter.Title),
                _ => Again(s.First, s.Second.Reason, now),
            })]);
            _sent[kind] = _sent.GetValueOrDefault(kind) + fates.Count(f => f.Fate == Fate.Sent);
            wrong.AddRange(some.Zip(fates).Where(s => s.Second.Fate != Fate.Sent));
            // What is refused for its own sake says nothing of the channel.
            var failed = fates.FirstOrDefault(f => f.Fate is Fate.NotSent or Fate.Unknown);
            inVain = fates.Any(f => f.Fate == Fate.Sent) ? 0 : failed is null ? inVain : inVain + 1;
            if (inVain == EnoughInVain && failed is not null)
            {
                // It is the channel that fails: the others are still due.
                _unusable.Add($"{kind} takes nothing: {failed.Reason}.");
                break;
            }
        }

        foreach (var alike in wrong.GroupBy(w => (w.Delivery.Fate, w.Delivery.Reason)))
        {
            _problems.Add($"{kind}: {Count(alike.Count())}{To([.. alike.Select(w => w.Envelope)])} {alike.Key.Fate switch { Fate.Unknown => "may or may not have been sent and will not be sent again", Fate.Refused => "cannot be sent", _ => "could not be sent and will be tried again" }}: {alike.Key.Reason}.");
        }
    }

    /// <summary>Those for which a channel has room; the others wait until the first of those that filled it is old enough.</summary>
    private async Task<IReadOnlyList<Envelope>> WithinLimitAsync(ChannelKind kind, IReadOnlyList<Envelope> ready, DateTimeOffset now)
    {
        if (settings.LimitOf(kind) is not { } limit || ready.Count == 0)
        {
            return ready;
        }

        var (count, first) = await mail.SentAsync(kind, now - limit.Span);
        IReadOnlyList<Envelope> over = [.. ready.Skip(Math.Max(0, limit.Most - count))];
        if (over.Count > 0)
        {
            var until = (first ?? now) + limit.Span;
            var why = string.Create(CultureInfo.InvariantCulture, $"{limit.Most:N0} may go in {limit.Span.TotalHours:0} h ({limit.Setting})");
            _waiting.Add(string.Create(CultureInfo.InvariantCulture, $"{kind}: {Count(over.Count)} {(over.Count == 1 ? "waits" : "wait")} until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC, since {why}."));
            await mail.EndAsync([.. over.Select(d => new MessageEnd(d.Id, MessageState.Waiting, why, until))]);
        }

        return [.. ready.Take(ready.Count - over.Count)];
    }

    /// <summary>A Task is never given up: it asks for something to be done, and its key keeps it from being made twice.</summary>
    private static MessageEnd Again(Envelope tried, string? why, DateTimeOffset now) => new(
        tried.Id, MessageState.Failed, why, tried.Channel == ChannelKind.Task || tried.Attempts + 1 < MostAttempts ? now + BackOff.After(tried.Attempts + 1) : null);

    private Message MessageOf(Envelope envelope, DateTimeOffset now)
    {
        var accounts = envelope.News.Select(n => n.News.Account).Distinct().ToList();
        return new Message(
            envelope.Id, KeyOf(envelope),
            envelope.Receiver.IsNone ? null : _people[envelope.Receiver], Letter.Of(envelope.News, settings.Templates, links, NameOf, OpenOf),
            envelope.News.Min(n => n.News.Due) ?? settings.Hours.After(TodayAt(now), DaysToAct), accounts.Count == 1 ? accounts[0] : default, envelope.Attempts > 0);
    }

    /// <summary>Finds out what is open on the accounts that messages name and that somebody takes over.</summary>
    private async Task LookAsync(IReadOnlyList<Envelope> ready, CancellationToken stop)
    {
        var accounts = ready
            .SelectMany(e => Letter.InOrder(e.News.Where(n => n.News.Kind is NewsKind.BecamePrimary or NewsKind.TookOver)).Take(Letter.MostLines))
            .Select(n => n.News.Account).Where(_looked.Add).ToList();
        if (accounts.Count > 0)
        {
            Take(_open, await directory.OpenWorkAsync(accounts, stop));
        }
    }

    private string OpenOf(RecordId account) => _open.GetValueOrDefault(account)?.Words ?? "";

    private string NameOf(RecordId who) => _departments.TryGetValue(who, out var department) ? department.Name : _people.GetValueOrDefault(who)?.Name ?? who.ToString();

    /// <summary>Whom messages were to reach, by name where they are few.</summary>
    private string To(IReadOnlyList<Envelope> envelopes)
    {
        var names = envelopes.Where(e => !e.Receiver.IsNone).Select(e => e.Receiver).Distinct().Select(NameOf).ToList();
        return names.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" to {string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $" and {names.Count - MostNames:N0} more" : "")}");
    }

    private static string Count(int messages) => string.Create(CultureInfo.InvariantCulture, $"{messages:N0} {(messages == 1 ? "message" : "messages")}");

    private static void Take<TKey, TValue>(Dictionary<TKey, TValue> known, IEnumerable<KeyValuePair<TKey, TValue>> found) where TKey : notnull
    {
        foreach (var (key, value) in found)
        {
            known[key] = value;
        }
    }
}
