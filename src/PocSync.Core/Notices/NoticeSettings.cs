namespace PocSync.Core.Notices;

/// <summary>A way by which people are told.</summary>
public enum ChannelKind
{
    /// <summary>A Task with a due date for what somebody has to do: written once, whatever happens.</summary>
    Task,

    /// <summary>Salesforce's bell.</summary>
    Bell,

    /// <summary>A post on the receiver's own Chatter feed, with a mention.</summary>
    Chatter,

    /// <summary>An e-mail that Salesforce sends.</summary>
    Email,

    /// <summary>An e-mail by a mail server.</summary>
    Smtp,

    /// <summary>One post for all to a channel of a team, as Slack and Teams take it.</summary>
    Webhook,
}

/// <summary>What administrators say about notices.</summary>
public sealed record NoticeSettings
{
    /// <summary>The channels, the Task before the others; none: nobody is told of anything.</summary>
    public IReadOnlyList<ChannelKind> Channels { get; init; } = [ChannelKind.Task, ChannelKind.Bell];

    /// <summary>Whether the manager of a new primary contact is told.</summary>
    public bool TellManagers { get; init; } = true;

    /// <summary>When people may be disturbed.</summary>
    public WorkingHours Hours { get; init; } = new(new TimeOnly(19, 0), new TimeOnly(7, 0),
        new HashSet<DayOfWeek> { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday });

    /// <summary>Bells in any 60 minutes, all receivers together; an org drops what is beyond 10,000 without a word.</summary>
    public int MaxBellsAnHour { get; init; } = 5000;

    /// <summary>E-mails in any 24 hours by each of the channels that send them.</summary>
    public int MaxEmailsADay { get; init; } = 500;

    /// <summary>Who gets the digest: usernames or ids; none: who has one of the package's permission sets for it.</summary>
    public IReadOnlyList<string> Administrators { get; init; } = [];

    /// <summary>The words.</summary>
    public Templates Templates { get; init; } = Templates.Default;

    /// <summary>The most messages of a channel in a span of time, and the setting that says so; null where there is no such limit.</summary>
    public (int Most, TimeSpan Span, string Setting)? LimitOf(ChannelKind channel) => channel switch
    {
        ChannelKind.Bell => (MaxBellsAnHour, TimeSpan.FromHours(1), "Notices:MaxBellsAnHour"),
        ChannelKind.Email or ChannelKind.Smtp => (MaxEmailsADay, TimeSpan.FromDays(1), "Notices:MaxEmailsADay"),
        _ => null,
    };
}
