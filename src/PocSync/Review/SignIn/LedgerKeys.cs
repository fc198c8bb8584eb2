using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using PocSync.Ledger;

namespace PocSync.Review.SignIn;

/// <summary>Keeps the keys of cookies in the ledger, so that two workers share them and a restart signs nobody out.</summary>
internal sealed class LedgerKeys(ReviewLedger ledger) : IXmlRepository
{
    // The framework asks without waiting, from threads that nobody waits on.
    private KeyStore Store => new(Task.Run(ledger.OpenAsync).GetAwaiter().GetResult());

    public IReadOnlyCollection<XElement> GetAllElements() => [.. Store.Read().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        Store.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}
