using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace PocSync.Ledger;

/// <summary>Writes many rows in the transaction at hand: by COPY on PostgreSQL, by one prepared statement on SQLite.</summary>
internal static class BulkRows
{
    /// <summary>Rows of the model's, with all their columns; the caller gives the key.</summary>
    public static Task InsertAsync<T>(LedgerContext context, IEnumerable<T> rows) where T : class
    {
        var entity = context.Model.FindEntityType(typeof(T))!;
        var columns = entity.GetProperties().Select(p => (Name: p.GetColumnName(), Value: p.GetGetter())).ToList();
        return InsertAsync(
            context, entity.GetTableName()!, [.. columns.Select(c => c.Name)], rows.Select(r => columns.Select(c => c.Value.GetClrValue(r))));
    }

    /// <summary>Rows of text, whole numbers (of the column's size) and booleans, each with its values in the order of the columns.</summary>
    public static async Task InsertAsync(
        LedgerContext context, string table, IReadOnlyList<string> columns, IEnumerable<IEnumerable<object?>> rows)
    {
        var names = string.Join(", ", columns.Select(c => $"\"{c}\""));
        if (context.Database.GetDbConnection() is NpgsqlConnection postgres)
        {
            await using var copy = await postgres.BeginBinaryImportAsync($"COPY \"{table}\" ({names}) FROM STDIN (FORMAT BINARY)");
            foreach (var row in rows)
            {
                await copy.StartRowAsync();
                foreach (var value in row)
                {
                    await (value is null ? copy.WriteNullAsync() : copy.WriteAsync(value));
                }
            }

            await copy.CompleteAsync();
            return;
        }

        await using var insert = context.Database.GetDbConnection().CreateCommand();
        insert.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        insert.CommandText = $"INSERT INTO \"{table}\" ({names}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        var parameters = columns.Select((_, i) =>
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            insert.Parameters.Add(parameter);
            return parameter;
        }).ToList();
        foreach (var row in rows)
        {
            var at = 0;
            foreach (var value in row)
            {
                parameters[at++].Value = value ?? DBNull.Value;
            }

            await insert.ExecuteNonQueryAsync();
        }
    }
}
