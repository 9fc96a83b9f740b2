using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class PipelineTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    public async Task InitializeAsync()
    {
        await _shop.InitializeAsync();
        await _shop.TrainAsync();
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20", "p21", "p22");
    }

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("category", " ")]
    [InlineData("category", " > ")]
    [InlineData("brand", "")]
    [InlineData("tag", " ")]
    [InlineData("attributes", "")]
    public async Task A_rule_about_a_blank_is_refused_by_its_field(string field, string blank)
    {
        MerchandisingRule rule = Rule("all", MerchandisingAction.Hide);
        rule = field switch
        {
            "category" => rule with { Category = blank },
            "brand" => rule with { Brand = blank },
            "tag" => rule with { Tag = blank },
            _ => rule with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["color"] = blank } },
        };

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => SetAsync(new RecommendationPipeline { Rules = [rule] }));

        Assert.Equal([$"pipeline.rules[0].{field}"], refused.Errors.Keys);
        Assert.NotEmpty((await AskAsync()).Results);
    }

    [Fact]
    public async Task The_newest_of_many_versions_of_one_second_stands_first_while_others_are_put_back()
    {
        for (int i = 0; i < 12; i++)
        {
            await SetAsync(new RecommendationPipeline { Diversity = i / 100.0 });
        }

        PipelineResponse kept = await _shop.Recommender.PipelineAsync(new PipelineRequest());
        await Parallel.ForEachAsync(kept.Versions.Take(8), async (version, cancellation) =>
            await _shop.Recommender.RestorePipelineAsync(new RestorePipelineRequest { Version = version.Version }, cancellation));

        Assert.Equal(kept.Version, kept.Versions[0].Version);
        Assert.Equal(0.11, kept.Pipeline.Diversity);
    }

    [Fact]
    public async Task A_pinned_product_stands_at_its_place_and_one_without_stock_never_does()
    {
        await SetAsync(new RecommendationPipeline
        {
            Rules = [Rule("front", MerchandisingAction.Pin) with { ProductIds = ["p09", "p03", "p04"], Place = 2 }],
        });

        RecommendResponse answer = await AskAsync();

        Assert.Equal(["p03", "p04"], answer.Results.Skip(1).Take(2).Select(r => r.ProductId));
        Assert.DoesNotContain("p09", answer.Results.Select(r => r.ProductId));   // its stock is 0
        Assert.Contains(answer.Results[1].Stages!, stage => stage.Stage == "rule front");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    public async Task A_pin_holds_its_place_whatever_the_order_of_the_rules(int count)
    {
        string first = (await AskAsync()).Results[0].ProductId;
        await SetAsync(new RecommendationPipeline
        {
            Rules =
            [
                Rule("low", MerchandisingAction.Pin) with { ProductIds = ["p03"], Place = 5 },
                Rule("high", MerchandisingAction.Pin) with { ProductIds = ["p04"], Place = 1 },
                Rule("third", MerchandisingAction.Pin) with { ProductIds = [first], Place = 3 },
            ],
        });

        IReadOnlyList<RankedProduct> results = (await AskAsync(count)).Results;

        Assert.Equal(count, results.Count);
        Assert.Equal(["p04", first, "p03"], [results[0].ProductId, results[2].ProductId, results[4].ProductId]);
    }

    [Fact]
    public async Task Of_two_pins_at_one_place_the_first_rule_stands_there_and_the_second_right_after_it()
    {
        await SetAsync(new RecommendationPipeline
        {
            Rules =
            [
                Rule("one", MerchandisingAction.Pin) with { ProductIds = ["p03"], Place = 2 },
                Rule("two", MerchandisingAction.Pin) with { ProductIds = ["p04"], Place = 2 },
            ],
        });

        Assert.Equal(["p03", "p04"], (await AskAsync()).Results.Skip(1).Take(2).Select(r => r.ProductId));
    }

    [Fact]
    public async Task A_product_that_the_model_says_nothing_of_is_pinned_and_lifted_like_any_other()
    {
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "newone", Title = "Zzyzx" });
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "soldout", Title = "Qwxyz", Stock = 0 });
        await SetAsync(new RecommendationPipeline { Rules = [Rule("one", MerchandisingAction.Pin) with { ProductIds = ["newone", "soldout"], Place = 1 }] });
        IReadOnlyList<RankedProduct> pinned = (await AskAsync()).Results;
        await SetAsync(new RecommendationPipeline { Rules = [Rule("up", MerchandisingAction.Boost) with { ProductIds = ["newone"], Strength = 50 }] });
        IReadOnlyList<RankedProduct> lifted = (await AskAsync()).Results;

        Assert.Equal(("newone", "newone"), (pinned[0].ProductId, lifted[0].ProductId));
        Assert.Equal(("rule", "chosen by the shop"), (pinned[0].Reasons![0].Kind, pinned[0].Reasons![0].Text));
        Assert.Equal(("rule", "lifted by the shop"), (lifted[0].Reasons![0].Kind, lifted[0].Reasons![0].Text));
        Assert.Equal(lifted[0].Reasons![0].Weight, lifted[0].Stages!.Single(stage => stage.Stage == "rule up").Change, 6);
        Assert.All(pinned.Skip(1), result => Assert.DoesNotContain(result.Reasons!, reason => reason.Kind == "rule"));
        Assert.DoesNotContain(pinned, result => result.ProductId == "soldout");
    }

    [Fact]
    public async Task A_pinned_category_brings_its_best_product_that_may_be_shown()
    {
        for (int p = 0; p < 9; p++)
        {
            await _shop.Shop.Catalog.PutProductAsync(new Product { Id = TasteShop.Id(p), Title = "Gone", Category = "Taste 0", Brand = "Brand 0", Price = 10 + p, Stock = p == 4 ? 5 : 0 });
        }

        await SetAsync(new RecommendationPipeline { Rules = [Rule("front", MerchandisingAction.Pin) with { Category = "Taste 0" }] });

        Assert.Equal("p04", (await AskAsync()).Results[0].ProductId);
    }

    [Fact]
    public async Task A_pipeline_that_was_damaged_by_hand_is_named_and_can_be_set_anew()
    {
        PipelineResponse set = await SetAsync(new RecommendationPipeline { Diversity = 0.1 });
        string folder = Path.Combine(_shop.ModelFolder, "..", "..", "pipelines");
        await File.WriteAllTextAsync(Path.Combine(folder, set.Version + ".json"), "{ broken");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "active.json"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        ModelFormatException refused = await Assert.ThrowsAsync<ModelFormatException>(() => AskAsync());

        Assert.Contains(set.Version, refused.Message, StringComparison.Ordinal);
        Assert.Contains("set-pipeline", refused.Message, StringComparison.Ordinal);
        PipelineResponse anew = await SetAsync(new RecommendationPipeline { CategoryCap = 2 });
        Assert.Equal(2, anew.Versions.Count);
        Assert.Equal(anew.Version, (await AskAsync()).Pipeline);
    }

    [Fact]
    public async Task A_boost_lifts_a_brand_a_bury_lowers_it_and_a_hide_takes_it_away()
    {
        string[] Of(RecommendResponse answer) => [.. answer.Results.Select(r => r.ProductId)];
        int TasteOf(string id) => TasteShop.TasteOf(id);

        await SetAsync(new RecommendationPipeline { Rules = [Rule("up", MerchandisingAction.Boost) with { Brand = "brand 0", Strength = 50 }] });
        Assert.All(Of(await AskAsync(5)), id => Assert.Equal(0, TasteOf(id)));

        await SetAsync(new RecommendationPipeline { Rules = [Rule("down", MerchandisingAction.Bury) with { Brand = "Brand 2", Strength = 50 }] });
        Assert.All(Of(await AskAsync(5)), id => Assert.NotEqual(2, TasteOf(id)));

        await SetAsync(new RecommendationPipeline { Rules = [Rule("gone", MerchandisingAction.Hide) with { Category = "Taste 2" }] });
        Assert.All(Of(await AskAsync(40)), id => Assert.NotEqual(2, TasteOf(id)));
    }

    [Fact]
    public async Task A_changed_brand_counts_for_a_rule_at_once_and_so_does_a_new_product()
    {
        await SetAsync(new RecommendationPipeline { Rules = [Rule("away", MerchandisingAction.Hide) with { Brand = "Old" }] });
        RecommendResponse before = await AskAsync();
        string first = before.Results[0].ProductId;
        Product product = await _shop.Shop.Catalog.FindProductAsync(first);

        await _shop.Shop.Catalog.PutProductAsync(product with { Brand = "old" });
        RecommendResponse hidden = await AskAsync();
        for (int change = 0; change < 1_100; change++)             // more than are remembered one by one
        {
            await _shop.Shop.Catalog.PutProductAsync(product with { Brand = change % 2 == 0 ? "New" : "Old" });
        }

        await _shop.Shop.Catalog.PutProductAsync(product);

        Assert.DoesNotContain(first, hidden.Results.Select(r => r.ProductId));
        Assert.Equal(first, (await AskAsync()).Results[0].ProductId);
    }

    [Fact]
    public async Task A_rule_holds_in_its_window_alone()
    {
        DateTimeOffset now = _shop.Clock.GetUtcNow();
        MerchandisingRule rule = Rule("week", MerchandisingAction.Pin) with { ProductIds = ["p00"], From = now.AddDays(1), Until = now.AddDays(8) };
        await SetAsync(new RecommendationPipeline { Rules = [rule] });

        Assert.NotEqual("p00", (await AskAsync()).Results[0].ProductId);
        PreviewResponse then = await _shop.Recommender.PreviewAsync(new PreviewRequest { Pipeline = new() { Rules = [rule] }, ShopperId = "ann", At = now.AddDays(2) });
        Assert.Equal("p00", then.Then[0].ProductId);
        Assert.Equal("p00", (await _shop.Recommender.PreviewAsync(new PreviewRequest { Pipeline = new(), ShopperId = "ann", At = now.AddDays(2) })).Now[0].ProductId);
    }

    [Fact]
    public async Task A_category_cap_holds_while_other_categories_are_there_and_leaves_no_place_empty()
    {
        await SetAsync(new RecommendationPipeline { CategoryCap = 2 });

        RecommendResponse ten = await AskAsync(10), all = await AskAsync(100);

        Assert.All(ten.Results.GroupBy(r => CategoryOf(r.ProductId)), group => Assert.InRange(group.Count(), 1, 2));
        Assert.Equal(33, all.Results.Count);                     // 40, four of them without stock, three bought
    }

    [Fact]
    public async Task More_diversity_makes_a_list_more_mixed()
    {
        double[] mixed = new double[2];
        foreach ((int i, double diversity) in new[] { (0, 0.0), (1, 0.7) })
        {
            await SetAsync(new RecommendationPipeline { Diversity = diversity });
            mixed[i] = (await AskAsync(6)).Results.Select(r => TasteShop.TasteOf(r.ProductId)).Distinct().Count();
        }

        Assert.Equal(1, mixed[0]);
        Assert.True(mixed[1] > 2, $"{mixed[1]} tastes");
    }

    [Fact]
    public async Task Whatever_the_pipeline_says_only_what_may_be_shown_is_shown_and_no_place_stays_empty()
    {
        var random = new Random(5);
        string[] bought = ["p20", "p21", "p22"];
        for (int trial = 0; trial < 150; trial++)
        {
            RecommendationPipeline pipeline = RandomPipeline(random);
            int count = random.Next(1, 40);
            decimal? from = random.Next(3) == 0 ? random.Next(10, 40) : null;
            string[] spared = Some(random);
            string[] basket = Some(random);
            string? color = random.Next(3) == 0 ? TasteShop.ColorOf(random.Next(2)) : null;
            int? size = random.Next(3) == 0 ? random.Next(6) : null;
            await _shop.DidAsync("ann", random.Next(2) == 0 ? InteractionKind.Block : InteractionKind.Unblock, Some(random));
            await SetAsync(pipeline);
            string[] blocked = await BlockedAsync();
            var asked = new RecommendRequest
            {
                ShopperId = "ann", Count = count, PriceFrom = from, ExcludeProducts = spared, Basket = basket,
                Attributes = [.. color is null ? [] : (string[])[$"color={color}"], .. size is null ? [] : (string[])[$"size>={size}"]],
            };
            string[] allowed = [.. Enumerable.Range(0, 40).Where(p => p % 10 != 9 && (from is null || 10 + p >= from) && (color is null || TasteShop.ColorOf(p) == color) && (size is null || p % 7 >= size))
                .Select(TasteShop.Id).Except(spared).Except(basket).Except(blocked).Where(id => !pipeline.Rules.Any(rule => rule.Action == MerchandisingAction.Hide && IsAbout(rule, id)))];

            Check((await _shop.Recommender.RecommendAsync(asked)).Results, [.. allowed.Except(bought).Except(basket.Length == 0 ? ["p22"] : [])], fills: true);
            ProductLists lists = _shop.Recommender.Lists;
            Check((await lists.CompleteBasketAsync(Asked(new CompleteBasketRequest(), asked))).Results, allowed, fills: true);
            Check((await lists.TrendingAsync(Asked(new TrendingRequest(), asked))).Results, allowed, fills: false);
            Check((await lists.NewArrivalsAsync(Asked(new NewArrivalsRequest(), asked))).Results, allowed, fills: false);
            Check((await lists.BuyAgainAsync(Asked(new BuyAgainRequest(), asked))).Results, allowed, fills: false);
            string about = TasteShop.Id(random.Next(40));
            Check((await lists.BoughtTogetherAsync(Asked(new BoughtTogetherRequest { ProductId = about }, asked))).Results, [.. allowed.Except([about])], fills: false);
            Check((await _shop.Recommender.SimilarAsync(Asked(new SimilarRequest { ProductId = about }, asked))).Results, [.. allowed.Except([about])], fills: false);

            void Check(IReadOnlyList<RankedProduct> results, string[] mayStand, bool fills)
            {
                string[] shown = [.. results.Select(r => r.ProductId)];
                Assert.Equal(shown.Distinct(), shown);
                Assert.Empty(shown.Except(mayStand));
                int most = Math.Min(count, mayStand.Length);
                Assert.InRange(shown.Length, fills ? most : Math.Min(1, most), most);   // never empty while a product may stand there
            }
        }

        T Asked<T>(T request, RecommendRequest like)
            where T : ShopperFilter => request with
            {
                ShopperId = like.ShopperId, Count = like.Count, PriceFrom = like.PriceFrom, ExcludeProducts = like.ExcludeProducts, Basket = like.Basket, Attributes = like.Attributes,
            };

        string[] Some(Random random) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => TasteShop.Id(random.Next(40))).Distinct()];
    }

    [Fact]
    public async Task What_a_shopper_blocked_is_in_no_list_until_they_take_it_back()
    {
        await SetAsync(new RecommendationPipeline { Rules = [Rule("front", MerchandisingAction.Pin) with { ProductIds = ["p03"] }] });
        Assert.Equal("p03", (await AskAsync()).Results[0].ProductId);

        await _shop.DidAsync("ann", InteractionKind.Block, "p03");
        Assert.DoesNotContain("p03", (await AskAsync(40)).Results.Select(r => r.ProductId));

        await _shop.DidAsync("ann", InteractionKind.Unblock, "p03");
        Assert.Equal("p03", (await AskAsync()).Results[0].ProductId);
        Assert.Equal("p03", (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s1" })).Results[0].ProductId);
    }

    [Fact]
    public async Task A_version_that_was_replaced_is_kept_and_can_be_put_back()
    {
        PipelineResponse first = await SetAsync(new RecommendationPipeline { Diversity = 0.3 }, "mixed");
        await SetAsync(new RecommendationPipeline { CategoryCap = 3 }, "capped");

        PipelineResponse back = await _shop.Recommender.RestorePipelineAsync(new RestorePipelineRequest { Version = first.Version });

        Assert.True(back.IsInService);
        Assert.Equal(0.3, back.Pipeline.Diversity);
        Assert.Equal(["capped", "mixed"], back.Versions.Select(version => version.Note));
        Assert.Equal(first.Version, (await AskAsync()).Pipeline);
        await Assert.ThrowsAsync<NotFoundException>(() => _shop.Recommender.RestorePipelineAsync(new RestorePipelineRequest { Version = "x" }));
    }

    [Theory]
    [InlineData("p99", null, "There is no product 'p99' in the shop.")]
    [InlineData(null, "Taste 1 > Fien", "There is no category 'Taste 1 > Fien' in the shop. Did you mean 'Taste 1 > Fine'?")]
    public async Task A_rule_about_what_is_not_there_is_refused_and_named(string? product, string? category, string message)
    {
        foreach (MerchandisingAction action in Enum.GetValues<MerchandisingAction>())
        {
            var pipeline = new RecommendationPipeline
            {
                Rules = [new MerchandisingRule { Id = "summer", Action = action, ProductIds = product is null ? [] : ["p01", product], Category = category }],
            };

            InvalidRequestException set = await Assert.ThrowsAsync<InvalidRequestException>(() => _shop.Recommender.SetPipelineAsync(new SetPipelineRequest { Pipeline = pipeline }));
            InvalidRequestException tried = await Assert.ThrowsAsync<InvalidRequestException>(() => _shop.Recommender.PreviewAsync(new PreviewRequest { Pipeline = pipeline }));

            Assert.StartsWith(message, set.Message, StringComparison.Ordinal);
            Assert.Contains("'summer'", set.Message, StringComparison.Ordinal);
            Assert.Equal(product is null ? "pipeline.rules[0].category" : "pipeline.rules[0].productIds", Assert.Single(set.Errors).Key);
            Assert.Equal(set.Message, tried.Message);
            Assert.Empty((await _shop.Recommender.PipelineAsync(new PipelineRequest())).Versions);
        }
    }

    [Fact]
    public async Task What_is_removed_later_breaks_no_pipeline_and_rules_about_it_can_stay()
    {
        var pipeline = new RecommendationPipeline { Rules = [new MerchandisingRule { Id = "first", Action = MerchandisingAction.Pin, ProductIds = ["p01"] }] };
        PipelineResponse set = await _shop.Recommender.SetPipelineAsync(new SetPipelineRequest { Pipeline = pipeline });

        await _shop.Shop.Catalog.DeleteProductAsync("p01");

        Assert.Equal(10, (await _shop.Recommender.RecommendAsync(new RecommendRequest { Model = "popularity" })).Results.Count);
        PipelineResponse changed = await _shop.Recommender.SetPipelineAsync(new SetPipelineRequest { Pipeline = pipeline with { Diversity = 0.3 } });
        Assert.Equal(0.3, changed.Pipeline.Diversity);
        Assert.Equal(set.Version, (await _shop.Recommender.RestorePipelineAsync(new RestorePipelineRequest { Version = set.Version })).Version);
    }

    [Fact]
    public async Task A_category_that_is_gone_may_stand_in_a_rule_however_it_is_written()
    {
        Product product = await _shop.Shop.Catalog.FindProductAsync("p01");
        await _shop.Shop.Catalog.PutProductAsync(product with { Category = "Passing > Fair" });
        await SetAsync(new RecommendationPipeline { Rules = [Rule("fair", MerchandisingAction.Hide) with { Category = "Passing > Fair" }] });
        await _shop.Shop.Catalog.PutProductAsync(product);

        PipelineResponse set = await SetAsync(new RecommendationPipeline { Rules = [Rule("fair", MerchandisingAction.Hide) with { Category = " passing  > FAIR" }] });

        Assert.True(set.IsInService);
    }

    [Fact]
    public async Task A_rule_finds_categories_and_attributes_in_any_case_as_a_filter_does()
    {
        string[] filtered = [.. (await _shop.Recommender.RecommendAsync(new RecommendRequest { Model = "popularity", Count = 40, Category = "TASTE 1 > fine", Attributes = ["COLOR=Red"] })).Results.Select(result => result.ProductId)];
        await SetAsync(new RecommendationPipeline
        {
            Rules = [Rule("away", MerchandisingAction.Hide) with { Category = "TASTE 1 > fine", Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["COLOR"] = "Red" } }],
        });

        RecommendResponse left = await _shop.Recommender.RecommendAsync(new RecommendRequest { Model = "popularity", Count = 40 });

        Assert.NotEmpty(filtered);
        Assert.Empty(left.Results.Select(result => result.ProductId).Intersect(filtered));
    }

    [Fact]
    public async Task A_cleared_pipeline_is_a_version_that_changes_nothing_and_the_one_before_can_be_put_back()
    {
        RecommendResponse plain = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "ann" });
        PipelineResponse set = await _shop.Recommender.SetPipelineAsync(new SetPipelineRequest
        {
            Pipeline = new RecommendationPipeline { Diversity = 0.9, Rules = [new MerchandisingRule { Id = "top", Action = MerchandisingAction.Pin, ProductIds = ["p05"] }] },
        });

        PipelineResponse cleared = await _shop.Recommender.ClearPipelineAsync(new ClearPipelineRequest { Note = "over" });

        Assert.True(cleared.IsInService && cleared.Pipeline.IsEmpty && !set.Pipeline.IsEmpty);
        Assert.Equal([(cleared.Version, "over"), (set.Version, "")], cleared.Versions.Select(version => (version.Version, version.Note)));
        RecommendResponse after = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "ann" });
        Assert.Equal(plain.Results.Select(result => (result.ProductId, result.Score)), after.Results.Select(result => (result.ProductId, result.Score)));
        Assert.Equal(set.Version, (await _shop.Recommender.RestorePipelineAsync(new RestorePipelineRequest { Version = set.Version })).Version);
    }

    [Fact]
    public async Task What_can_not_be_meant_is_refused_and_nothing_is_changed()
    {
        MerchandisingRule rule = Rule("a", MerchandisingAction.Pin) with { ProductIds = ["p00"] };
        (string Field, RecommendationPipeline Pipeline)[] wrong =
        [
            ("rules[1].id", new() { Rules = [rule, rule] }),
            ("rules[0].productIds", new() { Rules = [Rule("all", MerchandisingAction.Hide)] }),
            ("rules[0].until", new() { Rules = [rule with { From = _shop.Clock.GetUtcNow(), Until = _shop.Clock.GetUtcNow() }] }),
            ("rules[1].strength", new() { Rules = [rule, rule with { Id = "b", Strength = 700 }] }),
            ("weights.eas", new() { Weights = new Dictionary<string, double>(StringComparer.Ordinal) { ["eas"] = 1 } }),
            ("weights.item-knn", new() { Weights = new Dictionary<string, double>(StringComparer.Ordinal) { ["item-knn"] = -1 } }),
            ("diversity", new() { Diversity = 2 }),
            ("rules[1]", new() { Rules = [rule, null!] }),
            ("rules[0].productIds[1]", new() { Rules = [rule with { ProductIds = ["p00", null!] }] }),
            ("exploration.candidates", new() { Exploration = new Exploration { Candidates = 1 } }),
        ];

        foreach ((string field, RecommendationPipeline pipeline) in wrong)
        {
            InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => SetAsync(pipeline));
            Assert.Equal([$"pipeline.{field}"], refused.Errors.Keys);
        }

        Assert.Equal("", (await _shop.Recommender.PipelineAsync(new PipelineRequest())).Version);
    }

    [Fact]
    public async Task The_weights_of_a_blend_can_be_changed_without_training()
    {
        await _shop.Recommender.TrainAsync(new TrainRequest { Model = "blend", Generators = ["item-knn", "popularity"], Activate = true });
        PipelineResponse set = await SetAsync(new RecommendationPipeline
        {
            Weights = new Dictionary<string, double>(StringComparer.Ordinal) { ["item-knn"] = 2, ["popularity"] = 0 },
        });

        RecommendResponse answer = await AskAsync();

        Assert.Equal(["item-knn", "popularity"], set.Generators.Keys);
        Assert.NotEqual(2, set.Generators["item-knn"]);            // what was learned, whatever the pipeline says
        Assert.Equal("blend", answer.Model);
        Assert.Equal(set.Version, answer.Pipeline);
        Assert.All(answer.Results.Take(5), r => Assert.Equal(2, TasteShop.TasteOf(r.ProductId)));
        Assert.All(answer.Results.Take(5), r => Assert.Equal(["model item-knn"], r.Stages!.Select(stage => stage.Stage)));
        Assert.All(answer.Results.Take(5), r => Assert.Equal(r.Score, r.Stages!.Sum(stage => stage.Change), 1e-4));
        ExplainResponse why = await _shop.Recommender.ExplainAsync(new ExplainRequest { ShopperId = "ann", ProductId = answer.Results[0].ProductId });
        Assert.Equal(["model item-knn"], why.Parts.Select(part => part.Stage));
        Assert.Equal(why.Score, why.Parts[0].Change, 1e-4);
    }

    private static RecommendationPipeline RandomPipeline(Random random) => new()
    {
        Diversity = random.Next(2) == 0 ? 0 : random.NextDouble(),
        CategoryCap = random.Next(2) == 0 ? null : random.Next(1, 5),
        Rules = [.. Enumerable.Range(0, random.Next(5)).Select(i => Rule($"r{i}", (MerchandisingAction)random.Next(4)) with
        {
            ProductIds = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => TasteShop.Id(random.Next(40)))],
            Brand = random.Next(2) == 0 ? $"Brand {random.Next(4)}" : null,
            Category = random.Next(3) == 0 ? $"Taste {random.Next(4)}" : null,
            Place = random.Next(1, 12),
            Strength = random.NextDouble() * 5,
        }).Where(rule => rule.ProductIds.Count > 0 || rule.Brand is not null || rule.Category is not null)],
    };

    private async Task<string[]> BlockedAsync()
    {
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        return [.. live.ShopperHistory("ann").Where(one => one.Kind is InteractionKind.Block or InteractionKind.Unblock).GroupBy(one => one.Product)
            .Where(of => of.Last().Kind == InteractionKind.Block).Select(of => live.Products[of.Key].Id)];
    }

    private static bool IsAbout(MerchandisingRule rule, string id) => (rule.ProductIds.Count == 0 || rule.ProductIds.Contains(id))
        && (rule.Brand is null || rule.Brand == $"Brand {TasteShop.TasteOf(id)}")
        && (rule.Category is null || rule.Category == $"Taste {TasteShop.TasteOf(id)}");

    private static string CategoryOf(string id) => $"Taste {TasteShop.TasteOf(id)}{(int.Parse(id[2..], System.Globalization.CultureInfo.InvariantCulture) < 5 ? " > Fine" : "")}";

    private static MerchandisingRule Rule(string id, MerchandisingAction action) => new() { Id = id, Action = action };

    private Task<PipelineResponse> SetAsync(RecommendationPipeline pipeline, string note = "") =>
        _shop.Recommender.SetPipelineAsync(new SetPipelineRequest { Pipeline = pipeline, Note = note });

    private Task<RecommendResponse> AskAsync(int count = 10) =>
        _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = count, Explain = true });
}
