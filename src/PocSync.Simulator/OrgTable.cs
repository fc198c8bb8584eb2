namespace PocSync.Simulator;

/// <summary>
/// The rows of one object as they come into a simulated org, from a folder of CSV files or from a generator. Cells are text as in a Salesforce data
/// export: ids of 15 or 18 characters, <c>true</c>/<c>false</c>, dates <c>yyyy-MM-dd</c>, datetimes ISO 8601, numbers with a point; <c>null</c> or
/// empty is blank. A row may be shorter than <see cref="Columns"/>: the rest is blank.
/// <para>Rows are taken as they are: no trigger, no validation. A column that the object does not have becomes a field of a type inferred from its
/// cells. An object that no schema knows becomes an object with the fields of its columns.</para>
/// <para>Two tables steer the platform's behaviour: a <c>ProcessInstance</c> row with <c>Status</c> <c>Pending</c> locks the record in
/// <c>TargetObjectId</c> as an approval does; the table <c>ValidationRule</c> (<c>Object</c>, <c>Condition</c>: SOQL over the row as it would be
/// saved, <c>Message</c>, optional <c>Field</c>) refuses every insert and update for which the condition holds.</para>
/// </summary>
public sealed record OrgTable(string Object, IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows);
