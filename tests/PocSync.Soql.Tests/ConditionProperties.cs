using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace PocSync.Soql.Tests;

/// <summary>Laws that hold for every condition, tried on random ones against a model that knows no SOQL.</summary>
public class ConditionProperties
{
    private static readonly string?[] Names = [null, "a", "A", "ab", "b", "ß", "it's", "a\\b", "100%", "x\ny"];
    private static readonly decimal?[] Numbers = [null, -1.5m, 0m, 1m, 1.0m, 2m, 1e10m];
    private static readonly bool?[] Flags = [null, true, false];
    private static readonly DateOnly?[] Days = [null, Row.Day("2026-11-21"), Row.Day("2026-11-22"), Row.Day("2026-12-01")];

    /// <summary>A condition as it is written, and what it means.</summary>
    private sealed record Model(string Text, Func<Row, bool> Means)
    {
        public override string ToString() => Text;
    }

    private static readonly Gen<Row> Rows =
        from name in Gen.Elements(Names)
        from number in Gen.Elements(Numbers)
        from flag in Gen.Elements(Flags)
        from day in Gen.Elements(Days)
        select new Row { ["Name"] = name, ["AnnualRevenue"] = number, ["IsActive"] = flag, ["Since"] = day };

    private static readonly Gen<Model> Leaves = Gen.OneOf(
        Ordered("Name", Gen.Elements(Names), Quote, (x, y) => string.Compare(x, y, StringComparison.OrdinalIgnoreCase)),
        Ordered("AnnualRevenue", Gen.Elements(Numbers), n => n!.Value.ToString(CultureInfo.InvariantCulture), (x, y) => x!.Value.CompareTo(y!.Value)),
        Ordered("Since", Gen.Elements(Days), d => d!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), (x, y) => x!.Value.CompareTo(y!.Value)),
        from value in Gen.Elements(Flags)
        from equal in Gen.Elements(true, false)
        select new Model($"IsActive {(equal ? "=" : "!=")} {Literal(value, v => v!.Value ? "TRUE" : "false")}", row => ((row["IsActive"] ?? false).Equals(value ?? false)) == equal));

    private static readonly Gen<Model> Conditions = Gen.Sized(Nested);

    private static Gen<Model> Nested(int size) => size < 2
        ? Leaves
        : Gen.OneOf(
            Leaves,
            Nested(size / 2).Select(inner => new Model($"NOT ({inner})", row => !inner.Means(row))),
            Nested(size / 2).Select(inner => new Model($"((\t{inner}\n))", inner.Means)),
            Joined(size, "AND", terms => row => Array.TrueForAll(terms, term => term.Means(row))),
            Joined(size, "or", terms => row => Array.Exists(terms, term => term.Means(row))));

    private static Gen<Model> Joined(int size, string word, Func<Model[], Func<Row, bool>> means) =>
        from count in Gen.Choose(2, 4)
        from terms in Nested(size / 3).ArrayOf(count)
        select new Model(string.Join($" {word} ", terms.Select(term => $"({term})")), means(terms));

    private static Gen<Model> Ordered<T>(string field, Gen<T> values, Func<T, string> literal, Func<T, T, int> compare)
    {
        var equality = from value in values
                       from equal in Gen.Elements(true, false)
                       select new Model($"{field} {(equal ? "=" : "<>")} {Literal(value, literal)}", row => Same(row, value) == equal);
        var order = from value in values.Where(v => v is not null)
                    from way in Gen.Elements(("<", -1, false), ("<=", -1, true), (">", 1, false), (">=", 1, true))
                    select new Model($"{field} {way.Item1} {literal(value)}", row => row[field] is T mine
                        && (Math.Sign(compare(mine, value)) is var sign) && (sign == way.Item2 || (sign == 0 && way.Item3)));
        var lists = from list in values.ArrayOf().Where(list => list.Length is > 0 and < 6)
                    from among in Gen.Elements(true, false)
                    select new Model($"{field} {(among ? "in" : "NOT  IN")} ({string.Join(", ", list.Select(v => Literal(v, literal)))})",
                        row => Array.Exists(list, value => Same(row, value)) == among);
        return Gen.OneOf(equality, order, lists);

        bool Same(Row row, T value) => row[field] is T mine ? value is not null && compare(mine, value) == 0 : value is null;
    }

    private static string Literal<T>(T value, Func<T, string> literal) => value is null ? "null" : literal(value);

    private static string Quote(string? text) => $"'{text!.Replace("\\", "\\\\").Replace("'", "\\'").Replace("\n", "\\n")}'";

    [Fact]
    public void A_condition_means_what_it_says() =>
        Prop.ForAll(Conditions.ToArbitrary(), Rows.ToArbitrary(), (condition, row) => row.Matches(condition.Text) == condition.Means(row))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void A_double_negation_is_none() =>
        Prop.ForAll(Conditions.ToArbitrary(), Rows.ToArbitrary(), (condition, row) => row.Matches($"NOT NOT ({condition})") == row.Matches(condition.Text))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void In_is_one_equality_or_another() => Prop.ForAll(Gen.Elements(Names).Two().ToArbitrary(), Rows.ToArbitrary(), (pair, row) =>
    {
        var (a, b) = (Literal(pair.Item1, Quote), Literal(pair.Item2, Quote));
        return row.Matches($"Name IN ({a}, {b})") == row.Matches($"Name = {a} OR Name = {b}")
            && row.Matches($"Name NOT IN ({a}, {b})") == row.Matches($"Name != {a} AND Name != {b}");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Like_agrees_with_a_naive_matcher()
    {
        var texts = Gen.Elements('a', 'b', 'A', '%', '_', '\\').ArrayOf().Where(t => t.Length is > 0 and < 12).Select(t => new string(t));
        var patterns = Gen.Elements("a", "b", "%", "_", "\\%", "\\_", "\\\\").ArrayOf().Where(p => p.Length is > 0 and < 80);
        Prop.ForAll(texts.ToArbitrary(), patterns.ToArbitrary(), (text, pattern) =>
                new Row { ["Name"] = text }.Matches($"Name LIKE '{string.Concat(pattern)}'") == Naive(text, pattern))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

        static bool Naive(string text, ReadOnlySpan<string> pattern)
        {
            if (pattern.IsEmpty)
                return text.Length == 0;
            if (pattern[0] == "%")
                return Naive(text, pattern[1..]) || (text.Length > 0 && Naive(text[1..], pattern));
            return text.Length > 0
                && (pattern[0] == "_" || pattern[0][^1].ToString().Equals(text[..1], StringComparison.OrdinalIgnoreCase))
                && Naive(text[1..], pattern[1..]);
        }
    }

    [Fact]
    public void Ids_keep_their_15_characters_and_find_their_case_again() => Prop.ForAll(
        Gen.Elements("aZ09xYbQ".ToCharArray()).ArrayOf(15).Select(c => new string(c)).ToArbitrary(), id15 =>
            RecordId.TryNormalize(id15, out var id18) && id18[..15] == id15
            && RecordId.TryNormalize(id18.ToLowerInvariant(), out var again) && again == id18).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_does_worse_than_a_sentence()
    {
        string[] pieces =
        [
            "Name", "Since", "IsActive", "Owner.", "=", "!=", "<", ">", "(", ")", ",", "'", "\\", "'x'", "''", "5", "-", "1.5.2", "2026-11-22", "2026-11-22T00:00:00Z", "TODAY",
            "LAST_N_DAYS:", ":", "NULL", "true", "AND", "OR", "NOT", "IN", "LIKE", "INCLUDES", "SELECT", "FROM", "Account", "WHERE", "GROUP", "BY", "ORDER", "LIMIT", "OFFSET",
            "COUNT(", "FIELDS(", "ALL", "HAVING", "USING", "FOR", "VIEW", "\u0000", "\ud83d", "😀", "\n", "\u00a0", "*", "é", "TYPEOF", "Contacts", "Id",
        ];
        var org = new Org();
        Prop.ForAll(Gen.Elements(pieces).ArrayOf().ToArbitrary(), parts =>
        {
            var text = string.Join(' ', parts);
            Expect<SoqlException>(() => new Row().Matches(text));
            Expect<QueryException>(() => org.Run(text));
            Expect<QueryException>(() => org.Run("SELECT Id, " + text).Records().Count());
            Expect<QueryException>(() => org.Run("SELECT Name FROM Account " + text).Records().Count());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

        static void Expect<T>(Action action) where T : Exception
        {
            try
            {
                action();
            }
            catch (T)
            {
                // A refusal is as good as an answer here; any other exception fails the test.
            }
        }
    }
}
