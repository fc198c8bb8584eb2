using PocSync.Core.Guards;
using PocSync.Core.Plans;

namespace PocSync.Plans;

/// <summary>A plan with what the guard needs to judge it again when it is applied.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Measure">How much was read for it.</param>
public sealed record PlanFile(Plan Plan, Measure Measure);

/// <summary>A plan's file cannot be taken for one, in one sentence.</summary>
public sealed class PlanFileException(string message) : Exception(message);
