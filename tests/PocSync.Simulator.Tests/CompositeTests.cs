using System.Net;
using System.Text.Json;

namespace PocSync.Simulator.Tests;

public sealed class CompositeTests
{
    [Fact]
    public async Task Later_requests_use_the_answers_of_earlier_ones()
    {
        await using var org = await TestOrg.StartAsync();

        var answers = await Composite(org, false,
            ("a", "POST", "sobjects/Account", new { Name = "Parent" }),
            ("b", "POST", "sobjects/Account", new { Name = "Child of \"@{a.id}\"", ParentId = "@{a.id}" }),
            ("q", "GET", "query?q=SELECT+Id,ParentId+FROM+Account+WHERE+ParentId='@{a.id}'", null),
            ("d", "DELETE", "sobjects/Account/@{q.records[0].Id}", null));

        answers.Select(a => a.Status).ShouldBe([201, 201, 200, 204]);
        answers[1].Body.GetProperty("id").GetString().ShouldBe(answers[2].Body.GetProperty("records")[0].GetProperty("Id").GetString());
        answers[3].Body.ValueKind.ShouldBe(JsonValueKind.Null);
        answers[0].Headers.GetProperty("Location").GetString()!.ShouldEndWith(answers[0].Body.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task An_all_or_none_call_that_fails_leaves_the_org_as_it_was_though_a_collection_in_it_reads_as_done()
    {
        await using var org = await TestOrg.StartAsync();
        var before = (await org.GetAsync("/_control/snapshot")).Text;

        var answers = await Composite(org, true,
            ("team", "DELETE", "composite/sobjects?ids=01M5f0000000001EAA", null),
            ("owner", "PATCH", $"sobjects/Account/{TestOrg.Acme}", new { OwnerId = TestOrg.Bob }),
            ("bad", "POST", "sobjects/Contact", new { }),
            ("after", "POST", "sobjects/Account", new { Name = "x" }));

        answers.Select(a => a.Status).ShouldBe([200, 400, 400, 400]);
        answers[0].Body[0].GetProperty("success").GetBoolean().ShouldBeTrue();
        answers.Select(a => a.Code).ShouldBe([null, "PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]);
        (await org.GetAsync("/_control/snapshot")).Text.ShouldBe(before);
    }

    [Fact]
    public async Task A_failed_row_of_a_collection_undoes_the_all_or_none_call_around_it()
    {
        await using var org = await TestOrg.StartAsync();
        var before = (await org.GetAsync("/_control/snapshot")).Text;

        var answers = await Composite(org, true,
            ("owner", "PATCH", $"sobjects/Account/{TestOrg.Acme}", new { OwnerId = TestOrg.Bob }),
            ("team", "POST", "composite/sobjects", new
            {
                allOrNone = false,
                records = new[] { TestOrg.Cid, TestOrg.Gone }
                    .Select(u => new
                    {
                        attributes = new { type = "AccountTeamMember" },
                        AccountId = TestOrg.Acme,
                        UserId = u,
                        TeamMemberRole = "Sales Rep"
                    }),
            }));

        answers.Select(a => a.Status).ShouldBe([400, 200]);
        answers[1].Body.EnumerateArray().Select(r => r.GetProperty("errors")[0].GetProperty("statusCode").GetString())
            .ShouldBe(["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INACTIVE_OWNER_OR_USER"]);
        (await org.GetAsync("/_control/snapshot")).Text.ShouldBe(before);
    }

    [Fact]
    public async Task Without_all_or_none_only_dependents_of_a_failure_are_halted()
    {
        await using var org = await TestOrg.StartAsync();

        var answers = await Composite(org, false,
            ("bad", "POST", "sobjects/Account", new { }),
            ("child", "POST", "sobjects/Contact", new { LastName = "x", AccountId = "@{bad.id}" }),
            ("free", "POST", "sobjects/Contact", new { LastName = "x" }));

        answers.Select(a => a.Code).ShouldBe(["REQUIRED_FIELD_MISSING", "PROCESSING_HALTED", null]);
        answers[2].Status.ShouldBe(201);
    }

    [Fact]
    public async Task More_than_25_requests_or_5_queries_are_refused()
    {
        await using var org = await TestOrg.StartAsync();
        Task<Answer> Send(int count, string url) => org.SendAsync("POST", "composite",
            new
            {
                compositeRequest = Enumerable.Range(0, count)
                .Select(i => new { method = "GET", url = $"{TestOrg.Data}/{url}", referenceId = $"r{i}" })
            });

        (await Send(25, "limits")).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(26, "limits")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Send(6, "query?q=SELECT+Id+FROM+Account")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_composite_call_is_one_call_and_its_conditional_headers_count()
    {
        await using var org = await TestOrg.StartAsync();
        var path = $"{TestOrg.Data}/sobjects/Account/{TestOrg.Acme}";

        var answer = await org.SendAsync("POST", "composite", new
        {
            compositeRequest = new[]
            {
                new { method = "PATCH", url = path, referenceId = "stale", body = new { Phone = "1" }, httpHeaders = new Dictionary<string,
                    string> { ["If-Unmodified-Since"] = "Thu, 01 Jan 2026 00:00:00 GMT" } },
                new { method = "PATCH", url = path, referenceId = "fresh", body = new { Phone = "2" }, httpHeaders = new Dictionary<string,
                    string>() },
            },
        });

        answer.Json.GetProperty("compositeResponse").EnumerateArray().Select(r => r.GetProperty("httpStatusCode").GetInt32()).ShouldBe([412, 204]);
        answer.Headers["Sforce-Limit-Info"].ShouldBe("api-usage=1/100000");
    }

    [Fact]
    public async Task A_tree_makes_parents_and_their_children_or_nothing()
    {
        await using var org = await TestOrg.StartAsync();
        object Tree(string? email) => new
        {
            records = new[]
            {
                new
                {
                    attributes = new { type = "Account", referenceId = "a" },
                    Name = "Tree",
                    Contacts = new
                    {
                        records = new[]
                        {
                            new { attributes = new { type = "Contact", referenceId = "c" }, LastName = email is null ? null : "Leaf", Email = email },
                        },
                    },
                },
            },
        };
        var before = (await org.GetAsync("/_control/snapshot")).Text;

        var refused = await org.SendAsync("POST", "composite/tree/Account", Tree(null));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Json.GetProperty("hasErrors").GetBoolean().ShouldBeTrue();
        refused.Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("referenceId").GetString()).ShouldBe(["c"]);
        refused.Json.GetProperty("results")[0].GetProperty("errors")[0].GetProperty("statusCode").GetString().ShouldBe("REQUIRED_FIELD_MISSING");
        (await org.GetAsync("/_control/snapshot")).Text.ShouldBe(before);

        var made = await org.SendAsync("POST", "composite/tree/Account", Tree("leaf@x.example"));
        made.Status.ShouldBe(HttpStatusCode.Created);
        made.Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("referenceId").GetString()).ShouldBe(["a", "c"]);
        (await org.QueryAsync("SELECT Account.Name FROM Contact WHERE LastName = 'Leaf'")).ShouldHaveSingleItem()
            .GetProperty("Account").GetProperty("Name").GetString().ShouldBe("Tree");
    }

    [Fact]
    public async Task More_than_200_records_a_reference_twice_or_a_record_of_another_type_is_no_tree()
    {
        await using var org = await TestOrg.StartAsync();
        object Records(int count, string type, Func<int, string> reference) =>
            new { records = Enumerable.Range(0, count).Select(i => new { attributes = new { type, referenceId = reference(i) }, Name = "x" }) };

        foreach (var tree in (object[])[Records(201, "Account", i => $"r{i}"), Records(2, "Account", _ => "r"), Records(1, "Contact", _ => "r"), Records(0, "Account", _ => "r")])
            (await org.SendAsync("POST", "composite/tree/Account", tree)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await org.SendAsync("POST", "composite/tree/Account", Records(200, "Account", i => $"r{i}"))).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Each_graph_is_all_or_none_by_itself()
    {
        await using var org = await TestOrg.StartAsync();
        object Node(string id, string url, object body) => new { method = "POST", url = $"{TestOrg.Data}/{url}", referenceId = id, body };

        var answer = await org.SendAsync("POST", "composite/graph", new
        {
            graphs = new[]
            {
                new { graphId = "good", compositeRequest = new[] { Node("a", "sobjects/Account", new { Name = "Kept" }), Node("b", "sobjects/Contact", new { LastName = "Of kept", AccountId = "@{a.id}" }) } },
                new { graphId = "bad", compositeRequest = new[] { Node("a", "sobjects/Account", new { Name = "Undone" }), Node("b", "sobjects/Contact", new { AccountId = "@{a.id}" }) } },
            },
        });

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        var graphs = answer.Json.GetProperty("graphs").EnumerateArray().ToList();
        graphs.Select(g => (g.GetProperty("graphId").GetString(), g.GetProperty("isSuccessful").GetBoolean())).ShouldBe([("good", true), ("bad", false)]);
        graphs[1].GetProperty("graphResponse").GetProperty("compositeResponse").EnumerateArray()
            .Select(r => (r.GetProperty("httpStatusCode").GetInt32(), r.GetProperty("body")[0].GetProperty("errorCode").GetString()))
            .ShouldBe([(400, "PROCESSING_HALTED"), (400, "REQUIRED_FIELD_MISSING")]);
        (await org.QueryAsync("SELECT Name FROM Account WHERE Name IN ('Kept', 'Undone')")).ShouldHaveSingleItem().GetProperty("Name").GetString().ShouldBe("Kept");
    }

    [Fact]
    public async Task A_graph_of_more_than_500_nodes_or_15_deep_or_with_a_query_is_refused()
    {
        await using var org = await TestOrg.StartAsync();
        async Task<HttpStatusCode> Send(int nodes, Func<int, string> url, Func<int, object> body) => (await org.SendAsync("POST", "composite/graph", new
        {
            graphs = new[] { new { graphId = "g", compositeRequest = Enumerable.Range(0, nodes).Select(i => new { method = "POST", url = $"{TestOrg.Data}/{url(i)}", referenceId = $"n{i}", body = body(i) }) } },
        })).Status;
        object Chain(int i) => i == 0 ? new { Name = "0" } : new { Name = $"{i}", ParentId = $"@{{n{i - 1}.id}}" };

        (await Send(501, _ => "sobjects/Account", _ => new { Name = "x" })).ShouldBe(HttpStatusCode.BadRequest);
        (await Send(16, _ => "sobjects/Account", Chain)).ShouldBe(HttpStatusCode.BadRequest);
        (await Send(1, _ => "query?q=SELECT+Id+FROM+Account", _ => new { })).ShouldBe(HttpStatusCode.BadRequest);
        (await Send(15, _ => "sobjects/Account", Chain)).ShouldBe(HttpStatusCode.OK);
        (await org.QueryAsync("SELECT COUNT(Id) n FROM Account WHERE ParentId != null"))[0].GetProperty("n").GetInt32().ShouldBe(14);
    }

    [Fact]
    public async Task A_batch_goes_on_or_halts_as_told()
    {
        await using var org = await TestOrg.StartAsync();
        async Task<JsonElement> Batch(bool halt) => (await org.SendAsync("POST", "composite/batch", new
        {
            haltOnError = halt,
            batchRequests = new object[]
            {
                new { method = "PATCH", url = $"v66.0/sobjects/account/{TestOrg.Acme}", richInput = new { Phone = "1" } },
                new { method = "GET", url = "v66.0/sobjects/Nope/1" },
                new { method = "GET", url = "v66.0/limits/recordCount?sObjects=Account" },
            },
        })).Json;

        (await Batch(false)).GetProperty("results").EnumerateArray().Select(r => r.GetProperty("statusCode").GetInt32()).ShouldBe([204, 404, 200]);
        var halted = await Batch(true);
        halted.GetProperty("hasErrors").GetBoolean().ShouldBeTrue();
        halted.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("statusCode").GetInt32()).ShouldBe([204, 404, 412]);
    }

    private static async Task<List<Sub>> Composite(TestOrg org, bool allOrNone,
        params (string Ref, string Method, string Url, object? Body)[] requests)
    {
        var answer = await org.SendAsync("POST", "composite", new
        {
            allOrNone,
            compositeRequest = requests
                .Select(r => new { method = r.Method, url = $"{TestOrg.Data}/{r.Url}", referenceId = r.Ref, body = r.Body }),
        });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        var subs = answer.Json.GetProperty("compositeResponse").EnumerateArray().ToList();
        subs.Select(s => s.GetProperty("referenceId").GetString()).ShouldBe(requests.Select(r => r.Ref));
        return [.. subs.Select(s => new Sub(s.GetProperty("httpStatusCode").GetInt32(), s.GetProperty("body"), s.GetProperty("httpHeaders")))];
    }

    private sealed record Sub(int Status, JsonElement Body, JsonElement Headers)
    {
        public string? Code => Status >= 400 ? Body[0].GetProperty("errorCode").GetString() : null;
    }
}
