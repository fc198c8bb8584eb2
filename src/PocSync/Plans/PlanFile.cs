using PocSync.Core.Guards;
using PocSync.Core.Plans;

namespace PocSync.Plans;

/// <summary>A plan with what the guard needs to judge it again when it is applied.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Counts">The records that it was made from, for the guard.</param>
public sealed record PlanFile(Plan Plan, GuardInput Counts);

/// <summary>A plan's file cannot be taken for one, in one sentence.</summary>
public sealed class PlanFileException(string message) : Exception(message);
