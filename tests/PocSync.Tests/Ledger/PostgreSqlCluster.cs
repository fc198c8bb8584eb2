using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace PocSync.Tests.Ledger;

/// <summary>
/// A PostgreSQL server of the tests' own, on a Unix socket in a temporary folder. A watching shell stops it and removes the folder when this process
/// ends in whatever way, since the pipe between them closes then.
/// </summary>
internal sealed class PostgreSqlCluster : IDisposable
{
    private static readonly Lazy<PostgreSqlCluster> TheShared = new(() => new PostgreSqlCluster());

    private static int _databases;

    private readonly Process _watch;
    private readonly string _control;

    /// <summary>Makes a server and starts it. <c>Host</c> of its connections is the folder.</summary>
    public PostgreSqlCluster()
    {
        var bin = FindBinaries();
        // A commit survives the death of the server all the same: only a crash of the machine needs fsync.
        const string Options = "-c fsync=off -c full_page_writes=off -c max_connections=300 -c listen_addresses=";
        _control = $"{bin}/pg_ctl";
        var script = $"""
            dir=$(mktemp -d) || exit 1
            {bin}/initdb -D "$dir/data" -A trust -U pocsync --no-sync -E UTF8 --locale=C >"$dir/log" 2>&1 &&
            printf 'local all locked scram-sha-256\nlocal all all trust\n' >"$dir/data/pg_hba.conf" &&
            echo "unix_socket_directories = '$dir'" >>"$dir/data/postgresql.conf" &&
            {_control} start -w -D "$dir/data" -l "$dir/log" -o "{Options}" >/dev/null 2>&1 || tail -n 3 "$dir/log" >&2
            echo "$dir"
            while read -r word; do
              case $word in
                kill) pid=$(head -n 1 "$dir/data/postmaster.pid"); kill -9 "$pid" $(cat "/proc/$pid/task/$pid/children") && echo killed ;;
                start) i=0; until {_control} start -w -D "$dir/data" -l "$dir/log" -o "{Options}" >/dev/null 2>&1; do
                    i=$((i + 1)); [ $i -lt 50 ] || exit 1; done; echo started ;;
              esac
            done
            {_control} stop -m immediate -D "$dir/data" >/dev/null 2>&1
            rm -rf "$dir"
            """;
        string[] shell = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", "sh", "-c", script] : ["sh", "-c", script];
        var start = new ProcessStartInfo(shell[0], shell[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        _watch = Process.Start(start)!;
        Folder = _watch.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PostgreSQL could not be started; what it said is above.");
    }

    /// <summary>The server that tests share, with a database each.</summary>
    public static PostgreSqlCluster Shared => TheShared.Value;

    /// <summary>Where the server listens.</summary>
    public string Folder { get; }

    /// <summary>Makes an empty database; gives its connection string.</summary>
    public string CreateDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"ledger{Interlocked.Increment(ref _databases)}");
        Execute(Connection("postgres") + ";Pooling=False", $"CREATE DATABASE {name}");
        return Connection(name);
    }

    /// <summary>Drops a database with whoever is connected to it.</summary>
    public void Drop(string connection)
    {
        using (var pooled = new NpgsqlConnection(connection))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        Execute(Connection("postgres") + ";Pooling=False", $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");
    }

    public string Connection(string database) => $"Host={Folder};Username=pocsync;Database={database};Maximum Pool Size=10";

    /// <summary>Kills the server as though the machine had lost it (-9).</summary>
    public void Kill() => Say("kill");

    /// <summary>Starts it again.</summary>
    public void Start() => Say("start");

    /// <summary>Runs one of PostgreSQL's programs on this server.</summary>
    public void Run(string program, params string[] args)
    {
        using var process = Process.Start(Path.Combine(Path.GetDirectoryName(_control)!, program), [$"--host={Folder}", "--username=pocsync", .. args]);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, program);
    }

    public void Dispose()
    {
        _watch.StandardInput.Close();
        _watch.WaitForExit();
        _watch.Dispose();
    }

    public static void Execute(string connection, params string[] statements)
    {
        using var open = new NpgsqlConnection(connection);
        open.Open();
        foreach (var statement in statements)
        {
            using var command = new NpgsqlCommand(statement, open);
            command.ExecuteNonQuery();
        }
    }

    private void Say(string word)
    {
        _watch.StandardInput.WriteLine(word);
        _watch.StandardInput.Flush();
        _watch.StandardOutput.ReadLine().ShouldNotBeNull();
    }

    private static string FindBinaries()
    {
        var distribution = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending() : Enumerable.Empty<string>();
        return distribution.Select(d => $"{d}/bin").Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(d => File.Exists($"{d}/initdb") && File.Exists($"{d}/pg_ctl"))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: `sh tests/setup` installs it.");
    }
}
