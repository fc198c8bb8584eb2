using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PocSync.Tests.Salesforce;

/// <summary>What people do in an org between two pulls, drawn at random. What the org refuses is left.</summary>
internal sealed class Edits(LiveOrgHost host, int seed) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly List<string> _deleted = [];
    private readonly HttpClient _http = new()
    {
        BaseAddress = host.Simulator.Url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", host.Simulator.AccessToken) },
    };

    private Dictionary<string, List<JsonElement>> _rows = [];
    private DateTime _day;

    /// <summary>What was done.</summary>
    public List<string> Done { get; } = [];

    public void Dispose() => _http.Dispose();

    public async Task MakeAsync(int count, DateTimeOffset now)
    {
        _day = now.UtcDateTime.Date;
        foreach (var objectName in (string[])["Account", "User", "UserLogin", "AccountTeamMember", "POC_Assignment__c", "POC_Handoff__c", "POC_Absence__c",
            "POC_Department__c", "GroupMember", "Opportunity", "Case", "Contact", "AccountContactRole", "Group"])
            _rows[objectName] = [.. await host.RowsAsync(objectName)];
        for (var i = 0; i < count; i++)
            await OneAsync();
    }

    /// <summary>The same of calendars and of what else tells who is away.</summary>
    public async Task MakeCalendarsAsync(int count, DateTimeOffset now)
    {
        _day = now.UtcDateTime.Date;
        foreach (var objectName in (string[])["User", "Event", "ServiceResource", "ResourceAbsence", "POC_Absence__c"])
            _rows[objectName] = [.. await host.RowsAsync(objectName)];
        for (var i = 0; i < count; i++)
        {
            var (first, hour) = (_random.Next(-6, 400), _random.Next(24));
            var (from, to) = (_day.AddDays(first).AddHours(hour), _day.AddDays(first + _random.Next(3)).AddHours(hour + _random.Next(1, 14)));
            var shown = new[] { "OutOfOffice", "OutOfOffice", "Busy" }[_random.Next(3)];
            switch (_random.Next(10))
            {
                case 0 or 1:
                    await InsertAsync("Event", new() { ["OwnerId"] = Any("User"), ["Subject"] = "Away", ["ShowAs"] = shown, ["StartDateTime"] = from, ["EndDateTime"] = to, ["IsRecurrence"] = _random.Next(6) == 0 }); break;
                case 2 or 3:
                    await InsertAsync("Event", new() { ["OwnerId"] = Any("User"), ["Subject"] = "Away", ["ShowAs"] = shown, ["IsAllDayEvent"] = true, ["StartDateTime"] = from.Date, ["EndDateTime"] = to.Date }); break;
                case 4: await PatchAsync("Event", new() { ["ShowAs"] = shown, ["OwnerId"] = Any("User"), ["StartDateTime"] = from, ["EndDateTime"] = to, ["IsAllDayEvent"] = false }); break;
                case 5: await DeleteAsync("Event", "ResourceAbsence"); break;
                case 6: await InsertAsync("ServiceResource", new() { ["Name"] = "R", ["RelatedRecordId"] = Any("User") }); break;
                case 7: await PatchAsync("ServiceResource", new() { ["RelatedRecordId"] = Any("User") }); break;
                case 8: await InsertAsync("ResourceAbsence", new() { ["ResourceId"] = Any("ServiceResource"), ["Start"] = from, ["End"] = to }); break;
                default: await PatchAsync("ResourceAbsence", new() { ["Start"] = from, ["End"] = to }); break;
            }
        }
    }

    private async Task OneAsync()
    {
        switch (_random.Next(30))
        {
            case 0: await PatchAsync("Account", new() { ["OwnerId"] = Any("User") }); break;
            case 1: await PatchAsync("Account", new() { ["POC_Exempt_Until__c"] = Day(0, 3) }); break;
            case 2: await DeleteAsync("Account"); break;
            case 3 or 4: await UndeleteAsync(); break;
            case 5: await InsertAsync("Account", new() { ["Name"] = "New", ["OwnerId"] = Any("User"), ["AnnualRevenue"] = 5000 }); break;
            case 6: await PatchAsync("User", new() { ["IsActive"] = _random.Next(2) == 0, ["Phone"] = null, ["MobilePhone"] = null }); break;
            case 7: await PatchAsync("UserLogin", new() { ["IsFrozen"] = _random.Next(2) == 0 }); break;
            case 8:
                await InsertAsync("AccountTeamMember",
                new() { ["AccountId"] = Any("Account"), ["UserId"] = Any("User"), ["TeamMemberRole"] = "Account Manager" }); break;
            case 9: await PatchAsync("AccountTeamMember", new() { ["TeamMemberRole"] = "Sales Rep" }); break;
            case 10: await DeleteAsync("AccountTeamMember"); break;
            case 11:
                await InsertAsync("POC_Assignment__c", new()
                {
                    ["Account__c"] = Any("Account"),
                    ["User__c"] = Any("User"),
                    ["Role__c"] = _random.Next(2) == 0 ? "Primary" : "Backup",
                    ["Starts_On__c"] = Day(-9, 3),
                }); break;
            case 12: await PatchAsync("POC_Assignment__c", new() { ["Ends_On__c"] = Day(-1, 3), ["User__c"] = Any("User") }); break;
            case 13: await DeleteAsync("POC_Assignment__c"); break;
            case 14:
                await InsertAsync("POC_Handoff__c", new()
                {
                    ["Account__c"] = Any("Account"),
                    ["To_User__c"] = Any("User"),
                    ["Status__c"] = "Documenting",
                    ["Effective_On__c"] = Day(-9, 0),
                    ["Due_On__c"] = Day(-1, 2),
                }); break;
            case 15: await PatchAsync("POC_Handoff__c", new() { ["Status__c"] = "Completed", ["Due_On__c"] = Day(-3, 3) }); break;
            case 16: await DeleteAsync("POC_Handoff__c"); break;
            case 17: await InsertAsync("POC_Absence__c", new() { ["User__c"] = Any("User"), ["Starts_On__c"] = Day(-1, 3), ["Ends_On__c"] = Day(4, 9) }); break;
            case 18: await DeleteAsync("POC_Absence__c"); break;
            case 19: await PatchAsync("POC_Department__c", new() { ["Minimum_Staff__c"] = _random.Next(6), ["Accountable_User__c"] = Any("User") }); break;
            case 20: await DeleteAsync("GroupMember"); break;
            case 21: await InsertAsync("GroupMember", new() { ["GroupId"] = Any("Group"), ["UserOrGroupId"] = Any("User") }); break;
            case 22: await PatchAsync("Opportunity", new() { ["StageName"] = "Closed Won" }); break;
            case 23:
                await InsertAsync("Opportunity", new()
                {
                    ["Name"] = "Deal",
                    ["AccountId"] = Any("Account"),
                    ["StageName"] = "Negotiation/Review",
                    ["CloseDate"] = Day(0, 3),
                }); break;
            case 24: await PatchAsync("Opportunity", new() { ["CloseDate"] = Day(-1, 9), ["AccountId"] = Any("Account") }); break;
            case 25: await PatchAsync("Case", new() { ["IsEscalated"] = _random.Next(2) == 0, ["Status"] = _random.Next(3) == 0 ? "Closed" : "New" }); break;
            case 26: await PatchAsync("Contact", new() { ["POC_Customer_Primary__c"] = _random.Next(2) == 0, ["Phone"] = null }); break;
            case 27: await PatchAsync("Contact", new() { ["Email"] = null, ["Phone"] = null, ["MobilePhone"] = null, ["AccountId"] = Any("Account") }); break;
            case 28: await DeleteAsync("Contact", "AccountContactRole"); break;
            default:
                await InsertAsync("Task", new()
                {
                    ["WhatId"] = Any("Account"),
                    ["Subject"] = "Call",
                    ["Status"] = "Completed",
                    ["Priority"] = "Normal",
                    ["ActivityDate"] = Day(-60, 0),
                }); break;
        }
    }

    private string? Any(string objectName) =>
        _rows[objectName] is { Count: > 0 } rows ? LiveOrgHost.Text(rows[_random.Next(rows.Count)], "Id") : null;

    private string Day(int from, int to) => _day.AddDays(_random.Next(from, to + 1)).ToString("yyyy-MM-dd");

    private async Task PatchAsync(string objectName, Dictionary<string, object?> fields)
    {
        if (Any(objectName) is { } id)
            Note(await _http.PatchAsync(Path(objectName, id), JsonContent.Create(fields)), $"changed {objectName} {id} {string.Join(',', fields)}");
    }

    private async Task InsertAsync(string objectName, Dictionary<string, object?> fields) =>
        Note(await _http.PostAsync(Path(objectName, ""), JsonContent.Create(fields)), $"made {objectName} {string.Join(',', fields)}");

    private async Task DeleteAsync(params string[] objects)
    {
        var objectName = objects[_random.Next(objects.Length)];
        if (Any(objectName) is { } id && Note(await _http.DeleteAsync(Path(objectName, id)), $"deleted {objectName} {id}"))
            _deleted.Add(id);
    }

    private async Task UndeleteAsync()
    {
        if (_deleted.Count == 0)
            return;
        var id = _deleted[_random.Next(_deleted.Count)];
        using var control = new HttpClient { BaseAddress = host.Simulator.Url };
        Note(await control.PostAsJsonAsync("/_control/undelete", new { id }), $"brought back {id}");
    }

    private static string Path(string objectName, string id) => $"/services/data/v66.0/sobjects/{objectName}/{id}";

    private bool Note(HttpResponseMessage answer, string what)
    {
        using (answer)
        {
            if (answer.IsSuccessStatusCode)
                Done.Add(what);
            return answer.IsSuccessStatusCode;
        }
    }
}
