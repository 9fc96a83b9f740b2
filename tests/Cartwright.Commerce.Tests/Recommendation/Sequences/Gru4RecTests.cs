using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class Gru4RecTests
{
    private static readonly Gru4RecOptions Small = new() { ProductCount = 6, HiddenSize = 4, InputDropout = 0, StateDropout = 0 };

    [Fact]
    public void Sessions_go_side_by_side_and_the_next_one_takes_the_place_of_one_that_has_ended()
    {
        var batches = new Gru4RecBatches(Sessions("abcd", "e", "ab", "cde", "fa"), width: 2);

        string[] taken = [.. Enumerable.Range(0, batches.Count).Select(i => Told(batches.Take(new TrainingStep(0, i, 0, 0))))];

        Assert.Equal(["a>b new, a>b new", "b>c 0, c>d new", "c>d 0, d>e 1", "f>a new"], taken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void An_epoch_has_every_step_once_whatever_the_width(int width)
    {
        Sequences sequences = ItemKnnTests.RandomShop(seed: 1, out _).Sequences;
        var batches = new Gru4RecBatches(sequences, width);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var seen = new List<(int, int)>();

            for (int i = 0; i < batches.Count; i++)
            {
                Gru4RecBatch batch = batches.Take(new TrainingStep(epoch, i, 0, 0));
                Assert.NotEmpty(batch.Products);
                seen.AddRange(batch.Products.Zip(batch.Next));
            }

            Assert.Equal(Enumerable.Range(0, sequences.Count).SelectMany(s => Pairs(sequences.ProductsOf(s).ToArray())).Order(), seen.Order());
        }
    }

    [Fact]
    public void Steps_side_by_side_reach_the_states_of_whole_sessions()
    {
        var network = new Gru4Rec(Small, new Random(1));
        int[] first = [0, 3, 2], second = [5, 1, 1];

        Tensor state = Tensor.Zeros(2, Small.HiddenSize);
        for (int i = 0; i < first.Length; i++)
        {
            state = network.Step([first[i], second[i]], state);
        }

        Tensor whole = network.Forward([.. first, .. second], [0, 3, 6]).TakeRows([2, 5]);
        Assert.Equal(whole.ToArray(), state.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void Scores_as_the_formula_says()
    {
        var network = new Gru4Rec(Small, new Random(2));
        var weights = network.State().ToDictionary(w => w.Key, w => w.Value.ToArray());
        var model = new Gru4RecModel(Small, network);
        int[] history = [4, 0, 5];

        float[] scores = new float[Small.ProductCount];
        model.Score(history, scores);

        double[] state = new double[Small.HiddenSize];
        foreach (int product in history)
        {
            state = Next(weights, [.. weights["products.weight"].Skip(product * Small.HiddenSize).Take(Small.HiddenSize)], state);
        }

        for (int p = 0; p < scores.Length; p++)
        {
            double expected = weights["biases.weight"][p] + state.Select((h, i) => h * weights["products.weight"][(p * Small.HiddenSize) + i]).Sum();
            Assert.Equal(expected, scores[p], 1e-6);
        }
    }

    [Theory]
    [InlineData(Gru4RecLoss.CrossEntropy)]
    [InlineData(Gru4RecLoss.BprMax)]
    public void The_loss_is_that_of_the_formula(Gru4RecLoss loss)
    {
        var network = new Gru4Rec(Small with { Loss = loss }, new Random(3));
        int[] next = [1, 4, 1], samples = [0, 5, 5, 2];
        float[] logQ = [0.1f, 0.7f, 0.1f, 0.2f, 0.3f, 0.3f, 0.4f];
        Tensor states = network.Forward([0, 2, 3], [0, 1, 2, 3]);

        float found = network.Loss(states, next, samples, logQ).Item();

        float[] all = network.Scores(states).ToArray();
        int[] candidates = [.. next, .. samples];
        double expected = Enumerable.Range(0, next.Length).Average(row =>
        {
            double[] x = [.. candidates.Select(c => (double)all[(row * Small.ProductCount) + c])];
            return loss == Gru4RecLoss.CrossEntropy ? CrossEntropy([.. x.Zip(logQ, (score, q) => score - q)], row) : BprMax(x, row, Small.ScorePull);
        });
        Assert.Equal(expected, found, 1e-5);
    }

    [Fact]
    public void Products_are_drawn_in_proportion_to_the_power_of_their_counts()
    {
        var sampler = new ProductSampler([0, 16, 1, 0, 9, 0], exponent: 0.5f);

        int[] drawn = sampler.Draw(8000, new Random(4));

        Assert.Equal([1, 2, 4], drawn.Distinct().Order());
        Assert.Equal(4 / 8d, drawn.Count(p => p == 1) / 8000d, 0.03);
        Assert.Equal(1 / 8d, drawn.Count(p => p == 2) / 8000d, 0.03);
    }

    [Theory]
    [InlineData(Gru4RecLoss.CrossEntropy)]
    [InlineData(Gru4RecLoss.BprMax)]
    public void Learns_what_follows_what(Gru4RecLoss loss)
    {
        TrainingData data = ItemKnnTests.Data(Alphabet());
        var trainer = new Gru4RecTrainer { Network = new Gru4RecOptions { ProductCount = 1, Loss = loss, SampleCount = 16 } };

        IRecommendationModel model = trainer.Fit(data, new FitOptions { Epochs = 30 }, null, CancellationToken.None);

        float[] scores = new float[data.ProductCount];
        model.Score(new[] { 2, 3, 4 }, scores);
        Assert.Equal(5, Array.IndexOf(scores, scores.Max()));
    }

    [Fact]
    public async Task What_a_visitor_does_counts_at_once()
    {
        var shop = new TasteShop();
        await shop.InitializeAsync();
        await shop.TrainAsync("gru4rec", activate: true);

        await shop.AppendAsync(new Interaction { At = shop.Clock.GetUtcNow(), Session = "visit", Kind = InteractionKind.View, Product = TasteShop.Id(20) });
        RecommendResponse answer = await shop.Recommender.RecommendAsync(new RecommendRequest { SessionId = "visit", Explain = true });

        Assert.Equal(("gru4rec", null), (answer.Model, answer.Fallback));
        Assert.True(answer.Results.Take(5).Count(r => TasteShop.TasteOf(r.ProductId) == 2) >= 4);
        Assert.Equal(TasteShop.Id(20), Assert.Single(answer.Results[0].Reasons!).ProductId);
        await shop.DisposeAsync();
    }

    /// <summary>Every shopper buys a run of the alphabet.</summary>
    private static Snapshot Alphabet()
    {
        TinyShop shop = new TinyShop().Products([.. Enumerable.Range(0, 20).Select(p => ((char)('a' + p)).ToString())]);
        for (int s = 0; s < 200; s++)
        {
            shop.Shopper($"s{s}", string.Concat(Enumerable.Range(s * 7 % 13, 8).Select(p => (char)('a' + p))));
        }

        return shop.Snapshot();
    }

    private static Sequences Sessions(params string[] sessions)
    {
        var shop = new TinyShop();
        for (int s = 0; s < sessions.Length; s++)
        {
            shop.Session($"s{s}", sessions[s], from: s * 100);
        }

        return SequenceReader.BySession(shop.Snapshot(), new HashSet<InteractionKind> { InteractionKind.View });
    }

    private static string Told(Gru4RecBatch batch) => string.Join(", ", batch.Products.Select((product, i) =>
        $"{(char)('a' + product)}>{(char)('a' + batch.Next[i])} {(batch.Before[i] == Gru4RecBatch.IsNew ? "new" : batch.Before[i])}"));

    private static IEnumerable<(int, int)> Pairs(int[] products) => products.Zip(products.Skip(1));

    /// <summary>r, z = σ(W x + b + U h + c); n = tanh(W x + b + r (U h + c)); (1 - z) n + z h.</summary>
    private static double[] Next(Dictionary<string, float[]> weights, float[] x, double[] h)
    {
        int size = h.Length;
        double OfInput(int row) => weights["gru.bias_ih_l0"][row] + x.Select((v, i) => v * weights["gru.weight_ih_l0"][(row * size) + i]).Sum();
        double OfState(int row) => weights["gru.bias_hh_l0"][row] + h.Select((v, i) => v * weights["gru.weight_hh_l0"][(row * size) + i]).Sum();
        return [.. Enumerable.Range(0, size).Select(i =>
        {
            double r = Sigmoid(OfInput(i) + OfState(i));
            double z = Sigmoid(OfInput(size + i) + OfState(size + i));
            double n = Math.Tanh(OfInput((2 * size) + i) + (r * OfState((2 * size) + i)));
            return ((1 - z) * n) + (z * h[i]);
        })];
    }

    private static double CrossEntropy(double[] x, int target) => Math.Log(x.Sum(Math.Exp)) - x[target];

    private static double BprMax(double[] scores, int target, double pull)
    {
        double[] x = [.. scores.Select(score => score > 0 ? score : Math.Exp(score) - 1)];
        int[] negatives = [.. Enumerable.Range(0, x.Length).Where(j => j != target)];
        double sum = negatives.Sum(j => Math.Exp(x[j]));
        return -Math.Log(negatives.Sum(j => Math.Exp(x[j]) / sum * Sigmoid(x[target] - x[j])))
            + (pull * negatives.Sum(j => Math.Exp(x[j]) / sum * x[j] * x[j]));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
