using PocSync.Soql;

namespace PocSync.Simulator.Schema;

/// <summary>A field's type as describe names it.</summary>
internal enum ApiType
{
    Id, Reference, String, TextArea, Picklist, MultiPicklist, Combobox, Boolean, Int, Double, Currency, Percent, Date, DateTime, Time, Email, Phone,
    Url, Address, AnyType,
}

internal static class ApiTypes
{
    public static string DescribeName(this ApiType type) => type == ApiType.AnyType ? "anyType" : type.ToString().ToLowerInvariant();

    public static string SoapName(this ApiType type) => type switch
    {
        ApiType.Id or ApiType.Reference => "tns:ID",
        ApiType.Boolean => "xsd:boolean",
        ApiType.Int => "xsd:int",
        ApiType.Double or ApiType.Currency or ApiType.Percent => "xsd:double",
        ApiType.Date => "xsd:date",
        ApiType.DateTime => "xsd:dateTime",
        ApiType.Time => "xsd:time",
        ApiType.Address => "urn:address",
        ApiType.AnyType => "xsd:anyType",
        _ => "xsd:string",
    };

    public static FieldType Soql(this ApiType type) => type switch
    {
        ApiType.Id or ApiType.Reference => FieldType.Id,
        ApiType.Boolean => FieldType.Boolean,
        ApiType.Int or ApiType.Double or ApiType.Currency or ApiType.Percent => FieldType.Number,
        ApiType.Date => FieldType.Date,
        ApiType.DateTime => FieldType.DateTime,
        ApiType.Time => FieldType.Time,
        ApiType.MultiPicklist => FieldType.MultiPicklist,
        _ => FieldType.Text,
    };

    public static bool IsText(this ApiType type) => type.Soql() is FieldType.Text or FieldType.MultiPicklist && type is not ApiType.Address;

    public static bool IsNumber(this ApiType type) => type.Soql() is FieldType.Number;

    public static bool IsId(this ApiType type) => type is ApiType.Id or ApiType.Reference;
}
