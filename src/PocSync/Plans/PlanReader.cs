using System.Globalization;
using System.Text.Json;
using PocSync.Core.Guards;
using PocSync.Core.Plans;
using PocSync.Core.Records;
using PocSync.Core.Rules;

namespace PocSync.Plans;

/// <summary>
/// Reads a plan back from the JSON that <see cref="PlanJson"/> wrote. What is read must come to the digest that the file says; else the file was
/// changed, torn, or made under other names of objects and fields.
/// </summary>
public sealed class PlanReader
{
    /// <summary>What PocSync writes; a file that names anything else was not made by it.</summary>
    private static readonly Dictionary<string, string[]> Objects = new()
    {
        ["Account"] = ["OwnerId"],
        ["AccountTeamMember"] = ["AccountId", "UserId", "TeamMemberRole"],
        ["POC_Assignment__c"] = ["Account__c", "Role__c", "User__c", "Department__c", "Starts_On__c", "Ends_On__c"],
        ["POC_Handoff__c"] =
            ["Account__c", "From_User__c", "From_Department__c", "To_User__c", "To_Department__c", "Effective_On__c", "Due_On__c", "Status__c", "Necessity__c", "Reason__c"],
        ["Task"] = ["OwnerId", "Subject", "Description", "Status", "Priority", "ActivityDate"],
    };

    private readonly string _file;
    private readonly Names _names;
    private DateOnly _today;

    private PlanReader(string file, Names names) => (_file, _names) = (file, names);

    /// <summary>The plan of a file. Throws <see cref="PlanFileException"/>.</summary>
    public static PlanFile Read(string file, Names names)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var document = JsonDocument.Parse(stream);
            return new PlanReader(file, names).Plan(document.RootElement);
        }
        catch (JsonException wrong)
        {
            throw new PlanFileException(string.Create(CultureInfo.InvariantCulture,
                $"{file} is torn or no JSON (line {wrong.LineNumber + 1}, position {wrong.BytePositionInLine + 1}): make the plan again with `pocsync plan --out {file}`."));
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PlanFileException($"There is no plan {file}: make one with `pocsync plan --out {file}`.");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new PlanFileException($"{file} cannot be read: {wrong.Message}");
        }
    }

    private PlanFile Plan(JsonElement root)
    {
        _today = Day(Text(root, "today", "today"), "today");
        var corrections = Items(root, "corrections", "").Select((c, i) => Correction(c, $"corrections[{i}]")).ToList();
        var unpicked = Items(root, "unpicked", "").Select((u, i) => new Unpicked(
            Text(u, "rule", $"unpicked[{i}].rule"), Text(u, "code", $"unpicked[{i}].code"),
                Id(Text(u, "account", $"unpicked[{i}].account"), $"unpicked[{i}].account"),
            Text(u, "sentence", $"unpicked[{i}].sentence"), Texts(u, "trace", $"unpicked[{i}]"))).ToList();
        var plan = new Plan(
            CellText.TryInstant(Text(root, "asOf", "asOf"), out var asOf) ? asOf : throw Wrong("asOf", "is no instant"),
            _today,
            Word<Binding>(Text(root, "binding", "binding"), "binding"),
            Optional(root, "org", "org") is { } org ? Id(org, "org") : default,
            corrections,
            unpicked);
        if (Text(root, "digest", "digest") is var digest && digest != plan.Digest)
        {
            throw new PlanFileException(
                $"{_file} is not the plan that was made: it says digest {Short(digest)}, and its corrections come to {Short(plan.Digest)}. It was changed, or the rules' names of objects and fields were; make the plan again.");
        }

        var counts = Get(root, "counts", JsonValueKind.Object, "counts").EnumerateObject()
            .ToDictionary(c => c.Name, c => Number(c.Value, $"counts.{c.Name}"));
        return new PlanFile(plan, new Measure(
            Number(Get(root, "accountsInScope", JsonValueKind.Number, "accountsInScope"), "accountsInScope"), counts, Texts(root, "shown", ""), plan.Binding));
    }

    private Correction Correction(JsonElement json, string at)
    {
        var isByGuard = json.TryGetProperty("byGuard", out var guard) && guard.ValueKind == JsonValueKind.True;
        var correction = new Correction
        {
            Rule = Text(json, "rule", $"{at}.rule"),
            Code = Text(json, "code", $"{at}.code"),
            Account = Id(Text(json, "account", $"{at}.account"), $"{at}.account"),
            AccountName = Text(json, "accountName", $"{at}.accountName"),
            Mode = Word<RuleMode>(Text(json, "mode", $"{at}.mode"), $"{at}.mode"),
            // The guard speaks again when the plan is applied.
            State = isByGuard ? CorrectionState.Ready : Word<CorrectionState>(Text(json, "state", $"{at}.state"), $"{at}.state"),
            Reasons = isByGuard ? [] : Texts(json, "reasons", at),
            BuildsOn = Texts(json, "buildsOn", at),
            Sentence = Text(json, "sentence", $"{at}.sentence"),
            Trace = Texts(json, "trace", at),
            People = [.. Items(json, "people", at).Select((p, i) => new Person(
                Id(Text(p, "id", $"{at}.people[{i}].id"), $"{at}.people[{i}].id"), Text(p, "name", $"{at}.people[{i}].name")))],
            Why = Optional(json, "why", $"{at}.why") ?? "",
            NotBefore = Optional(json, "notBefore", $"{at}.notBefore") is { } notBefore ? Day(notBefore, $"{at}.notBefore") : null,
            Writes = [.. Items(json, "writes", at).Select((w, i) => Write(w, $"{at}.writes[{i}]"))],
        };
        return Text(json, "id", $"{at}.id") == correction.Id ? correction
            : throw Wrong($"{at}.id", $"is not the id of what the correction does ({correction.Id})");
    }

    private Write Write(JsonElement json, string at)
    {
        var orgObject = Text(json, "object", $"{at}.object");
        var name = Objects.Keys.FirstOrDefault(o => _names.Object(o).Equals(orgObject, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong($"{at}.object", $"names '{orgObject}', which PocSync does not write");
        var fields = Get(json, "fields", JsonValueKind.Object, $"{at}.fields").EnumerateObject().Select(f => new FieldWrite(
            _names.PackageField(name, f.Name) is { } field && Objects[name].Contains(field) ? field
                : throw Wrong($"{at}.fields.{f.Name}", "is not a field that PocSync writes"),
            Optional(f.Value, "before", $"{at}.fields.{f.Name}.before"),
            Value(f.Value, $"{at}.fields.{f.Name}")));
        return new Write(
            name,
            Optional(json, "id", $"{at}.id") is { } id ? Id(id, $"{at}.id") : default,
            Optional(json, "key", $"{at}.key") is { } key ? Key(key, Optional(json, "keyDay", $"{at}.keyDay"), at) : null,
            Word<WriteAction>(Text(json, "action", $"{at}.action"), $"{at}.action"),
            [.. fields])
        {
            User = Optional(json, "user", $"{at}.user") is { } user ? Id(user, $"{at}.user") : default,
            Role = Optional(json, "role", $"{at}.role") is { } role ? Word<PocRole>(role, $"{at}.role") : null,
        };
    }

    private PlannedValue Value(JsonElement json, string at)
    {
        var after = Optional(json, "after", $"{at}.after");
        if (Optional(json, "day", $"{at}.day") is not { } day)
        {
            return PlannedValue.Of(after);
        }

        var value = PlannedValue.Of(Word<RelativeDay>(day, $"{at}.day"));
        return value.On(_today) == after ? value : throw Wrong($"{at}.after", $"is {after ?? "blank"}, which is not {day} of the plan");
    }

    private ExternalKey Key(string key, string? day, string at)
    {
        var cut = key.LastIndexOf('|');
        if (cut < 0)
        {
            throw Wrong($"{at}.key", "is no key of PocSync");
        }

        var (about, end) = (key[..cut], key[(cut + 1)..]);
        var value = day is not null ? PlannedValue.Of(Word<RelativeDay>(day, $"{at}.keyDay")) : PlannedValue.Of(end == "-" ? null : end);
        var read = new ExternalKey(about, value);
        return read.On(_today) == key ? read : throw Wrong($"{at}.key", $"does not end with {day} of the plan");
    }

    private IEnumerable<JsonElement> Items(JsonElement json, string name, string at) =>
        Get(json, name, JsonValueKind.Array, at.Length == 0 ? name : $"{at}.{name}").EnumerateArray();

    private IReadOnlyList<string> Texts(JsonElement json, string name, string at) =>
        [.. Items(json, name, at).Select(
            t => t.ValueKind == JsonValueKind.String ? t.GetString()! : throw Wrong($"{at}.{name}", "holds something else than text"))];

    private JsonElement Get(JsonElement json, string name, JsonValueKind kind, string at) =>
        json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) ? throw Wrong(at, "is missing")
        : value.ValueKind != kind ? throw Wrong(at, $"should be {Kind(kind)}")
        : value;

    private string Text(JsonElement json, string name, string at) => Get(json, name, JsonValueKind.String, at).GetString()!;

    private string? Optional(JsonElement json, string name, string at) =>
        json.ValueKind == JsonValueKind.Object && (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) ? null
            : Text(json, name, at);

    private int Number(JsonElement json, string at) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number) ? number : throw Wrong(at, "should be a whole number");

    private RecordId Id(string text, string at) =>
        RecordId.TryParse(text, out var id) ? id : throw Wrong(at, $"is '{text}', which is no Salesforce id");

    private DateOnly Day(string text, string at) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw Wrong(at, $"is '{text}', which is no day");

    private T Word<T>(string text, string at) where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : throw Wrong(at, $"is '{text}', not one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}");

    private PlanFileException Wrong(string at, string what) => new($"{_file} is no plan of PocSync: {at} {what}; make the plan again.");

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        _ => "a text",
    };

    private static string Short(string digest) => digest.Length <= 12 ? $"'{digest}'" : digest[..12] + "…";
}
