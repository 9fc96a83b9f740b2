using System.Reflection;
using Cartwright.Learning.Autograd;
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
        [typeof(BinaryCrossEntropy)] = new([-1], (x, rows) => BinaryCrossEntropy.Loss(x[0], Labels(x[0], 0), positiveWeight: 2)),
        [typeof(Hinge)] = new([-1], (x, rows) => Hinge.Loss(x[0] * 2, Labels(x[0], -1))),

        // Rankings.
        [typeof(Bpr)] = Sample.Of([[-1], [-1, 4]], (x, _) => Bpr.Loss(x[0], x[1])),
        [typeof(BprMax)] = new([-1], (x, rows) => BprMax.Loss(x[0] * 3, Targets(rows), regularization: 0.5f)),
        [typeof(Top1Max)] = new([-1], (x, rows) => Top1Max.Loss(x[0] * 3, Targets(rows), regularization: 0.5f)),
        [typeof(Triplet)] = new([-1, -1, -1], (x, _) => Triplet.Loss(x[0], x[1], x[2], margin: 0.5f)),
        [typeof(InfoNce)] = new([-1, -1], (x, _) => InfoNce.Loss(x[0], x[1], temperature: 0.5f)),
        [typeof(Distillation)] = new([-1], (x, rows) => Distillation.Loss(x[0], Labels(x[0], -1), temperature: 1.5f)),

        // Distributions.
        [typeof(Pinball)] = Sample.Of([[-1, 5]], (x, rows) => Pinball.Loss(x[0], Amounts(rows), 0.1f, 0.25f, 0.5f, 0.75f, 0.9f)),
        [typeof(GaussianLikelihood)] = new([-1, -1], (x, rows) => GaussianLikelihood.Loss(x[0], x[1], Labels(x[0], 0)), canBeNegative: true),
        [typeof(GaussianDivergence)] = new([-1, -1], (x, _) => GaussianDivergence.Loss(x[0], x[1])),
        [typeof(NegativeBinomialLikelihood)] = Sample.Of([[-1], [-1]],
            (x, rows) => NegativeBinomialLikelihood.Loss(x[0].Softplus(), x[1].Softplus(), Amounts(rows))),
        [typeof(ZeroInflatedLogNormal)] = Sample.Of([[-1, 3]], (x, rows) => ZeroInflatedLogNormal.Loss(x[0], Amounts(rows)), canBeNegative: true),

        // Adversaries.
        [typeof(GanDiscriminator)] = new([-1, 3], (x, rows) => GanDiscriminator.Loss(x[0], rows == 0 ? x[0] : x[1], GanObjective.Minimax)),
        [typeof(GanGenerator)] = new([-1], (x, _) => GanGenerator.Loss(x[0], GanObjective.Minimax), canBeNegative: true),
    };

    public static TheoryData<string> Losses => [.. typeof(CrossEntropy).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(CrossEntropy).Namespace && type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => method.Name == "Loss"))
        .Select(type => type.Name)];

    public static TheoryData<string, int, int> Shapes
    {
        get
        {
            TheoryData<string, int, int> shapes = [];
            foreach (object[] loss in (IEnumerable<object[]>)Losses)
            {
                shapes.Add((string)loss[0], 6, 5);
                shapes.Add((string)loss[0], 21, 5);
                shapes.Add((string)loss[0], 6, 19);
            }

            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Has_the_gradient_that_differences_say(string loss, int rows, int columns)
    {
        Sample sample = Find(loss);
        Tensor[] inputs = sample.Inputs(rows, columns);

        NumericalGradient.Assert(() => sample.Loss(inputs, rows), inputs.Select((input, i) => KeyValuePair.Create($"input {i}", input)));
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
    private static Tensor Labels(Tensor like, float negative) =>
        Tensor.From([.. Enumerable.Range(0, like.Length).Select(i => i % 3 == 0 ? 1 : negative)], [.. like.Shape]);

    /// <summary>0, 1, 2, 0, 1, 2, …: one for each row.</summary>
    private static Tensor Amounts(int rows) => Tensor.From([.. Enumerable.Range(0, rows).Select(row => row % 3f)], rows);

    private sealed class Sample
    {
        private const int Columns = -2;
        private readonly int[][] _shapes;

        /// <param name="rows">Rows of each input; all have as many columns.</param>
        /// <param name="canBeNegative">For logarithms of densities, and for what the other player loses.</param>
        public Sample(int[] rows, Func<Tensor[], int, Tensor> loss, bool canBeNegative = false)
            : this([.. rows.Select(count => (int[])[count, Columns])], loss, canBeNegative)
        {
        }

        private Sample(int[][] shapes, Func<Tensor[], int, Tensor> loss, bool canBeNegative)
        {
            _shapes = shapes;
            Loss = loss;
            CanBeNegative = canBeNegative;
        }

        public Func<Tensor[], int, Tensor> Loss { get; }

        public bool CanBeNegative { get; }

        /// <summary>For inputs that are no matrices of as many columns.</summary>
        public static Sample Of(int[][] shapes, Func<Tensor[], int, Tensor> loss, bool canBeNegative = false) =>
            new(shapes, loss, canBeNegative);

        public Tensor[] Inputs(int batch, int columns = 5)
        {
            var random = new Random(8);
            return [.. _shapes.Select(shape => (int[])[.. shape.Select(size => size switch { Columns => columns, < 0 => batch, _ => size })]).Select(shape => Tensor.Parameter(
                [.. Enumerable.Range(0, Tensor.Product(shape)).Select(_ => (2 * random.NextSingle()) - 1)], shape))];
        }
    }
}
