using PocSync.Core.Notices;
using PocSync.Core.Records;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>The ways by which an org itself tells its people something.</summary>
public sealed class LiveOrgChannels
{
    private readonly OrgCalls _calls;
    private readonly OrgReads _reads;
    private readonly OrgWrites _writes;

    internal LiveOrgChannels(OrgCalls calls, OrgReads reads, OrgWrites writes) => (_calls, _reads, _writes) = (calls, reads, writes);

    /// <summary>A channel of the org; null for one that is none of the org's.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="names">The org's names.</param>
    /// <param name="links">Where people look further.</param>
    public IChannel? Of(ChannelKind kind, Names names, NoticeLinks links) => kind switch
    {
        ChannelKind.Bell => new Bell(_calls, _reads, links),
        ChannelKind.Task => new TaskChannel(_reads, _writes, names),
        ChannelKind.Chatter => new ChatterPost(_calls),
        ChannelKind.Email => new EmailAction(_calls),
        _ => null,
    };
}
