namespace PocSync.Jobs;

/// <summary>Where an engine keeps its queue.</summary>
/// <param name="PostgreSql">The connection string of the database that all workers share; null for this process's memory.</param>
public sealed record EngineStorage(string? PostgreSql)
{
    /// <summary>For people.</summary>
    public string Name => PostgreSql is null ? "in memory" : "on PostgreSQL";
}
