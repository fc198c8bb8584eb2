using System.Text.Json;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;

namespace PocSync.Simulator.Queries;

/// <summary>A compound address: its parts by their JSON names, in the platform's order.</summary>
internal sealed record AddressValue(IReadOnlyList<(string Name, object? Value)> Parts)
{
    private static readonly string[] Names = ["City", "Country", "GeocodeAccuracy", "Latitude", "Longitude", "PostalCode", "State", "Street"];

    /// <summary>Null where every part is.</summary>
    public static AddressValue? Read(Table table, int row, Field compound)
    {
        var prefix = compound.Name[..^"Address".Length];
        var parts = Names.Select(n => (char.ToLowerInvariant(n[0]) + n[1..], table[row, table.Schema[prefix + n]])).ToList();
        return parts.All(p => p.Item2 is null) ? null : new(parts);
    }

    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        foreach (var (name, value) in Parts)
        {
            w.WritePropertyName(name);
            RecordJson.WriteValue(w, ApiType.Double, value);
        }
        w.WriteEndObject();
    }
}
