using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cartwright.Commerce.Behavior;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Dashboard;

/// <summary>The parts of the Shoppers page that show what the last run found.</summary>
public sealed class ShoppersPageTests
{
    [Fact]
    public async Task Segments_and_strange_data_wait_for_a_run_and_then_show_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.FillAsync(shoppers: 40);

        server.Admin.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        string before = WebUtility.HtmlDecode(await server.Admin.GetStringAsync("/shoppers"));
        SegmentResponse sorted = await RunAsync<SegmentRequest, SegmentResponse>(server, new SegmentRequest { Segments = 2 });
        await RunAsync<AnomaliesRequest, AnomaliesResponse>(server, new AnomaliesRequest());
        string after = WebUtility.HtmlDecode(await server.Admin.GetStringAsync("/shoppers"));

        Assert.Contains("Shoppers are not sorted yet", before, StringComparison.Ordinal);
        Assert.Contains("Nobody has looked for bots", before, StringComparison.Ordinal);
        Assert.DoesNotContain("Shoppers are not sorted yet", after, StringComparison.Ordinal);
        Assert.Contains(sorted.Segments[0].Name[1..], after, StringComparison.Ordinal);
        Assert.Contains("Look again", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forgetting_a_shopper_clears_the_results_that_name_them_and_the_receipt_counts_them()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.FillAsync(shoppers: 40);
        SegmentResponse sorted = await RunAsync<SegmentRequest, SegmentResponse>(server, new SegmentRequest { Segments = 2 });

        HttpResponseMessage forgotten = await server.Admin.DeleteAsync(new Uri($"/v1/shoppers/{sorted.Segments[0].Members[0]}", UriKind.Relative));

        JsonElement receipt = await forgotten.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, receipt.GetProperty("resultsRemoved").GetInt32());
        Assert.Null((await server.Service<Shop>().Store.FindLastRunAsync("behavior", "segment"))!.Result);
    }

    private static async Task<TResponse> RunAsync<TRequest, TResponse>(TestServer server, TRequest request)
        where TRequest : class =>
        (TResponse)await server.Service<RunRecorder>().RunAsync(VerbTable.All.Single(verb => verb.RequestType == typeof(TRequest)), request);
}
