using System.Globalization;
using Microsoft.Extensions.Configuration;
using PocSync.Ledger;

namespace PocSync.Cli;

/// <summary>Reads the section <c>Approvals</c> of the program's settings. Throws <see cref="UsageException"/>.</summary>
internal static class ApprovalSettings
{
    public static ApprovalTerms Read(IConfiguration settings)
    {
        var section = settings.GetSection("Approvals");
        return new ApprovalTerms(
            Whole(nameof(ApprovalTerms.ExpireDays), 1) ?? new ApprovalTerms().ExpireDays, Whole(nameof(ApprovalTerms.TwoPersonsAbove), 0));

        int? Whole(string name, int least) => string.IsNullOrWhiteSpace(section[name]) ? null
            : int.TryParse(section[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= 36_500 ? value
            : throw new UsageException($"Approvals:{name} must be a whole number, {least} or more, not '{section[name]}'.");
    }
}
