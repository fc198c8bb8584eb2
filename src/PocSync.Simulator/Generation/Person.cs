namespace PocSync.Simulator.Generation;

/// <summary>A row of User and its row of UserLogin. Days are counted from today.</summary>
internal sealed record Person
{
    public required int Index { get; init; }
    public required string Given { get; init; }
    public required string Family { get; init; }
    public required Region Region { get; init; }
    public required string Title { get; init; }
    public required string Department { get; init; }

    /// <summary>Index of the manager; settable afterwards because two people may manage each other.</summary>
    public int? Manager { get; set; }

    public string Id => IdSeries.User[Index];
    public string Name => $"{Given} {Family}";
    public required string Username { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Mobile { get; init; }
    public bool Active { get; init; } = true;
    public bool Frozen { get; init; }
    public string UserType { get; init; } = "Standard";
    public string Company { get; init; } = Org.Company;
    public int? Capacity { get; init; }
    public int? CertifiedUntil { get; init; }
    public int Joined { get; init; }
    public int LastLogin { get; init; }
}

/// <summary>Everybody in the order of their ids.</summary>
internal sealed class People(int seed)
{
    private readonly List<Person> all = [];
    private readonly Dictionary<string, int> usernames = [];

    public int Count => all.Count;

    public Person this[int index] => all[index];

    /// <summary>Adds somebody with an address and telephone numbers, who can then be changed by <paramref name="change"/>.</summary>
    public int Add(string given, string family, Region region, string title, string department, int? manager, Func<Person, Person>? change = null)
    {
        var draw = new Draw(seed, Purpose.Person, all.Count);
        var local = $"{Region.Plain(given)}.{Region.Plain(family)}";
        var namesakes = usernames[local] = usernames.GetValueOrDefault(local) + 1;
        if (namesakes > 1)
            local += namesakes;
        var address = $"{local}@{Org.Domain}";
        var person = new Person
        {
            Index = all.Count,
            Given = given,
            Family = family,
            Region = region,
            Title = title,
            Department = department,
            Manager = manager,
            Username = address,
            Email = address,
            Phone = region.PhoneNumber(ref draw),
            Mobile = draw.Percent(60) ? region.PhoneNumber(ref draw) : null,
            CertifiedUntil = draw.Percent(30) ? draw.Between(30, 700) : null,
            Joined = -draw.Between(200, 3500),
            LastLogin = -draw.Between(1, 6),
        };
        all.Add(change is null ? person : change(person));
        return person.Index;
    }
}
