using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tests.Recommendation.Tuning;

public sealed class TunerTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-tune-").FullName;

    public Task InitializeAsync() => _shop.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _shop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_best_is_no_worse_than_the_models_own_choice_and_the_same_seed_makes_the_same_trials()
    {
        TuneResponse first = await TuneAsync(new TuneRequest { Model = "item-knn", Trials = 12 });
        TuneResponse again = await TuneAsync(new TuneRequest { Model = "item-knn", Trials = 12 });

        Assert.Empty(first.Trials[0].Options);
        Assert.Equal(12, first.Trials.Count);
        Assert.True(first.Trials[first.Best - 1].Value >= first.Trials[0].Value);
        Assert.Equal(first.Trials.Max(trial => trial.Value), first.Trials[first.Best - 1].Value);
        Assert.Equal(Told(first), Told(again));
        Assert.NotEqual(Told(first), Told(await TuneAsync(new TuneRequest { Model = "item-knn", Trials = 12, Seed = 2 })));
    }

    [Theory]
    [InlineData("item-knn", "leave-one-out")]
    [InlineData("ease", "leave-one-out")]
    [InlineData("als", "leave-one-out")]
    public async Task Test_steps_are_never_looked_at(string model, string protocol)
    {
        string clean = Folder("clean", poisoned: false), poisoned = Folder("poisoned", poisoned: true);
        var request = new TuneRequest { Model = model, Protocol = protocol, Trials = 6 };

        TuneResponse one = await TuneAsync(request with { Data = clean });
        TuneResponse other = await TuneAsync(request with { Data = poisoned });

        Assert.Equal(Told(one), Told(other));

        // The poison is strong enough to be seen by whoever looks at test steps.
        Assert.NotEqual(await NdcgAsync(clean, model, protocol, []), await NdcgAsync(poisoned, model, protocol, []));
    }

    [Fact]
    public async Task A_search_that_was_stopped_goes_on_as_if_it_had_not_been()
    {
        string file = Path.Combine(_folder, "trials.json");
        var request = new TuneRequest { Model = "ease", Trials = 11, TrialFile = file };
        TuneResponse whole = await TuneAsync(request with { TrialFile = null });
        using var stopping = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _shop.Shop.Tuner.TuneAsync(request, new StopAfter(4, stopping), stopping.Token));
        using JsonDocument kept = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        TuneResponse resumed = await TuneAsync(request);

        Assert.Equal(4, kept.RootElement.GetProperty("trials").GetArrayLength());
        Assert.Equal(Told(whole), Told(resumed));
        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => TuneAsync(request with { Seed = 2 }));
        Assert.Contains("holds trials of another search", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_is_what_train_takes_until_it_is_told_otherwise()
    {
        TuneResponse tuned = await TuneAsync(new TuneRequest { Model = "item-knn", Trials = 10, Keep = true });
        TrainResponse trained = await _shop.Recommender.TrainAsync(new TrainRequest { Model = "item-knn", Activate = true });
        using JsonDocument card = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_shop.ModelFolder, trained.Version, "card.json")));

        string[] told = [.. card.RootElement.GetProperty("options").GetProperty("options").EnumerateArray().Select(option => option.GetString()!)];
        Assert.True(tuned.IsKept);
        Assert.Equal(tuned.Options, told);

        await _shop.Recommender.TrainAsync(new TrainRequest { Model = "item-knn", Activate = true, Options = ["decay=0.5", "similarity=tfIdf"] });
        string version = (await _shop.Recommender.StatusAsync(new Commerce.Recommendation.StatusRequest())).ActiveVersion!;
        string notes = await File.ReadAllTextAsync(Path.Combine(_shop.ModelFolder, version, "card.json"));
        Assert.Contains("\"TfIdf\"", notes, StringComparison.Ordinal);
        Assert.Contains("\"0.5\"", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_options_are_those_that_are_measured()
    {
        string clean = Folder("clean", poisoned: false);

        double close = await NdcgAsync(clean, "ease", "leave-one-out", ["regularization=20", "dropout=0"]);
        double far = await NdcgAsync(clean, "ease", "leave-one-out", ["regularization=100000"]);

        Assert.NotEqual(close, far);
    }

    [Theory]
    [InlineData("all", "decay=1", "--options needs one model that has some, not 'all'")]
    [InlineData("popularity", "decay=1", "--options needs one model that has some, not 'popularity'")]
    [InlineData("item-knn", "decai=1", "There is no option 'decai'. Did you mean 'decay'?")]
    [InlineData("item-knn", "decay", "'decay' gives no option. Write name=value")]
    [InlineData("item-knn", "decay=high", "The option decay was 'high'; it takes a number")]
    [InlineData("item-knn", "decay=2", "decay was 2; it takes more than 0 to 1")]
    [InlineData("item-knn", "neighborCount=1.5", "The option neighborCount was '1.5'; it takes a whole number")]
    [InlineData("item-knn", "similarity=pearson", "There is no similarity 'pearson'")]
    public async Task Wrong_options_are_refused(string model, string option, string expected)
    {
        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => _shop.Recommender.EvaluateAsync(new EvaluateRequest { Model = model, Options = [option] }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blend", "leave-one-out", "'blend' has no options to search. Those that have: item-knn")]
    [InlineData("ease", "folds", "no step is left to choose options by")]
    [InlineData("ease", "split-file", "'split-file' needs a split.csv, which the shop's own data does not have")]
    public async Task What_can_not_be_searched_is_refused(string model, string protocol, string expected)
    {
        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => TuneAsync(new TuneRequest { Model = model, Protocol = protocol }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Models => [.. RecommendationModels.All.Where(model => model.Options is not null).Select(model => model.Name)];

    [Theory, MemberData(nameof(Models))]
    public void Every_option_takes_both_its_ends_and_what_lies_between(string model)
    {
        TunedOptions options = RecommendationModels.Named(model).Options!;

        Assert.NotEmpty(options.Axes);
        foreach (OptionAxis axis in options.Axes)
        {
            foreach (double place in (double[])[0, 0.3, 0.5, 0.99, 1])
            {
                string text = axis.Write(place);
                options.Require([$"{axis.Name}={text}"]);
                Assert.Equal(text, axis.Write(axis.Choices.Count > 0 ? (axis.Place(text) + 0.5) / axis.Choices.Count : axis.Place(text)));
            }
        }
    }

    [Theory, MemberData(nameof(Models))]
    public async Task Every_model_can_be_searched(string model)
    {
        TuneResponse tuned = await TuneAsync(new TuneRequest { Model = model, Trials = 2, Epochs = 1, Data = Folder("clean", poisoned: false) });

        Assert.Equal(2, tuned.Trials.Count);
        Assert.All(tuned.Trials, trial => Assert.InRange(trial.Value, 0, 1));
    }

    private Task<TuneResponse> TuneAsync(TuneRequest request) => _shop.Shop.Tuner.TuneAsync(request);

    private async Task<double> NdcgAsync(string folder, string model, string protocol, IReadOnlyList<string> options)
    {
        EvaluationReport report = await _shop.Recommender.EvaluateAsync(new EvaluateRequest { Data = folder, Model = model, Protocol = protocol, Options = options });
        return report.Models.Single(one => one.Model == model).Metrics["ndcg@10"].Value;
    }

    private static string Told(TuneResponse tuned) =>
        string.Join('\n', tuned.Trials.Select(trial => string.Create(CultureInfo.InvariantCulture, $"{trial.Number} {trial.Value:R} {string.Join(',', trial.Options)}")));

    /// <summary>120 shoppers of three tastes with eight purchases each; poisoned, each one's last is of another taste.</summary>
    private string Folder(string name, bool poisoned)
    {
        string folder = Path.Combine(_folder, name);
        Directory.CreateDirectory(folder);
        var rows = new StringBuilder("id,at,shopper,kind,product\n");
        var random = new Random(3);
        for (int s = 0; s < 120; s++)
        {
            int[] products = [.. Enumerable.Range(0, 12)];
            random.Shuffle(products);
            for (int i = 0; i < 8; i++)
            {
                int taste = (s + (random.Next(6) == 0 ? 1 : 0) + (poisoned && i == 7 ? 1 : 0)) % 3;
                rows.Append(CultureInfo.InvariantCulture, $"i{s}-{i},{1_700_000_000 + (i * 1000) + s},s{s},purchase,p{(taste * 12) + products[i]}\n");
            }
        }

        File.WriteAllText(Path.Combine(folder, "shop.json"), """{ "name": "Three tastes", "currency": "EUR" }""");
        File.WriteAllText(Path.Combine(folder, "interactions.csv"), rows.ToString());
        File.WriteAllText(Path.Combine(folder, "products.csv"), "id,title,category\n" + string.Concat(Enumerable.Range(0, 36).Select(p => FormattableString.Invariant($"p{p},Product {p},Taste {p / 12}\n"))));
        return folder;
    }

    /// <summary>Cancels once so many trials were made.</summary>
    private sealed class StopAfter(int trials, CancellationTokenSource stopping) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Values.Count > 0 && value.Done >= trials)
            {
                stopping.Cancel();
            }
        }
    }
}
