using System.Globalization;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Core.Tests;

/// <summary>
/// Small exports written as text: a table is its object's name with columns, then rows, cells parted by "|". Short ids such as <c>a1</c>, <c>u2</c>, <c>p3</c> become
/// Salesforce ids. Today is 2026-03-10.
/// </summary>
internal sealed class Tables
{
    public static readonly DateTimeOffset Now = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<char, string> Prefixes = new()
    {
        ['a'] = "001",
        ['u'] = "005",
        ['p'] = "a00",
        ['d'] = "a01",
        ['x'] = "a02",
        ['h'] = "a03",
        ['t'] = "01M",
        ['q'] = "00G",
        ['o'] = "006",
        ['c'] = "003",
        ['k'] = "500",
        ['g'] = "011",
        ['s'] = "017",
        ['e'] = "00U",
        ['r'] = "0Hn",
        ['b'] = "0Hy",
    };

    private readonly List<(string Object, string[] Columns, List<string[]> Rows)> _tables = [];

    public static string Id(string shortId) => RecordId.Parse(Prefixes[shortId[0]] + shortId[1..].PadLeft(12, '0')).ToString();

    public static RecordId RecordIdOf(string shortId) => RecordId.Parse(Id(shortId));

    /// <summary>A table; a cell such as <c>a1</c> in a column that holds ids is a short id.</summary>
    public Tables With(string objectName, string columns, params string[] rows)
    {
        var names = columns.Split(' ');
        _tables.Add((objectName, names, [.. rows.Select(row => row.Split('|').Select(c => c.Trim()).ToArray())]));
        return this;
    }

    public Snapshot Build(Settings? settings = null, DateTimeOffset? now = null)
    {
        var builder = new SnapshotBuilder(settings ?? Settings.Default, now ?? Now);
        foreach (var objectName in SnapshotBuilder.ObjectsOf(settings ?? Settings.Default))
        {
            foreach (var (_, columns, rows) in _tables.Where(t => t.Object == objectName))
            {
                var table = builder.Begin(objectName, columns);
                foreach (var row in rows)
                {
                    row.Length.ShouldBe(columns.Length, $"{objectName}: {string.Join('|', row)}");
                    table.Add([.. table.Wanted.Select(i => Cell(row[i]))]);
                }
            }
        }

        if (builder.OpenCustomerSides().Count > 0)
        {
            foreach (var (objectName, columns, rows) in _tables.Where(t => builder.OpenFields.Any(f => f.ObjectName == t.Object)))
            {
                var table = builder.BeginOpen(objectName, columns);
                foreach (var row in rows)
                {
                    table.Add([.. table.Wanted.Select(i => Cell(row[i]))]);
                }
            }
        }

        return builder.Build();
    }

    public List<string> Findings(string rule, Settings? settings = null) => [.. RuleBook.Judge(Build(settings), settings ?? Settings.Default)
        .Single(r => r.Rule.Id == rule).Findings.Select(f => $"{f.Code} {Short(f.Subject.ToString())}")];

    public string? Reason(string rule, Settings? settings = null) =>
        RuleBook.Judge(Build(settings), settings ?? Settings.Default).Single(r => r.Rule.Id == rule).Reason;

    public Plan Plan(Settings settings, RecordId worker = default) => Planner.Make(Build(settings), settings, new PlanInput { Worker = worker });

    /// <summary>The tables as they are once a plan's corrections are written literally, the way someone would edit an export's files.</summary>
    public Tables After(Plan plan)
    {
        var after = new Tables();
        var objects = _tables.ToDictionary(t => t.Object, t => (t.Columns, Rows: t.Rows.Select(r => r.ToArray()).ToList()));
        var made = 0;
        foreach (var write in plan.Corrections.Where(c => c.State != CorrectionState.Held).SelectMany(c => c.Writes))
        {
            if (!objects.TryGetValue(write.Object, out var table))
            {
                continue;
            }

            var at = table.Rows.FindIndex(r => Cell(r[0]) == write.Id.ToString());
            switch (write.Action)
            {
                case WriteAction.Delete:
                    at.ShouldBeGreaterThanOrEqualTo(0, write.Identity);
                    table.Rows.RemoveAt(at);
                    break;
                case WriteAction.Update:
                    at.ShouldBeGreaterThanOrEqualTo(0, write.Identity);
                    foreach (var field in write.Fields)
                    {
                        var column = Array.IndexOf(table.Columns, field.Field);
                        (Cell(table.Rows[at][column]) ?? "").ShouldBe(field.Before ?? "", write.Identity);
                        table.Rows[at][column] = field.After.On(plan.Today) ?? "";
                    }

                    break;
                default:
                    var prefix = write.Object == "POC_Assignment__c" ? "p" : write.Object == "POC_Handoff__c" ? "h" : "t";
                    table.Rows.Add([.. table.Columns.Select(c => c == "Id" ? $"{prefix}{700 + made++}" : write[c].On(plan.Today) ?? "")]);
                    break;
            }
        }

        foreach (var (name, (columns, rows)) in objects)
        {
            after._tables.Add((name, columns, rows));
        }

        return after;
    }

    /// <summary>A short id for a long one, where it is one of ours.</summary>
    public static string Short(string id)
    {
        foreach (var (letter, prefix) in Prefixes)
        {
            if (id.StartsWith(prefix, StringComparison.Ordinal) && id[3..15].TrimStart('0') is { Length: > 0 } serial)
            {
                return letter + serial;
            }
        }

        return id;
    }

    private static string? Cell(string text) =>
        text.Length == 0 ? null
        : text.Length is > 1 and < 6 && Prefixes.ContainsKey(text[0]) && text.Skip(1).All(char.IsAsciiDigit) ? Id(text)
        : text;

    /// <summary>Settings of one rule or several, as a file would say them; tiers as <c>Type = 'Small': capacity 120; Type = 'Big': capacity 40</c>.</summary>
    public static Settings Rules(params (string Rule, string Key, string Value)[] values)
    {
        var top = new Dictionary<string, List<(string, string)>>();
        foreach (var (rule, key, value) in values)
        {
            var list = top.TryGetValue(rule, out var known) ? known : top[rule] = [];
            list.RemoveAll(v => v.Item1 == key);
            list.Add((key, value));
        }

        SettingMap Map(IEnumerable<(SettingScalar, SettingNode)> entries) => new(1, 1, [.. entries]);
        SettingScalar Scalar(string text) => new(1, 1, text, !int.TryParse(text, CultureInfo.InvariantCulture, out _) && !bool.TryParse(text, out _));
        SettingNode Tiers(string text) => new SettingList(1, 1, [.. text.Split("; ").Select(t => t.Split(": ")).Select(t =>
            Map([(Scalar("when"), Scalar(t[0])), (Scalar(t[1].Split(' ')[0]), Scalar(t[1].Split(' ')[1]))]))]);
        var rules = top.Where(t => t.Key.Length > 0)
            .Select(t => (Scalar(t.Key), (SettingNode)Map(t.Value.Select(v => (Scalar(v.Item1), v.Item1 == "tiers" ? Tiers(v.Item2) : Scalar(v.Item2))))));
        var others = top.Where(t => t.Key.Length == 0).SelectMany(t => t.Value).Select(v => (Scalar(v.Item1), (SettingNode)Scalar(v.Item2)));
        var (settings, problems) = SettingsReader.Read(Map([(Scalar("rules"), Map(rules)), .. others]));
        problems.ShouldBeEmpty();
        return settings!;
    }
}
