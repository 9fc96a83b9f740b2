using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Cartwright.Server.Tests.Dashboard;

public sealed class PipelineDraftTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-draft-").FullName;
    private LiveShop _shop = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "products.csv"), "id,title\np1,Iron pan\np2,Twin\np3,Twin\n");
        _shop = new LiveShop((await ShopFolder.ReadSnapshotAsync(_folder, CancellationToken.None)).Snapshot);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public void A_pipeline_comes_out_of_the_fields_as_it_went_in()
    {
        var pipeline = new RecommendationPipeline
        {
            Weights = new Dictionary<string, double> { ["ease"] = 0.25 },
            Diversity = 0.3,
            CategoryCap = 4,
            Exploration = new Exploration { Share = 0.05, Method = ExplorationMethod.EpsilonGreedy, Candidates = 30, Temperature = 0.5, StickyMinutes = 60, Seed = 7 },
            Rules =
            [
                new MerchandisingRule { Id = "a", Action = MerchandisingAction.Pin, ProductIds = ["p2", "p1"], Place = 3, Enabled = false },
                new MerchandisingRule
                {
                    Id = "b", Action = MerchandisingAction.Bury, Category = "Pans", Brand = "Nordica", Tag = "iron", Strength = 2.5,
                    Attributes = new Dictionary<string, string> { ["color"] = "red", ["material"] = "cotton, wool", ["size"] = "a, b=c" },
                    From = new DateTimeOffset(2026, 12, 1, 8, 0, 30, TimeSpan.Zero), Until = new DateTimeOffset(2026, 12, 24, 0, 0, 0, TimeSpan.Zero),
                },
            ],
        };

        SetPipelineRequest back = PipelineDraft.Of(pipeline, "why").ToRequest(_shop)!;

        Assert.Equal(PipelineWords.Write(pipeline, "why"), PipelineWords.Write(back.Pipeline, back.Note));
    }

    [Fact]
    public void A_title_stands_for_a_product_where_one_alone_has_it()
    {
        Assert.Equal(["p1"], Draft("IRON PAN").ToRequest(_shop)!.Pipeline.Rules[0].ProductIds);
        Assert.Contains("Several", Refused("Twin"), StringComparison.Ordinal);
        Assert.Contains("no product", Refused("Pot"), StringComparison.Ordinal);
        var standing = new RecommendationPipeline { Rules = [new MerchandisingRule { Id = "old", Action = MerchandisingAction.Pin, ProductIds = ["Pot"] }] };
        Assert.Equal(["Pot"], Draft("Pot").ToRequest(_shop, standing)!.Pipeline.Rules[0].ProductIds);   // it was removed since
    }

    [Theory]
    [InlineData("categoryCap", "2.5", "whole number")]
    [InlineData("diversity", "1e999", "no number")]
    [InlineData("rules[0].from", "tomorrow", "no time")]
    [InlineData("rules[0].attributes", "red", "color=red")]
    [InlineData("weights.ease", "x", "no number")]
    public void What_can_not_be_read_is_told_beside_its_field(string field, string text, string told)
    {
        PipelineDraft draft = Draft("p1", (field, text));

        Assert.Null(draft.ToRequest(_shop));
        Assert.Contains(told, draft.Error(field), StringComparison.Ordinal);
        Assert.Empty(draft.OtherErrors);
    }

    [Fact]
    public void Rows_beyond_the_ends_stay_where_they_are()
    {
        PipelineDraft draft = Draft("p1");
        foreach (string what in (string[])["up-0", "down-0", "remove-7", "up-99999999999", "", "sideways"])
        {
            draft.Rearrange(what);
        }

        Assert.Equal(1, draft.RuleCount);
        draft.Rearrange("remove-0");
        Assert.Equal(0, draft.RuleCount);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("many")]
    [InlineData("")]
    [InlineData("99999999999")]
    public void A_form_whose_count_of_rules_is_not_that_of_its_rows_is_refused_and_keeps_them(string count)
    {
        PipelineDraft draft = Draft("p1", ("rules", count));

        Assert.Null(draft.ToRequest(_shop));
        Assert.Contains(count, Assert.Single(draft.OtherErrors), StringComparison.Ordinal);
        Assert.Equal(1, draft.RuleCount);
    }

    [Fact]
    public void Rows_that_skip_a_number_are_refused() => Assert.Null(Draft("p1", ("rules[7].id", "b"), ("rules", "2")).ToRequest(_shop));

    private string Refused(string product)
    {
        PipelineDraft draft = Draft(product);
        Assert.Null(draft.ToRequest(_shop));
        return draft.Error("rules[0].productIds")!;
    }

    private static PipelineDraft Draft(string product, params (string Field, string Text)[] more)
    {
        var fields = new Dictionary<string, StringValues> { ["rules"] = "1", ["rules[0].id"] = "a", ["rules[0].action"] = "hide", ["rules[0].productIds"] = product };
        foreach ((string field, string text) in more)
        {
            fields[field] = text;
        }

        return PipelineDraft.Read(new FormCollection(fields));
    }
}
