using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PocSync.Core.Runs;

namespace PocSync.Health;

/// <summary>
/// The worker's figures and traces, under the name <c>PocSync</c>. They are sent by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; all else about
/// the sending is OpenTelemetry's own settings, from the environment.
/// </summary>
public sealed class Telemetry : IDisposable
{
    private const string Name = "PocSync";

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _traces = new(Name);
    private readonly Counter<long> _runs;
    private readonly Counter<long> _corrections;
    private readonly Histogram<double> _seconds;
    private readonly UpDownCounter<long> _running;
    private readonly List<IDisposable> _exports = [];
    private RunReport? _last;
    private long? _callsLeft;

    public Telemetry()
    {
        _runs = _meter.CreateCounter<long>("pocsync.runs", "{run}", "Runs that ended, by job and status.");
        _corrections = _meter.CreateCounter<long>("pocsync.corrections", "{correction}", "Corrections that came to an outcome, by rule and outcome.");
        _seconds = _meter.CreateHistogram<double>("pocsync.run.duration", "s", "How long runs took, by job.");
        _running = _meter.CreateUpDownCounter<long>("pocsync.runs.running", "{run}", "Runs under way in this worker.");
        _meter.CreateObservableGauge("pocsync.findings", Findings, "{finding}", "Findings of the last run, by rule.");
        _meter.CreateObservableGauge("pocsync.queue", Queue, "{correction}", "Corrections of the last run that wait for a person or are held.");
        _meter.CreateObservableGauge("pocsync.api.calls.left", CallsLeft, "{call}", "Calls that the org takes today, as it last told.");
    }

    /// <summary>Begins to send, where the environment says whereto.</summary>
    public void StartExport()
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")))
        {
            return;
        }

        var resource = ResourceBuilder.CreateDefault().AddService("pocsync", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3))
            .AddEnvironmentVariableDetector();
        _exports.Add(Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Name).AddOtlpExporter().Build());
        _exports.Add(Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Name).AddOtlpExporter().Build());
    }

    /// <summary>A run of a job begins; dispose of what is returned when it has ended.</summary>
    public RunTrace Begin(string job) => new(this, job);

    public void Dispose()
    {
        _exports.ForEach(e => e.Dispose());
        _meter.Dispose();
        _traces.Dispose();
    }

    private IEnumerable<Measurement<int>> Findings() => _last?.Judged?.Findings is { } findings
        ? findings.CountBy(f => f.Rule).Select(r => new Measurement<int>(r.Value, new KeyValuePair<string, object?>("rule", r.Key))) : [];

    private IEnumerable<Measurement<int>> Queue() => _last is { } run
        ? [Of("waits", run.Waiting), Of("held", run.Held)] : [];

    private IEnumerable<Measurement<long>> CallsLeft() => _callsLeft is { } left ? [new Measurement<long>(left)] : [];

    private static Measurement<int> Of(string state, int count) => new(count, new KeyValuePair<string, object?>("state", state));

    /// <summary>One run.</summary>
    public sealed class RunTrace : IDisposable
    {
        private readonly Telemetry _telemetry;
        private readonly string _job;
        private readonly Activity? _activity;
        private readonly long _begun = Stopwatch.GetTimestamp();

        internal RunTrace(Telemetry telemetry, string job)
        {
            (_telemetry, _job) = (telemetry, job);
            _activity = telemetry._traces.StartActivity("run");
            _activity?.SetTag("pocsync.job", job);
            telemetry._running.Add(1);
        }

        /// <summary>What it did.</summary>
        public void Ended(RunReport report, long? callsLeft)
        {
            _telemetry._last = report.Judged is null ? _telemetry._last : report;
            _telemetry._callsLeft = callsLeft ?? _telemetry._callsLeft;
            _telemetry._runs.Add(1, new("job", _job), new("status", Word(report.Status)));
            var rules = report.Judged?.Proposal.Plan.Corrections.ToDictionary(c => c.Id, c => c.Rule);
            foreach (var outcome in report.Outcomes)
            {
                _telemetry._corrections.Add(1, new("rule", rules?.GetValueOrDefault(outcome.CorrectionId)), new("outcome", Word(outcome.Kind)));
            }

            _activity?.SetTag("pocsync.run", report.Run);
            _activity?.SetTag("pocsync.status", Word(report.Status));
            _activity?.SetStatus(report.Status == RunStatus.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        }

        public void Dispose()
        {
            _telemetry._seconds.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds, new KeyValuePair<string, object?>("job", _job));
            _telemetry._running.Add(-1);
            _activity?.Dispose();
        }

        private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
    }
}
