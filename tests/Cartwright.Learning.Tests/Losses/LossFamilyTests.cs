using System.Reflection;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Losses;

/// <summary>Checks that hold for every loss. A new loss without a line in <see cref="Samples"/> fails the first of them.</summary>
public sealed class LossFamilyTests
{
    /// <summary>Each takes tensors of so many rows and answers with the loss; rows that follow the batch are asked for as -1.</summary>
    private static readonly Dictionary<Type, Sample> Samples = new()
    {
        [typeof(CrossEntropy)] = new([-1], (x, rows) => CrossEntropy.Loss(x[0], Targets(rows))),
        [typeof(TableCrossEntropy)] = new([-1, 8], (x, rows) => TableCrossEntropy.Loss(x[0], x[1], Targets(rows))),
        [typeof(SampledSoftmax)] = new([-1, -1, 4],
            (x, rows) => SampledSoftmax.Loss(x[0], x[1], x[2], Targets(rows), [0, 3, 3, 7], [0.5f, -1, 0, 0.25f])),
        [typeof(Ctc)] = new([-1], (x, rows) => rows == 0
            ? Ctc.Loss(x[0], [0], [], [0])
            : Ctc.Loss(x[0], [0, 2, rows], [1, 2, 2], [0, 1, 3])),

        // Numbers against numbers.
        [typeof(MeanSquaredError)] = new([-1, -1], (x, _) => MeanSquaredError.Loss(x[0], x[1])),
        [typeof(MeanAbsoluteError)] = new([-1, -1], (x, _) => MeanAbsoluteError.Loss(x[0], x[1])),
        [typeof(Huber)] = new([-1, -1], (x, _) => Huber.Loss(x[0], x[1], delta: 0.5f)),

        // Labels.
        [typeof(BinaryCrossEntropy)] = new([-1], (x, rows) => BinaryCrossEntropy.Loss(x[0], Labels(rows, 0), positiveWeight: 2)),
        [typeof(Hinge)] = new([-1], (x, rows) => Hinge.Loss(x[0] * 2, Labels(rows, -1))),

        // Adversaries.
        [typeof(GanDiscriminator)] = new([-1, 3], (x, rows) => GanDiscriminator.Loss(x[0], rows == 0 ? x[0] : x[1], GanObjective.Minimax)),
        [typeof(GanGenerator)] = new([-1], (x, _) => GanGenerator.Loss(x[0], GanObjective.Minimax), CanBeNegative: true),
    };

    public static TheoryData<string> Losses => [.. typeof(CrossEntropy).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(CrossEntropy).Namespace && type.GetMethod("Loss", BindingFlags.Public | BindingFlags.Static) is not null)
        .Select(type => type.Name)];

    [Theory, MemberData(nameof(Losses))]
    public void Has_the_gradient_that_differences_say(string loss)
    {
        Sample sample = Find(loss);
        Tensor[] inputs = sample.Inputs(6);

        NumericalGradient.Assert(() => sample.Loss(inputs, 6), inputs.Select((input, i) => KeyValuePair.Create($"input {i}", input)));
    }

    [Theory, MemberData(nameof(Losses))]
    public void Is_one_number_and_above_zero_where_it_measures_a_distance(string loss)
    {
        Sample sample = Find(loss);

        Tensor value = sample.Loss(sample.Inputs(6), 6);

        Assert.Empty(value.Shape);
        Assert.True(float.IsFinite(value.Item()));
        Assert.True(value.Item() > 0 || sample.CanBeNegative);
    }

    [Theory, MemberData(nameof(Losses))]
    public void Is_zero_for_a_batch_without_rows(string loss)
    {
        Sample sample = Find(loss);
        Tensor[] inputs = sample.Inputs(0);

        Tensor value = sample.Loss(inputs, 0);
        value.Backward();

        Assert.Equal(0, value.Item());
        Assert.All(inputs, input => Assert.DoesNotContain(input.Gradient.ToArray(), g => g != 0));
    }

    private static Sample Find(string loss)
    {
        Type type = typeof(CrossEntropy).Assembly.GetType($"{typeof(CrossEntropy).Namespace}.{loss}")!;
        Assert.True(Samples.TryGetValue(type, out Sample? sample), $"{loss} has no sample here; add one, so that the checks see it.");
        return sample;
    }

    private static int[] Targets(int rows) => [.. Enumerable.Range(0, rows).Select(row => row * 3 % 5)];

    /// <summary>A positive label in every third place, <paramref name="negative"/> elsewhere.</summary>
    private static Tensor Labels(int rows, float negative) =>
        Tensor.From([.. Enumerable.Range(0, rows * Sample.Columns).Select(i => i % 3 == 0 ? 1 : negative)], rows, Sample.Columns);

    /// <param name="CanBeNegative">For logarithms of densities and of what the other player loses.</param>
    private sealed record Sample(int[] Rows, Func<Tensor[], int, Tensor> Loss, bool CanBeNegative = false)
    {
        public const int Columns = 5;

        public Tensor[] Inputs(int batch)
        {
            var random = new Random(8);
            return [.. Rows.Select(rows => rows < 0 ? batch : rows).Select(rows => Tensor.Parameter(
                [.. Enumerable.Range(0, rows * Columns).Select(_ => (2 * random.NextSingle()) - 1)], rows, Columns))];
        }
    }
}
