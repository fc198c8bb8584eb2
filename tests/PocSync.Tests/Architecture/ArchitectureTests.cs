using System.Reflection;
using System.Text.RegularExpressions;

namespace PocSync.Tests.Architecture;

/// <summary>The walls of the house: who may reference whom.</summary>
public class ArchitectureTests
{
    private static readonly Assembly Core = typeof(Core.Records.Snapshot).Assembly;
    private static readonly Assembly Soql = typeof(Soql.Condition).Assembly;
    private static readonly Assembly Simulator = typeof(Simulator.OrgTable).Assembly;
    private static readonly Assembly Program = Assembly.Load("pocsync");

    [Fact]
    public void Core_references_soql_and_the_framework_alone() => References(Core).ShouldBe(["PocSync.Soql"]);

    [Fact]
    public void Soql_references_the_framework_alone() => References(Soql).ShouldBeEmpty();

    [Fact]
    public void The_simulator_knows_nothing_of_the_product() =>
        References(Simulator).Where(r => r.StartsWith("PocSync", StringComparison.OrdinalIgnoreCase)).ShouldBe(["PocSync.Soql"]);

    [Fact]
    public void Core_is_asynchronous_only_in_runs() =>
        Core.GetTypes().Where(t => t.Namespace is not null && t.Namespace != "PocSync.Core.Runs")
            .SelectMany(t => Mentioned(t).Where(m => typeof(Task).IsAssignableFrom(m) || m == typeof(CancellationToken)).Select(m => $"{t} mentions {m}")).ShouldBeEmpty();

    [Theory]
    [InlineData("Salesforce")]
    [InlineData("Exports")]
    [InlineData("Ledger")]
    [InlineData("Plans")]
    [InlineData("RuleFiles")]
    [InlineData("Jobs")]
    [InlineData("Health")]
    [InlineData("Notices")]
    public void Adapters_do_not_know_each_other(string adapter)
    {
        string[] adapters = ["Salesforce", "Exports", "Ledger", "Cli", "Plans", "RuleFiles", "Jobs", "Health", "Notices", "Review"];
        var others = adapters.Where(a => a != adapter).Select(a => $"PocSync.{a}").ToHashSet();
        var own = Program.GetTypes().Where(t => IsIn(t, $"PocSync.{adapter}")).ToList();
        own.ShouldNotBeEmpty();
        own.SelectMany(t => Mentioned(t).Where(m => others.Any(o => IsIn(m, o))).Select(m => $"{t} mentions {m}")).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void The_console_knows_the_ledger_and_no_other_adapter()
    {
        var others = new[] { "Salesforce", "Exports", "Cli", "Plans", "RuleFiles", "Jobs", "Health", "Notices" }.Select(a => $"PocSync.{a}").ToList();
        var own = Program.GetTypes().Where(t => IsIn(t, "PocSync.Review")).ToList();
        own.ShouldNotBeEmpty();
        own.SelectMany(t => Mentioned(t).Where(m => others.Any(o => IsIn(m, o))).Select(m => $"{t} mentions {m}")).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Ports_have_few_methods() =>
        Core.GetExportedTypes().Where(t => t.IsInterface).Where(t => t.GetMethods().Length > 5).ShouldBeEmpty();

    [Fact]
    public void No_file_is_named_for_nothing()
    {
        var vague = new Regex("^(Common|Misc)|(Utils?|Utilities|Helpers?|Common|Misc|Manager)$");
        new[] { Core, Soql, Simulator, Program }.SelectMany(a => a.GetTypes()).Where(t => t.Namespace?.StartsWith("PocSync", StringComparison.Ordinal) == true && vague.IsMatch(t.Name)).ShouldBeEmpty();
    }

    private static bool IsIn(Type type, string name) =>
        type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true;

    private static List<string> References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(r => r.Name!)
        .Where(r => !r.StartsWith("System", StringComparison.Ordinal) && !r.StartsWith("Microsoft.", StringComparison.Ordinal) && r is not ("netstandard" or "mscorlib")).Order()];

    /// <summary>Every type that a type's shape or code names: bases, fields, signatures, locals.</summary>
    private static IEnumerable<Type> Mentioned(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var direct = new List<Type?> { type.BaseType };
        direct.AddRange(type.GetInterfaces());
        direct.AddRange(type.GetFields(All).Select(f => f.FieldType));
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            direct.AddRange(method.GetParameters().Select(p => p.ParameterType));
            direct.Add((method as MethodInfo)?.ReturnType);
            direct.AddRange(method.GetMethodBody()?.LocalVariables.Select(l => l.LocalType) ?? []);
        }

        return direct.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type.GetGenericTypeDefinition())
        : [type];
}
