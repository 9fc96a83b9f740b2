using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

/// <summary>Champion and challenger, served by a real shop.</summary>
public sealed class VersionTrialTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();
    private string _champion = "";
    private string _challenger = "";

    public async Task InitializeAsync()
    {
        await _shop.InitializeAsync();
        _champion = await _shop.TrainAsync();
        _challenger = await _shop.TrainAsync();
        await _shop.Recommender.ActivateAsync(new ActivateRequest { Version = _champion });
    }

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_shopper_gets_the_version_of_their_arm_always_and_the_answer_says_which()
    {
        await TryAsync(ExperimentOutcome.Recorded, _champion, _challenger);

        string?[] first = await AskAsync(40), again = await AskAsync(40);

        Assert.Equal(first, again);
        Assert.Equal([_champion, _challenger], first.Distinct().Order());
        for (int s = 0; s < 40; s++)
        {
            Assert.Equal((await _shop.Shop.Experiments.AssignAsync(new AssignRequest { ExperimentId = "versions", ShopperId = $"s{s}" })).Version, first[s]);
        }

        Assert.Equal([.. new[] { _champion, _challenger }.Select(version => (long)first.Count(one => one == version))], (await ResultAsync()).Arms.Select(arm => arm.Shoppers));
    }

    [Fact]
    public async Task What_is_recorded_counts_for_the_arm_whose_version_answered()
    {
        await TryAsync(ExperimentOutcome.Recorded, _champion, _challenger);
        string?[] answered = await AskAsync(40);
        int tried = Array.IndexOf(answered, _challenger);

        await _shop.Shop.Experiments.RecordAsync(new RecordRequest { ExperimentId = "versions", ShopperId = $"s{tried}", Value = 1 });

        Assert.Equal([0L, 1L], (await ResultAsync()).Arms.Select(arm => arm.Counted));
    }

    [Fact]
    public async Task A_session_is_assigned_too_and_what_it_buys_counts()
    {
        await TryAsync(ExperimentOutcome.Purchase, _champion, _challenger);
        var request = new RecommendRequest { SessionId = "guest-1", Basket = ["p20"] };
        string? version = (await _shop.Recommender.RecommendAsync(request)).Version;

        await _shop.AppendAsync(new Interaction { At = _shop.Clock.GetUtcNow().AddSeconds(1), Session = "guest-1", Kind = InteractionKind.Purchase, Product = "p21" });
        _shop.Clock.Advance(TimeSpan.FromDays(8));

        ArmResult arm = Assert.Single((await ResultAsync()).Arms, arm => arm.Shoppers == 1);
        Assert.Equal((version, (double?)1), (arm.Arm, arm.Mean));
        Assert.Equal(version, (await _shop.Recommender.RecommendAsync(request)).Version);
    }

    [Fact]
    public async Task Who_is_not_known_or_asks_for_a_model_by_name_is_in_no_experiment()
    {
        await TryAsync(ExperimentOutcome.Recorded, _champion, _challenger);

        RecommendResponse nobody = await _shop.Recommender.RecommendAsync(new RecommendRequest { Basket = ["p20"] });
        await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s1", Model = "popularity" });

        Assert.Equal(_champion, nobody.Version);
        Assert.All((await ResultAsync()).Arms, arm => Assert.Equal(0, arm.Shoppers));
    }

    [Fact]
    public async Task Versions_on_trial_stay_however_many_are_trained_after_them()
    {
        await TryAsync(ExperimentOutcome.Recorded, _champion, _challenger);
        string next = await _shop.TrainAsync();
        for (int i = 0; i < 6; i++)
        {
            await _shop.TrainAsync();
        }

        IReadOnlyList<string> kept = [.. (await _shop.Recommender.StatusAsync(new())).Versions.Select(version => version.Version)];
        Assert.Contains(_champion, kept);
        Assert.Contains(_challenger, kept);
        Assert.DoesNotContain(next, kept);
    }

    [Fact]
    public async Task When_the_experiment_ends_the_version_in_service_answers_all()
    {
        await TryAsync(ExperimentOutcome.Recorded, _champion, _challenger);
        Assert.Contains(_challenger, await AskAsync(40));

        await _shop.Shop.Experiments.PutExperimentAsync(new PutExperimentRequest { Experiment = (await ResultAsync()).Experiment with { Enabled = false } });

        Assert.All(await AskAsync(40), version => Assert.Equal(_champion, version));
    }

    [Fact]
    public async Task Where_a_challenger_is_damaged_the_version_in_service_answers_and_says_so()
    {
        File.Delete(Path.Combine(_shop.ModelFolder, _challenger, "products.json"));
        await TryAsync(ExperimentOutcome.Recorded, _champion, _challenger);

        RecommendResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(s => _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = $"s{s}" })));

        Assert.All(answers, answer => Assert.Equal((_champion, true), (answer.Version, answer.Results.Count > 0)));
        Assert.Contains(answers, answer => answer.Fallback is null);
        Assert.Contains(answers, answer => answer.Fallback is { } said && said.StartsWith($"Version '{_challenger}', which is on trial, can't answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_challengers_are_kept_loaded_and_a_third_waits_for_a_place()
    {
        string[] more = [_challenger, await _shop.TrainAsync(), await _shop.TrainAsync()];
        await _shop.Recommender.ActivateAsync(new ActivateRequest { Version = _champion });
        await TryAsync(ExperimentOutcome.Recorded, [_champion, .. more]);

        string?[] first = await AskAsync(60);
        string left = Assert.Single(more, version => !first.Contains(version));
        _shop.Clock.Advance(TimeSpan.FromMinutes(2));
        string?[] assigned = await Task.WhenAll(Enumerable.Range(0, 60).Select(async s =>
            (await _shop.Shop.Experiments.AssignAsync(new AssignRequest { ExperimentId = "versions", ShopperId = $"s{s}" })).Version));
        RecommendResponse later = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = $"s{Array.IndexOf(assigned, left)}" });

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(left, later.Version);
    }

    /// <summary>An experiment with an arm for each version, named as it is.</summary>
    private Task TryAsync(ExperimentOutcome outcome, params string[] versions) => _shop.Shop.Experiments.PutExperimentAsync(new PutExperimentRequest
    {
        Experiment = new Experiment
        {
            Id = "versions", Name = "Versions", Slice = "recommendation", Outcome = outcome,
            Arms = [.. versions.Select(version => new ExperimentArm { Id = version, Share = 1.0 / versions.Length, Version = version })],
        },
    });

    private async Task<ExperimentResult> ResultAsync() => (await _shop.Shop.Experiments.ExperimentsAsync(new ExperimentsRequest())).Experiments.Single();

    /// <returns>The versions that answered the first shoppers.</returns>
    private async Task<string?[]> AskAsync(int count)
    {
        var versions = new string?[count];
        for (int s = 0; s < count; s++)
        {
            versions[s] = (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = $"s{s}" })).Version;
        }

        return versions;
    }
}
