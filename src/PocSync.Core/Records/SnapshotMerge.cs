namespace PocSync.Core.Records;

/// <summary>
/// Which rows of an object were read again: those of some ids (deleted ones among them), and all rows of some accounts. Whatever the earlier
/// snapshot holds of either is replaced by what was read; the rest of it stays.
/// </summary>
/// <param name="Ids">The rows that were answered; null where only the accounts count.</param>
/// <param name="Accounts">Accounts all of whose rows were read.</param>
internal sealed record Reread(IReadOnlySet<RecordId>? Ids, IReadOnlySet<RecordId> Accounts);

/// <summary>Brings an earlier snapshot together with what was read since. Records that did not change are shared by both, neither is changed.</summary>
internal sealed class SnapshotMerge
{
    private readonly Snapshot _before;

    /// <summary>The place of each account in the earlier snapshot; −1 for one that was not there.</summary>
    private readonly int[] _was;

    /// <param name="before">The earlier snapshot.</param>
    /// <param name="reread">Which accounts were read again.</param>
    /// <param name="read">Those of them that are not deleted.</param>
    public SnapshotMerge(Snapshot before, Reread reread, List<Account> read)
    {
        _before = before;
        read.Sort((a, b) => a.Id.CompareTo(b.Id));
        var accounts = new List<Account>(before.Accounts.Count + read.Count);
        var was = new List<int>(before.Accounts.Count + read.Count);
        var next = 0;
        foreach (var account in before.Accounts)
        {
            for (; next < read.Count && read[next].Id.CompareTo(account.Id) <= 0; next++)
            {
                Add(read[next], read[next].Id == account.Id ? account.Index : -1);
            }

            if (!reread.Ids!.Contains(account.Id))
            {
                Add(account, account.Index);
            }
        }

        for (; next < read.Count; next++)
        {
            Add(read[next], -1);
        }

        (Accounts, _was) = ([.. accounts], [.. was]);

        void Add(Account account, int place)
        {
            accounts.Add(account.At(accounts.Count));
            was.Add(place);
        }
    }

    /// <summary>The accounts as they are now, by id.</summary>
    public Account[] Accounts { get; }

    /// <summary>The users as they are now; frozen are those of a set.</summary>
    public Dictionary<RecordId, User> Users(Reread? reread, Dictionary<RecordId, User> read, HashSet<RecordId> frozen)
    {
        var users = new Dictionary<RecordId, User>(read);
        foreach (var (id, user) in reread is null ? new Dictionary<RecordId, User>() : _before.Users)
        {
            if (!reread!.Ids!.Contains(id))
            {
                users[id] = user;
            }
        }

        foreach (var (id, user) in users)
        {
            users[id] = user.Frozen(frozen.Contains(id));
        }

        return users;
    }

    /// <summary>The absences as they are now.</summary>
    /// <param name="reread">Which of a source were read again; null for all.</param>
    /// <param name="days">The days of absences from calendars that are kept.</param>
    /// <param name="read">What was read.</param>
    public Dictionary<RecordId, Absence[]> Absences(Func<AbsenceSource, Reread?> reread, (DateOnly From, DateOnly To) days, IReadOnlyDictionary<RecordId, List<Absence>> read) =>
        _before.Absences.Values.SelectMany(a => a)
        .Where(a => reread(a.Source)?.Ids!.Contains(a.Id) == false && (a.Source == AbsenceSource.Record || a.Overlaps(days.From, days.To)))
        .Concat(read.Values.SelectMany(a => a)).GroupBy(a => a.UserId).ToDictionary(g => g.Key, g => g.OrderBy(a => a.Id).ToArray());

    /// <summary>The earlier rows that were not read again, by account.</summary>
    public IEnumerable<(int Account, T Row)> EarlierRows<T>(ByAccount<T> before, Reread reread, Func<T, RecordId> id)
    {
        for (var i = 0; i < Accounts.Length; i++)
        {
            for (var row = 0; _was[i] >= 0 && !reread.Accounts.Contains(Accounts[i].Id) && row < before[_was[i]].Length; row++)
            {
                if (reread.Ids?.Contains(id(before[_was[i]][row])) != true)
                {
                    yield return (i, before[_was[i]][row]);
                }
            }
        }
    }

    /// <summary>The users who are service resources, by resource.</summary>
    public Dictionary<RecordId, RecordId> ServiceResources(Reread? reread, IReadOnlyDictionary<RecordId, RecordId> read) =>
        (reread is null ? [] : _before.ServiceResources.Where(r => !reread.Ids!.Contains(r.Key))).Concat(read).ToDictionary();

    /// <summary>Rows of accounts as they are now.</summary>
    /// <param name="before">The earlier rows.</param>
    /// <param name="reread">Which of them were read again; null for all.</param>
    /// <param name="read">What was read, in the order of accounts and then of the rows.</param>
    /// <param name="id">A row's id.</param>
    /// <param name="order">The order of an account's rows.</param>
    /// <param name="stays">Whether an earlier row still counts.</param>
    public ByAccount<T> Rows<T, TKey>(
        ByAccount<T> before, Reread? reread, List<(int Account, T Row)> read, Func<T, RecordId> id, Func<T, TKey> order, Func<T, bool>? stays = null)
        where TKey : IComparable<TKey>
    {
        var starts = new int[Accounts.Length + 1];
        var rows = new List<T>(before.Count + read.Count);
        var byOrder = Comparer<T>.Create((a, b) => order(a).CompareTo(order(b)));
        var next = 0;
        for (var i = 0; i < Accounts.Length; i++)
        {
            var start = rows.Count;
            if (reread is not null && _was[i] >= 0 && !reread.Accounts.Contains(Accounts[i].Id))
            {
                foreach (var row in before[_was[i]])
                {
                    if (reread.Ids?.Contains(id(row)) != true && stays?.Invoke(row) != false)
                    {
                        rows.Add(row);
                    }
                }
            }

            var kept = rows.Count - start;
            for (; next < read.Count && read[next].Account == i; next++)
            {
                rows.Add(read[next].Row);
            }

            if (kept > 0 && rows.Count > start + kept)
            {
                rows.Sort(start, rows.Count - start, byOrder);
            }

            starts[i + 1] = rows.Count;
        }

        return new ByAccount<T>(starts, [.. rows]);
    }

    /// <summary>The POC rows of the bindings that have none of their own; those of an account whose owner and team are as before are shared.</summary>
    public ByAccount<PocRow> RowsFromOwners(ByAccount<TeamMember> team, bool isTeam, TeamRoles roles)
    {
        var starts = new int[Accounts.Length + 1];
        var rows = new List<PocRow>(_before.Rows.Count);
        for (var i = 0; i < Accounts.Length; i++)
        {
            var (account, was) = (Accounts[i], _was[i]);
            if (was >= 0 && account.OwnerId == _before.Accounts[was].OwnerId && (!isTeam || team[i].SequenceEqual(_before.TeamMembers[was])))
            {
                rows.AddRange(_before.Rows[was]);
            }
            else
            {
                rows.AddRange(roles.RowsOf(account.Id, account.OwnerId, isTeam ? team[i] : default));
            }

            starts[i + 1] = rows.Count;
        }

        return new ByAccount<PocRow>(starts, [.. rows]);
    }
}
