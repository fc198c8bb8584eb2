using System.CommandLine;
using System.Text.Json;
using PocSync.Core.Records;
using PocSync.Simulator;
using PocSync.Simulator.Generation;

namespace PocSync.Cli;

/// <summary><c>simulate</c>: a Salesforce org on this machine, from an export's files or generated, until it is told to stop.</summary>
internal static class SimulateVerb
{
    public static Command Create(Surroundings around)
    {
        var data = new Option<string?>("--data") { Description = "Serve the CSV files of this folder or zip.", HelpName = "DIR-or-ZIP" };
        var generate = new Option<int?>("--generate") { Description = "Serve a generated org with so many accounts.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Decides everything that is random.", DefaultValueFactory = _ => 7, HelpName = "S" };
        var port = new Option<int>("--port") { Description = "The port on 127.0.0.1; 0 is any free one.", HelpName = "P" };
        var faults = new Option<string?>("--faults")
        {
            Description = "What goes wrong: kind[:rate|:count=N][@path-prefix], comma-separated; kinds: " + string.Join(", ", Simulator.Simulator.FaultKinds) + ".",
            HelpName = "SPEC",
        };
        var cascade = new Option<bool>("--cascade") { Description = "An account's new owner gets the old owner's contacts and open opportunities too." };
        var clock = VerbOptions.Instant("--clock", "The instant at which the org's clock starts; default: now.");
        var speed = new Option<double>("--speed") { Description = "How many times as fast as real time the org's clock runs.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var verb = new Command("simulate", "Serves a simulated Salesforce org on 127.0.0.1. It is no place for real data.") { data, generate, seed, port, faults, cascade, clock, speed };
        verb.SetAction(async (parsed, stop) =>
        {
            var start = parsed.GetValue(clock);
            var options = new SimulatorOptions
            {
                Data = Tables(parsed.GetValue(data), parsed.GetValue(generate), parsed.GetValue(seed), start ?? around.Time.GetUtcNow()),
                Port = parsed.GetValue(port),
                Seed = parsed.GetValue(seed),
                Faults = parsed.GetValue(faults),
                CascadeChildren = parsed.GetValue(cascade),
                Clock = around.Time,
                ClockStart = start,
                ClockSpeed = parsed.GetValue(speed),
            };
            await using var org = await StartAsync(options, stop);
            foreach (var note in org.Notes)
            {
                around.Error.WriteLine(PlainText.Line(note));
            }

            using (var text = around.OpenText())
            {
                text.WriteLine(JsonSerializer.Serialize(new
                {
                    url = org.Url.ToString().TrimEnd('/'),
                    clientId = org.ClientId,
                    clientSecret = org.ClientSecret,
                    username = org.Username,
                    password = org.Password,
                    accessToken = org.AccessToken,
                }));
            }

            around.Error.WriteLine("A simulated org, which anybody on this machine can sign in to: no place for real data. Ctrl+C stops it.");
            await Task.WhenAny(org.Stopped, Task.Delay(Timeout.InfiniteTimeSpan, around.Time, stop));
            return (int)ExitStatus.Done;
        });
        return verb;
    }

    /// <summary>Starts an org. What is wrong with its data, its faults or its port is wrong usage.</summary>
    internal static async Task<RunningSimulator> StartAsync(SimulatorOptions options, CancellationToken stop)
    {
        try
        {
            return await Simulator.Simulator.StartAsync(options, stop);
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(wrong.Message);
        }
    }

    private static IReadOnlyList<OrgTable> Tables(string? data, int? generate, int seed, DateTimeOffset now)
    {
        if (data is not null && generate is not null)
        {
            throw new UsageException("Give --data or --generate, not both.");
        }

        try
        {
            return data is not null ? CsvTables.Read(data)
                : OrgGenerator.Generate(new OrgPlan { AsOf = now, Accounts = generate ?? 100, Seed = seed, Flavor = OrgFlavor.Plain }).Tables;
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(wrong.Message);
        }
    }
}
