using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class SessionModelTests
{
    private static readonly Snapshot Fair = Shop(sessions: 400, seed: 1);

    [Fact]
    public void Learns_which_products_end_in_a_purchase_and_what_comes_next()
    {
        LearnedSessions learned = Fit(Fair, epochs: 12);
        Snapshot later = Shop(sessions: 200, seed: 2);
        SessionBatch batch = SessionBatch.InOrder(Sessions.Of(later), 0, learned.Model.Vocabulary.Over(later.Products), hasTimes: true, new(StringComparer.Ordinal));

        Intent[] intents = learned.Model.Read(batch);
        var measured = new SessionMeasure(batch, seed: 1).Estimate(SessionEvaluation.Told(intents));
        var baseline = new SessionMeasure(batch, seed: 1).Estimate(SessionBaselines.Fit("markov", learned.Train, learned.Validation, 1, default)(batch));

        Assert.True(measured["auc"].Value > baseline["auc"].Value + 0.05, $"{measured["auc"]} against {baseline["auc"]}");
        Assert.True(measured["logLoss"].Value < baseline["logLoss"].Value);
        Assert.InRange(measured["calibrationError"].Value, 0, 0.1);
        Assert.True(measured["nextActionAccuracy"].Value >= baseline["nextActionAccuracy"].Value - 0.01);
    }

    [Fact]
    public void Chances_sum_to_one_and_what_can_not_be_any_more_has_none()
    {
        LearnedSessions learned = Fit(Fair, epochs: 1);

        Intent[] intents = learned.Model.Read(learned.Validation);

        Assert.All(intents, intent => Assert.Equal(1, intent.Outcomes.Sum(), 1e-5));
        Assert.All(intents, intent => Assert.Equal(1, intent.Actions.Sum(), 1e-5));
        for (int i = 0; i < intents.Length; i++)
        {
            if (learned.Validation.Outcomes[i] == SessionBatch.NoTarget)
            {
                Assert.Equal(1, intents[i].Purchase);
            }
            else if (learned.Validation.HasCart[i])
            {
                Assert.Equal(0, intents[i].Outcomes[(int)SessionOutcome.Leaving], 1e-6);
            }
        }
    }

    [Fact]
    public void Gives_the_same_weights_on_any_number_of_threads()
    {
        Dictionary<string, float[]> On(int threads)
        {
            int before = Compute.ThreadCount;
            Compute.ThreadCount = threads;
            try
            {
                return Fit(Fair, epochs: 2).Model.Network.State().ToDictionary(w => w.Key, w => w.Value.ToArray(), StringComparer.Ordinal);
            }
            finally
            {
                Compute.ThreadCount = before;
            }
        }

        Assert.Equal(On(1), On(4));
    }

    [Fact]
    public void Going_on_event_by_event_tells_what_reading_all_at_once_tells()
    {
        SessionModel model = Fit(Fair, epochs: 2).Model;
        Func<int, ProductReading> reading = model.Vocabulary.Over(Fair.Products);
        Session session = Sessions.Of(Fair).MaxBy(s => s.Events.Length)!;
        var memory = new SessionMemory();
        var past = new ShopperPast();

        Intent[] whole = model.Read(SessionBatch.Of([(session, past)], reading, hasTimes: true));

        for (int length = 1; length <= session.Events.Length; length++)
        {
            Intent[] soFar = memory.Read(model, "key", session with { Events = session.Events[..length] }, past, reading);
            Assert.Equal(length, soFar.Length);
            Assert.Equal(whole[length - 1].Purchase, soFar[^1].Purchase, 1e-5f);
        }
    }

    [Fact]
    public void A_reason_is_the_chance_less_what_it_is_without_the_event()
    {
        SessionModel model = Fit(Fair, epochs: 4).Model;
        Func<int, ProductReading> reading = model.Vocabulary.Over(Fair.Products);
        Session session = Sessions.Of(Fair).First(s => s.Events.Length >= 4);
        var past = new ShopperPast();
        float Purchase(Session of) => model.Read(SessionBatch.Of([(of, past)], reading, hasTimes: true))[^1].Purchase;

        IReadOnlyList<IntentReason> reasons = SessionIntents.Reasons(model, new KnownSession(session, past), reading, Fair.Products);

        Assert.NotEmpty(reasons);
        Assert.Equal(reasons.OrderByDescending(reason => Math.Abs(reason.Effect)), reasons);
        Assert.All(reasons, reason => Assert.Contains(Enumerable.Range(0, session.Events.Length), place =>
            ShopTime.FromMicroseconds(session.Events[place].At) == reason.At && Math.Abs(Purchase(session) - Purchase(session.Without(place)) - reason.Effect) < 1e-5));
    }

    [Fact]
    public void A_saved_model_tells_the_same_and_one_that_reads_other_numbers_is_refused()
    {
        LearnedSessions learned = Fit(Fair, epochs: 1);
        string folder = Directory.CreateTempSubdirectory("cartwright-sessions-").FullName;
        try
        {
            var versions = new VersionFolders(folder, "behavior");
            string version = versions.Save(new Cartwright.Learning.Formats.ModelCard
            {
                Model = "session-gru", TrainedAt = DateTimeOffset.UnixEpoch, Seed = 1, Options = System.Text.Json.JsonDocument.Parse("{}").RootElement,
                Metrics = new Dictionary<string, double>(StringComparer.Ordinal), DataHash = "", TrainSeconds = 0, ParameterCount = 1,
            }, path => SessionModelFile.Save(path, learned.Model));

            SessionModel loaded = SessionModelFile.Load(versions.FolderOf(version));

            Assert.Equal(learned.Model.Read(learned.Validation).Select(i => i.Purchase), loaded.Read(learned.Validation).Select(i => i.Purchase));

            string other = versions.Save(versions.Card(version) with { TrainedAt = DateTimeOffset.UnixEpoch.AddDays(1) }, path => SessionModelFile.Save(path, new SessionModel(
                new SessionNetwork(new SessionNetworkOptions { ProductCount = 1, CategoryCount = 1, BrandCount = 1, NumberCount = 7 }, new Random(1)),
                learned.Model.Vocabulary, learned.Model.Calibration, hasTimes: true)));
            Assert.Throws<Cartwright.Learning.Formats.ModelFormatException>(() => SessionModelFile.Load(versions.FolderOf(other)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Sessions_that_all_end_alike_teach_nothing()
    {
        Snapshot bought = SessionsTests.Shop(new ShopInfo(), Enumerable.Range(0, 100).Select(s => SessionsTests.Did("a", $"s{s}", s, InteractionKind.Purchase)));

        ValidationException refused = Assert.Throws<ValidationException>(() => Fit(bought, epochs: 1));

        Assert.Contains("Every session ends with a purchase", refused.Message, StringComparison.Ordinal);
    }

    private static LearnedSessions Fit(Snapshot shop, int epochs) =>
        SessionLearning.Fit(Sessions.Of(shop), shop.Products, hasTimes: true, isJudge: null, seed: 1, epochs, TimeProvider.System, progress: null, CancellationToken.None);

    /// <summary>Visitors look at products; "hot" ones end in the cart twice as often as not and in a purchase then, "cold" ones seldom do.</summary>
    private static Snapshot Shop(int sessions, int seed)
    {
        var random = new Random(seed);
        var interactions = new List<Interaction>();
        for (int s = 0; s < sessions; s++)
        {
            double minute = s * 10.0;
            int views = 1 + random.Next(4);
            for (int v = 0; v < views; v++)
            {
                bool isHot = random.Next(2) == 0;
                string product = $"{(isHot ? "hot" : "cold")}{random.Next(4)}";
                interactions.Add(SessionsTests.Did($"u{s % 40}", $"s{seed}-{s}", minute += 0.5, InteractionKind.View, product));
                if (random.NextDouble() < (isHot ? 0.6 : 0.05))
                {
                    interactions.Add(SessionsTests.Did($"u{s % 40}", $"s{seed}-{s}", minute += 0.5, InteractionKind.Cart, product));
                    if (random.NextDouble() < 0.8)
                    {
                        interactions.Add(SessionsTests.Did($"u{s % 40}", $"s{seed}-{s}", minute += 0.5, InteractionKind.Purchase, product));
                    }

                    break;
                }
            }
        }

        return SessionsTests.Shop(new ShopInfo(), interactions);
    }
}
