using System.Globalization;
using PocSync.Core.Guards;
using PocSync.Core.Records;
using PocSync.Core.Rules;
using PocSync.Core.Runs;

namespace PocSync.Salesforce;

/// <summary>Asks an org for each thing that PocSync needs, and writes nothing. What fails is a line of its own, and the rest is asked all the same.</summary>
internal sealed class LiveOrgExamination(OrgReads reads, ApiBudget budget, SalesforceSettings salesforce, Settings settings, TimeProvider time)
{
    /// <summary>Seconds that two clocks may be apart: deltas go back further than that, and sign-in by JWT allows some minutes.</summary>
    private const int Skew = 60;

    private const string Install = "Deploy the package and give PocSync's user the permission set PocSync Integration.";

    /// <summary>What PocSync writes: the object, what is done with it, the field that it cannot do without, and what for.</summary>
    private static readonly (string Object, string Actions, string? Field, string WhatFor)[] Written =
    [
        ("Account", "edit", "OwnerId", "an account changes hands"),
        ("AccountTeamMember", "create, edit, delete", null, "the account team survives a change of owner"),
        ("POC_Assignment__c", "create, edit, delete", null, "primary contacts and backups are written"),
        ("POC_Handoff__c", "create, edit", null, "handoffs are documented"),
        ("POC_Alert__c", "create, edit", null, "findings are kept as records"),
        ("Task", "create, edit", null, "people get tasks"),
    ];

    private readonly List<OrgCheck> _found = [];

    /// <summary>In the order in which somebody would mend them.</summary>
    public async Task<IReadOnlyList<OrgCheck>> RunAsync(Func<Task<OrgIdentity>> identify, CancellationToken stop)
    {
        if (!await TryAsync("Login", null, () => LoginAsync(stop)) || !await TryAsync("API version", null, () => VersionAsync(stop)) || _found[^1].State == CheckState.Missing)
        {
            return _found;
        }

        await TryAsync("Org", "Give PocSync's user read access to Organization.", async () =>
        {
            var org = await identify();
            Add("Org", CheckState.Ok, $"{org.Name} ({org.Id}){org.IsSandbox switch { true => ", a sandbox", false => ", a production org", null => "" }}.");
        });
        Clock();
        LiveOrgTables? tables = null;
        await TryAsync("Objects", Install, async () =>
        {
            tables = await LiveOrgTables.AskAllAsync(reads, new LiveOrgSchema(reads), settings, time.GetUtcNow(), stop);
            See(tables);
        });
        if (tables is not null)
        {
            await TryAsync("Writing", Install, () => WritingAsync(stop));
        }

        await TryAsync("Permissions", Install, () => PermissionsAsync(stop));
        await TryAsync("Bell", Install, () => BellAsync(stop));
        await TryAsync("API calls", "Wait until the day has room again, or raise Salesforce's limit or PocSync's share of it.", () => CallsAsync(stop));
        return _found;
    }

    private async Task<bool> TryAsync(string what, string? instead, Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (Exception wrong) when (wrong is SalesforceException or OrgException)
        {
            Add(what, CheckState.Missing, wrong.Message, instead);
            return false;
        }
    }

    private async Task LoginAsync(CancellationToken stop)
    {
        var (_, user) = await reads.IdentityAsync(stop);
        Add("Login", CheckState.Ok, $"At {salesforce.LoginUrl.GetLeftPart(UriPartial.Authority)}, as the user {RecordId.Parse(user)}.");
    }

    private async Task VersionAsync(CancellationToken stop)
    {
        var versions = await reads.VersionsAsync(stop);
        var served = $"the org serves {versions[0]} to {versions[^1]}.";
        if (versions.Contains(salesforce.ApiVersion))
        {
            Add("API version", CheckState.Ok, $"{salesforce.ApiVersion}; {served}");
        }
        else
        {
            Add("API version", CheckState.Missing, $"{salesforce.ApiVersion} is not served; {served}", $"Set Salesforce:ApiVersion to {versions[^1]}.");
        }
    }

    private void Clock()
    {
        var apart = reads.AnsweredAt is { } there ? (int?)Math.Abs((time.GetUtcNow() - there).TotalSeconds) : null;
        Add("Clock", apart is null or > Skew ? CheckState.Look : CheckState.Ok, apart switch
        {
            null => "The org does not tell its time.",
            > Skew => $"This machine's clock and the org's are {apart} seconds apart.",
            _ => "This machine's clock agrees with the org's.",
        }, apart > Skew ? "Set this machine's clock by a time server: sign-in by JWT and reading what changed rely on it." : null);
    }

    /// <summary>Objects and fields, and what the rules make of them.</summary>
    private void See(LiveOrgTables tables)
    {
        var builder = new SnapshotBuilder(settings, time.GetUtcNow());
        foreach (var table in tables.All)
        {
            builder.Begin(table.Name, table.Columns);
        }

        var bare = builder.Build();
        var missing = Measure.Of(bare).Missing();
        foreach (var name in SnapshotBuilder.ObjectsOf(settings).Where(o => o != "Group"))
        {
            var (known, fields) = (settings.Names.Object(name), missing.Where(m => m.StartsWith(name + ".", StringComparison.Ordinal)).Select(m => settings.Names.Field(name, m[(name.Length + 1)..])).ToList());
            var isNeeded = name is "Account" or "User";
            var asked = settings.Absences.Missing(bare.Presence).Where(m => m.Name.Split('.')[0] == name).ToList();
            if (asked.Count > 0)
            {
                Add(known, CheckState.Missing, $"The org does not show {string.Join(", ", asked.Select(m => m.Name))} to this login, which {asked[0].Setting} asks for.", "Give PocSync's user read access, or set it to false.");
            }
            else if (missing.Contains(name))
            {
                Add(known, isNeeded ? CheckState.Missing : CheckState.Look, "The org does not show it to this login.",
                    name.StartsWith("POC_", StringComparison.Ordinal) ? $"{Install} If you keep such records elsewhere, say where by names." : "Give PocSync's user read access, or switch the feature on.");
            }
            else if (fields.Count > 0)
            {
                Add(known, CheckState.Look, $"It does not show {string.Join(", ", fields)}.", "Give PocSync's user read access to them, or go without.");
            }
            else
            {
                Add(known, CheckState.Ok, "It and every field that is read.");
            }
        }

        var problems = tables.CheckConditions();
        Add("Rules", problems.Count > 0 ? CheckState.Missing : CheckState.Ok, problems.Count > 0 ? "Scopes or pools do not fit the org's fields." : $"Where contacts are kept: {bare.Binding.ToString().ToLowerInvariant()}.",
            problems.Count > 0 ? "Mend the rules' settings." : null, [.. problems.Select(p => p.Sentence), .. RuleBook.All.Select(r => (r.Info.Id, WhyNot: RuleBook.WhyNotEvaluated(r, bare, settings))).Where(r => r.WhyNot is not null and not "disabled").Select(r => $"{r.Id} is not judged: {r.WhyNot}.")]);
    }

    private async Task WritingAsync(CancellationToken stop)
    {
        (string Object, string Actions, string? Field, string WhatFor)[] written = settings.CustomerDepth == CustomerDepth.Roles
            ? [.. Written, ("Contact", "edit", settings.Names.Field("Contact", "POC_Customer_Primary__c"), "the customer's primary contact is written")] : Written;
        var described = await reads.DescribeManyAsync(written.Select(w => settings.Names.Object(w.Object)), stop);
        foreach (var (name, actions, field, whatFor) in written)
        {
            if (described.FirstOrDefault(d => d.Name.Equals(settings.Names.Object(name), StringComparison.OrdinalIgnoreCase)) is not { } there)
            {
                // Told with the objects, where it is read.
                continue;
            }

            var lacks = actions.Split(", ").Where(a => !(a switch { "create" => there.Createable, "edit" => there.Updateable, _ => there.Deletable })).ToList();
            if (field is not null && (there.Field(field) is { Updateable: false } || (there.Field(field) is null && name != "Contact")))
            {
                lacks.Add($"edit of {field}");
            }

            Add($"Writing {there.Name}", lacks.Count == 0 ? CheckState.Ok : CheckState.Missing,
                lacks.Count == 0 ? $"So that {whatFor}." : $"This login may not: {string.Join(", ", lacks)}. Without it not {whatFor}.", lacks.Count == 0 ? null : Install);
        }
    }

    /// <summary>The permissions of the login itself: <c>UserPermissionAccess</c> has one row, of whoever asks.</summary>
    private async Task PermissionsAsync(CancellationToken stop)
    {
        (string Field, string Name, string WhatFor)[] needed =
        [
            ("PermissionsTransferAnyEntity", "Transfer Record", "writing the owners of accounts"),
            ("PermissionsSendCustomNotifications", "Send Custom Notifications", "ringing bells"),
            ("PermissionsViewAllUsers", "View All Users", "seeing everybody who could be picked"),
        ];
        try
        {
            await foreach (var row in reads.Query(new TableQuery("UserPermissionAccess", ["Id", .. needed.Select(n => n.Field)])).Rows.WithCancellation(stop))
            {
                foreach (var ((_, name, whatFor), has) in needed.Zip(row.Skip(1)))
                {
                    var isThere = has == "true";
                    Add($"Permission {name}", isThere ? CheckState.Ok : CheckState.Missing, isThere ? $"For {whatFor}." : $"This login does not have it, which is needed for {whatFor}.", isThere ? null : Install);
                }
            }
        }
        catch (SalesforceException wrong) when (wrong.Code is "INVALID_TYPE" or "INVALID_FIELD")
        {
            Add("Permissions", CheckState.Look, "The org does not tell what this login is permitted.", $"See in Setup that it has {string.Join(", ", needed.Select(n => n.Name))}.");
        }
    }

    private async Task BellAsync(CancellationToken stop)
    {
        var count = 0;
        try
        {
            await foreach (var row in reads.Query(new TableQuery("CustomNotificationType", ["Id"], $"DeveloperName = '{Bell.Type}'")).Rows.WithCancellation(stop))
            {
                count++;
            }
        }
        catch (SalesforceException wrong) when (wrong.Code is "INVALID_TYPE")
        {
            // As if there were none.
        }

        Add("Bell", count > 0 ? CheckState.Ok : CheckState.Look, count > 0 ? $"The notification type {Bell.Type} is there." : $"The org has no notification type {Bell.Type}, so that no bells are rung.",
            count > 0 ? null : Install);
    }

    private async Task CallsAsync(CancellationToken stop)
    {
        var (needed, left) = (await new PullEstimate(reads, salesforce, settings).CallsAsync(isDelta: false, stop), await budget.LeftAsync());
        var isShort = left.Calls < needed;
        Add("API calls", isShort ? CheckState.Missing : CheckState.Ok,
            string.Create(CultureInfo.InvariantCulture, $"Reading everything needs about {needed:N0}; {left.Sentence}."), isShort ? "Wait until the day has room again, or raise Salesforce's limit or PocSync's share of it." : null);
    }

    private void Add(string what, CheckState state, string sentence, string? instead = null, IReadOnlyList<string>? more = null) =>
        _found.Add(new OrgCheck(what, state, sentence, instead) { More = more ?? [] });
}
