namespace PocSync.Ledger;

/// <summary>The keys with which the console protects its cookies.</summary>
public sealed class KeyStore(LedgerDatabase database)
{
    /// <summary>All keys, as XML.</summary>
    public IReadOnlyList<string> Read() =>
        Now(() => database.RunAsync(context => Task.FromResult<IReadOnlyList<string>>([.. context.Keys.OrderBy(k => k.Id).Select(k => k.Xml)])));

    /// <summary>Keeps one more; one that is there already stays.</summary>
    public void Add(string name, string xml) => Now(() => database.InTransactionAsync(context =>
    {
        if (!context.Keys.Any(k => k.Id == name))
        {
            context.Add(new KeyRow { Id = name, Xml = xml });
        }

        return Task.FromResult(0);
    }));

    private static T Now<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
