using System.Collections.Concurrent;
using PocSync.Core.Runs;

namespace PocSync.Tests.Salesforce;

/// <summary>Keeps the org's jobs for as long as a test runs.</summary>
internal sealed class JobsOfATest(TimeProvider time) : IOrgJobs
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _open = [];

    public IEnumerable<string> Open => _open.Keys;

    public Task<IReadOnlyList<(string Job, DateTimeOffset Begun)>> OpenAsync() =>
        Task.FromResult<IReadOnlyList<(string, DateTimeOffset)>>([.. _open.Select(j => (j.Key, j.Value))]);

    public Task BeginAsync(string job)
    {
        _open[job] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task EndAsync(string job)
    {
        _open.TryRemove(job, out _);
        return Task.CompletedTask;
    }
}
