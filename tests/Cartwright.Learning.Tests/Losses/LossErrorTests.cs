using System.Reflection;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Losses;

/// <summary>What every loss says to numbers that do not belong together.</summary>
public sealed class LossErrorTests
{
    public static TheoryData<string, int> Methods
    {
        get
        {
            TheoryData<string, int> methods = [];
            foreach (Type type in typeof(CrossEntropy).Assembly.GetTypes().Where(type => type.Namespace == typeof(CrossEntropy).Namespace && type.IsPublic))
            {
                MethodInfo[] losses = LossesOf(type);
                for (int i = 0; i < losses.Length; i++)
                {
                    if (losses[i].GetParameters().Count(parameter => parameter.ParameterType == typeof(Tensor) || parameter.ParameterType == typeof(int[])) > 1)
                    {
                        methods.Add(type.Name, i);
                    }
                }
            }

            return methods;
        }
    }

    [Theory, MemberData(nameof(Methods))]
    public void Says_in_plain_words_what_does_not_belong_together(string name, int index)
    {
        MethodInfo method = LossesOf(typeof(CrossEntropy).Assembly.GetType($"{typeof(CrossEntropy).Namespace}.{name}")!)[index];
        ParameterInfo[] parameters = method.GetParameters();
        if (name is nameof(Pinball) or nameof(GanDiscriminator))
        {
            return;      // takes a span, which reflection can't give; takes two batches that need not fit
        }

        object?[] arguments = [.. parameters.Select((parameter, i) => Argument(parameter, i))];
        Exception error = Record.Exception(() => method.Invoke(null, arguments))!.InnerException!;

        PlainWords.Assert(error, parameters.Select(parameter => parameter.Name!));
        Assert.False(error.Message.StartsWith('\'') && !error.Message.Contains("ffsets", StringComparison.Ordinal), $"A kernel had to find it: {error.Message}");
    }

    [Fact]
    public void Refuses_settings_out_of_their_range()
    {
        Tensor x = Tensor.Zeros(2, 3), y = Tensor.Zeros(2, 3);
        int[] targets = [0, 2];
        foreach (float wrong in (float[])[-1, float.NaN, 1.5f])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Loss(x, targets, new CrossEntropyOptions { LabelSmoothing = wrong }));
            Assert.Throws<ArgumentOutOfRangeException>(() => Distillation.Loss(x, y, targets, weight: wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => Pinball.Loss(x, Tensor.Zeros(2), 0.1f, wrong, 0.9f));
        }

        foreach (float wrong in (float[])[0, -1, float.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => InfoNce.Loss(x, y, temperature: wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => Distillation.Loss(x, y, temperature: wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => Huber.Loss(x, y, delta: wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => Triplet.Loss(x, y, y, margin: wrong));
            Assert.Throws<ArgumentOutOfRangeException>(() => BinaryCrossEntropy.Loss(x, y, positiveWeight: wrong));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Loss(x, targets, new CrossEntropyOptions { ClassWeights = [1, -1, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy.Loss(x, targets, new CrossEntropyOptions { ClassWeights = [1, float.NaN, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CtcDecoder(beamWidth: 0));
        Assert.Contains("1 sample or more", Assert.Throws<ShapeException>(() => SampledSoftmax.Loss(x, y, Tensor.Zeros(0, 3), targets, [], [])).Message);
        Assert.Contains("one level or more", Assert.Throws<ShapeException>(() => Pinball.Loss(x, Tensor.Zeros(2))).Message);
        Assert.Contains("each of 2 levels", Assert.Throws<ShapeException>(() => Pinball.Loss(x, Tensor.Zeros(2), 0.1f, 0.9f)).Message);
        Assert.Contains("The blank is class 3", Assert.Throws<ShapeException>(() => new CtcDecoder(blank: 3).Greedy(new float[6], 3)).Message);
        Assert.Contains("position 1 is 3", Assert.Throws<ShapeException>(() => Ctc.Loss(x, [0, 2], [1, 3], [0, 2])).Message);
    }

    private static MethodInfo[] LossesOf(Type type) => [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.Name == "Loss")];

    // Every tensor has other sizes than the one before it.
    private static object? Argument(ParameterInfo parameter, int place) => parameter switch
    {
        _ when parameter.HasDefaultValue => parameter.DefaultValue,
        _ when parameter.ParameterType == typeof(Tensor) => Tensor.Zeros(2 + (3 * place), 3 + place),
        _ when parameter.ParameterType == typeof(int[]) => (int[])[0],
        _ when parameter.ParameterType == typeof(float[]) => (float[])[1],
        _ => 0.1f,
    };
}
