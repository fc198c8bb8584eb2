namespace PocSync.Simulator.Generation;

/// <summary>Accounts that one person looks after: consecutive numbers, <see cref="Count"/> of them from <see cref="Start"/>.</summary>
/// <param name="Colleagues">Who can stand in, at least five people that are able.</param>
internal sealed record Book(int Person, Region Region, int[] Colleagues, bool Left, int Start, int Count);

/// <summary>A department that can be a contact: its queue's members work for it.</summary>
internal sealed record Desk(int Index, string Name, int Accountable, int[] Members);

/// <summary>
/// The sales force: teams of seven under a manager, one of the ten regions each, books of different size; in every fifth team somebody has left and
/// their book is still theirs. Former employees without a book are in the data too.
/// </summary>
internal sealed class Staff
{
    private const int TeamSize = 7;
    private static readonly int[] BookWeights = [5, 8, 12, 16, 18, 20, 22, 26, 34];

    private readonly Dictionary<Region, Desk> desks = [];

    /// <param name="accounts">How many accounts the books hold together.</param>
    /// <param name="averageBook">Accounts a person, as long as that needs no more than 5,000 people.</param>
    /// <param name="longTail">A person with a book of a fixed size, beyond the teams.</param>
    public Staff(
        OrgPlan plan, People people, int head, int accounts, int averageBook, int firstDesk, (int Person, int[] Colleagues, int Count)? longTail)
    {
        accounts -= longTail?.Count ?? 0;
        var teams = Math.Clamp((accounts / averageBook + TeamSize - 1) / TeamSize, 1, 5000 / TeamSize);
        var weights = new int[teams * TeamSize];
        var total = 0L;
        for (var i = 0; i < weights.Length; i++)
            total += weights[i] = Left(i) ? 10 : new Draw(plan.Seed, Purpose.Book, i).Of(BookWeights);

        var heads = Region.All.Take(teams).Select((region, r) =>
            people.Add(Given(region, r + 3), Family(region, r + 11), region, $"VP Sales, {region.Division}", "Sales Management", head)).ToArray();
        var known = new int[Region.All.Length];
        var books = new List<Book>();
        var before = 0L;
        for (var team = 0; team < teams; team++)
        {
            var r = team % Region.All.Length;
            var region = Region.All[r];
            var manager = people.Add(Given(region, known[r]), Family(region, known[r]++), region, "Sales Manager", "Sales Management", heads[r]);
            var members = new int[TeamSize];
            for (var slot = 0; slot < TeamSize; slot++)
            {
                var i = team * TeamSize + slot;
                var size = BookEnd(before + weights[i]) - BookEnd(before);
                var name = known[r]++;
                members[slot] = people.Add(
                    Given(region, name), Family(region, name), region, "Account Manager", "Account Management", manager, p => p with
                    {
                        Active = !Left(i),
                        LastLogin = Left(i) ? -25 : p.LastLogin,
                        Capacity = size > 55 ? (size * 5 / 4 + 9) / 10 * 10 : i % 9 == 4 ? 70 : null,
                    });
                books.Add(new(members[slot], region, [], Left(i), BookEnd(before), size));
                before += weights[i];
            }
            for (var slot = 0; slot < TeamSize; slot++)
            {
                var at = team * TeamSize + slot;
                books[at] = books[at] with { Colleagues = [.. members.Where(m => m != members[slot] && people[m].Active)] };
            }
            AddAbsences(plan.Seed, team, manager, members.Where(m => people[m].Active));
            if (!desks.ContainsKey(region))
                desks.Add(region, new(firstDesk + desks.Count, $"{region.Division} Customer Desk", manager,
                    [manager, .. members.Where(m => people[m].Active && Absences.All(a => a.User != m)).Take(4)]));
        }
        if (longTail is { } tail)
            books.Add(new(tail.Person, Region.All[0], tail.Colleagues, false, accounts, tail.Count));
        Books = books;
        starts = [.. books.Select(b => b.Start)];

        Former = [.. Enumerable.Range(0, Math.Max(3, books.Count / 10)).Select(i =>
        {
            var region = Region.All[i % Region.All.Length];
            var name = known[i % known.Length] + i;
            return people.Add(Given(region, name + 5), Family(region, name + 9), region, "Account Manager", "Account Management", head,
                 p => p with { Active = false, LastLogin = Math.Max(p.Joined + 30, -700) });
        })];

        int BookEnd(long weight) => (int)(weight * accounts / total);
        static bool Left(int i) => i / TeamSize % 5 == 2 && i % TeamSize == 6;
    }

    private readonly int[] starts;

    public IReadOnlyList<Book> Books { get; }

    /// <summary>Left long ago, without a book.</summary>
    public IReadOnlyList<int> Former { get; }

    public List<(int User, int Starts, int Ends, int? Cover)> Absences { get; } = [];

    public IEnumerable<Desk> Desks => desks.Values;

    public Desk DeskOf(Region region) => desks[region];

    public Book BookOf(int account)
    {
        var at = Array.BinarySearch(starts, account);
        if (at < 0)
            return Books[~at - 1];
        while (Books[at].Count == 0)
            at++;
        return Books[at];
    }

    /// <summary>Absences that matter to a rule have the manager as cover; managers are never away.</summary>
    private void AddAbsences(int seed, int team, int manager, IEnumerable<int> members)
    {
        var draw = new Draw(seed, Purpose.Absence, team);
        foreach (var user in members)
        {
            var starts = draw.Between(-9, 12);
            var past = -draw.Between(40, 300);
            if (draw.Percent(7))
                Absences.Add((user, starts, starts + draw.Between(2, 20), manager));
            if (draw.Percent(40))
                Absences.Add((user, past, past + draw.Between(1, 20), null));
        }
    }

    // Given and family names walk through all pairs before one comes again.
    private static string Given(Region region, int k) => region.Given[k % region.Given.Length];

    private static string Family(Region region, int k) =>
        region.Family[(5 * (k % region.Given.Length) + k / region.Given.Length) % region.Family.Length];
}
