using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Trained;

/// <summary>The networks of samples/binary-classifier.cs, product-recommender.cs and autoencoder.cs, trained for real.</summary>
public sealed class SmallNetworkTests
{
    [Fact]
    public void A_classifier_of_10_5_and_1_units_answers_nineteen_of_twenty_right()
    {
        Random random = new(1);
        Stack network = new(new Dense(10, 10, random), new Dense(10, 5, random), new Dense(5, 1, random));
        Adam optimizer = new(network, new AdamOptions());
        CosineSchedule schedule = new(0.01f, steps: 3000);
        for (int step = 0; step < 3000; step++)
        {
            (Tensor x, Tensor answers) = Examples(128, random);
            Step(optimizer, schedule.At(step), () => BinaryCrossEntropy.Loss(network.Forward(x, Activations.Relu), answers));
        }

        (Tensor unseen, Tensor expected) = Examples(1000, random);
        float[] logits = network.Forward(unseen, Activations.Relu).ToArray();

        Assert.InRange(logits.Zip(expected.ToArray()).Count(pair => pair.First > 0 == pair.Second > 0), 950, 1000);
    }

    [Fact]
    public void A_recommender_of_64_and_32_units_has_the_next_product_among_ten_of_500_for_four_of_five()
    {
        Random random = new(1);
        EmbeddingBag products = new(500, 64, random);
        Stack network = new(products, new Dense(64, 32, random), new Dense(32, 500, random));
        Adam optimizer = new(network, new AdamOptions { UpdatesTouchedRowsOnly = true });
        for (int step = 0; step < 600; step++)
        {
            (int[] bought, int[] offsets, int[] next) = Histories(128, random);
            Step(optimizer, 0.01f, () => CrossEntropy.Loss(network.Forward(products.Forward(bought, offsets), Activations.Relu), next));
        }

        (int[] unseen, int[] starts, int[] expected) = Histories(500, random);
        float[] scores = network.Forward(products.Forward(unseen, starts), Activations.Relu).ToArray();
        int hits = expected.Where((next, i) => scores.AsSpan(i * 500, 500).ToArray().Count(score => score >= scores[(i * 500) + next]) <= 10).Count();

        Assert.InRange(hits, 400, 500);
    }

    [Fact]
    public void An_autoencoder_of_4_numbers_gives_back_95_percent_of_what_varies_and_knows_noise()
    {
        Random random = new(1);
        Stack network = new(new Dense(64, 32, random), new Dense(32, 4, random), new Dense(4, 32, random), new Dense(32, 64, random));
        Adam optimizer = new(network, new AdamOptions());
        WarmUpSchedule schedule = new(100, new CosineSchedule(0.01f, steps: 3000));
        for (int step = 0; step < 3000; step++)
        {
            Tensor pictures = Spots(64, random);
            Step(optimizer, schedule.At(step), () => MeanSquaredError.Loss(network.Forward(pictures, Activations.Swish), pictures));
        }

        Tensor unseen = Spots(1000, random);
        Tensor noise = Tensor.From([.. Enumerable.Range(0, 64_000).Select(_ => random.NextSingle())], 1000, 64);
        float error = MeanSquaredError.Loss(network.Forward(unseen, Activations.Swish), unseen).Item();

        Assert.InRange(error, 0, 0.05 * Variance(unseen));
        Assert.True(MeanSquaredError.Loss(network.Forward(noise, Activations.Swish), noise).Item() > 10 * error);
    }

    private static void Step(Optimizer optimizer, float rate, Func<Tensor> loss)
    {
        using var scope = TensorScope.Begin();
        loss().Backward();
        optimizer.LearningRate = rate;
        optimizer.Step();
    }

    private static (Tensor Numbers, Tensor Answers) Examples(int count, Random random)
    {
        float[] numbers = [.. Enumerable.Range(0, count * 10).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] answers = [.. Enumerable.Range(0, count).Select(i => numbers[i * 10] * numbers[(i * 10) + 1] > 0 ? 1f : 0)];
        return (Tensor.From(numbers, count, 10), Tensor.From(answers, count, 1));
    }

    /// <summary>Of each shopper products of one department of ten, every fifth from anywhere, and one more of the department.</summary>
    private static (int[] Bought, int[] Offsets, int[] Next) Histories(int count, Random random)
    {
        List<int> bought = [];
        int[] offsets = new int[count + 1];
        int[] next = new int[count];
        for (int i = 0; i < count; i++)
        {
            int department = random.Next(50);
            int length = random.Next(2, 8);
            for (int j = 0; j < length; j++)
            {
                bought.Add(random.Next(5) == 0 ? random.Next(500) : (department * 10) + random.Next(10));
            }

            offsets[i + 1] = bought.Count;
            next[i] = (department * 10) + random.Next(10);
        }

        return ([.. bought], offsets, next);
    }

    /// <summary>Pictures of 8 × 8 with one soft spot somewhere: [count, 64].</summary>
    private static Tensor Spots(int count, Random random)
    {
        float[] pictures = new float[count * 64];
        for (int i = 0; i < count; i++)
        {
            (float left, float top, float size) = (1.5f + (4 * random.NextSingle()), 1.5f + (4 * random.NextSingle()), 1.5f + random.NextSingle());
            for (int place = 0; place < 64; place++)
            {
                (float x, float y) = ((place % 8) - left, (place / 8) - top);
                pictures[(i * 64) + place] = MathF.Exp(-((x * x) + (y * y)) / (2 * size * size));
            }
        }

        return Tensor.From(pictures, count, 64);
    }

    /// <summary>The mean squared distance of every place from its mean over the pictures.</summary>
    private static double Variance(Tensor pictures)
    {
        float[] values = pictures.ToArray();
        double[] means = [.. Enumerable.Range(0, 64).Select(place => Enumerable.Range(0, pictures.Rows).Average(i => values[(i * 64) + place]))];
        return values.Select((value, i) => (value - means[i % 64]) * (value - means[i % 64])).Average();
    }

    /// <summary>Dense layers one after the other, with an activation between them.</summary>
    private sealed class Stack(params Module[] layers) : Module
    {
        protected internal override IEnumerable<Part> Parts => Part.List("layers", layers);

        public Tensor Forward(Tensor x, Func<Tensor, Tensor> activation)
        {
            Dense[] dense = [.. layers.OfType<Dense>()];
            for (int i = 0; i < dense.Length; i++)
            {
                x = dense[i].Forward(x);
                x = i == dense.Length - 1 ? x : activation(x);
            }

            return x;
        }
    }
}
