using System.Globalization;
using System.Text.Json;
using PocSync.Simulator.Schema;
using PocSync.Simulator.Store;
using PocSync.Soql;

namespace PocSync.Simulator.Queries;

/// <summary>Records and values as REST writes them: canonical names, <c>attributes</c>, datetimes with +0000, doubles as Java prints them.</summary>
internal static class RecordJson
{
    /// <summary>One row with the given fields.</summary>
    public static void Write(Utf8JsonWriter w, Table table, int row, IEnumerable<Field> fields, string version)
    {
        w.WriteStartObject();
        WriteAttributes(w, table.Schema.Name, table.Id(row), version);
        foreach (var field in fields)
        {
            w.WritePropertyName(field.Name);
            if (field.Type == ApiType.Address && AddressValue.Read(table, row, field) is { } address)
                address.Write(w);
            else
                WriteValue(w, field.Type, table[row, field]);
        }
        w.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter w, QueryRecord record, IReadOnlyList<QueryColumn> columns, string version)
    {
        w.WriteStartObject();
        WriteAttributes(w, record.Type, record.Id, version, record.Object?.Name);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            w.WritePropertyName(column.Name);
            switch (record.Values[i])
            {
                case null:
                    w.WriteNullValue();
                    break;
                case QueryRecord parent:
                    Write(w, parent, parent.Columns ?? column.Columns, version);
                    break;
                case QueryResult children:
                    WriteChildren(w, children, version);
                    break;
                case AddressValue address:
                    address.Write(w);
                    break;
                case var value:
                    WriteValue(w, column.Field is { Whole: true } ? ApiType.Int : ApiType.Double, value);
                    break;
            }
        }
        w.WriteEndObject();
    }

    /// <param name="type">Tells an int from a double; otherwise the value speaks for itself.</param>
    public static void WriteValue(Utf8JsonWriter w, ApiType type, object? value)
    {
        switch (value)
        {
            case null:
                w.WriteNullValue();
                break;
            case string text:
                w.WriteStringValue(text);
                break;
            case bool truth:
                w.WriteBooleanValue(truth);
                break;
            case int count:
                w.WriteNumberValue(count);
                break;
            case decimal number when type == ApiType.Int:
                w.WriteNumberValue((long)number);
                break;
            case decimal number:
                w.WriteRawValue(Double((double)number), skipInputValidation: true);
                break;
            case DateTimeOffset instant:
                w.WriteStringValue(Instant(instant));
                break;
            default:
                w.WriteStringValue(CellText.Write(value));
                break;
        }
    }

    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);

    /// <summary>As Java's Double.toString: a decimal point always, an exponent from 10^7 on and below 10^-3.</summary>
    public static string Double(double number)
    {
        var size = Math.Abs(number);
        if (size is 0 or (>= 1e-3 and < 1e7))
            return number.ToString("0.0################", CultureInfo.InvariantCulture);
        var exponent = int.Parse(number.ToString("E16", CultureInfo.InvariantCulture).Split('E')[1], CultureInfo.InvariantCulture);
        var digits = new string([.. number.ToString("R", CultureInfo.InvariantCulture).TakeWhile(c => c != 'E').Where(char.IsAsciiDigit)]).Trim('0');
        return $"{(number < 0 ? "-" : "")}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}";
    }

    private static void WriteAttributes(Utf8JsonWriter w, string type, string? id, string version, string? objectName = null)
    {
        w.WriteStartObject("attributes");
        w.WriteString("type", type);
        if (id is not null)
            w.WriteString("url", $"/services/data/v{version}/sobjects/{objectName ?? type}/{id}");
        w.WriteEndObject();
    }

    private static void WriteChildren(Utf8JsonWriter w, QueryResult children, string version)
    {
        w.WriteStartObject();
        w.WriteNumber("totalSize", children.TotalSize);
        w.WriteBoolean("done", true);
        w.WriteStartArray("records");
        foreach (var child in children.Records())
            Write(w, child, children.Columns, version);
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
