using System.Reflection;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;
using Module = Cartwright.Learning.Layers.Module;

namespace Cartwright.Learning.Tests.Layers;

/// <summary>What every layer says to sizes and shapes that it can't work with.</summary>
public sealed class LayerErrorTests
{
    /// <summary>Layers whose error speaks of what they compute.</summary>
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(Dense)] = "dense layer", [typeof(LayerNorm)] = "Layer normalization", [typeof(RmsNorm)] = "Root mean square normalization",
        [typeof(BatchNorm)] = "Batch normalization", [typeof(Conv1d)] = "convolution", [typeof(Conv2d)] = "convolution",
        [typeof(ConvTranspose1d)] = "convolution", [typeof(ConvTranspose2d)] = "convolution", [typeof(MaxPool1d)] = "pool",
        [typeof(MaxPool2d)] = "pool", [typeof(AveragePool1d)] = "pool", [typeof(AveragePool2d)] = "pool",
        [typeof(AdaptiveMaxPool1d)] = "pool", [typeof(AdaptiveAveragePool1d)] = "pool",
        [typeof(AdaptiveMaxPool2d)] = "pool", [typeof(AdaptiveAveragePool2d)] = "pool",
    };

    /// <summary>Numbers out of the range of almost everything, and where they are within it all the same.</summary>
    private static readonly (string Layer, string Parameter, double Value)[] Allowed =
    [
        ("EmbeddingBag", "count", 0),
        ("MaxPool1d", "stride", 0), ("AveragePool1d", "stride", 0), ("MaxPool1d", "padding", 0), ("AveragePool1d", "padding", 0),
        ("Embedding", "deviation", 0), ("EmbeddingBag", "deviation", 0), ("LearnedPositions", "deviation", 0),
        ("MultiHeadAttention", "dropout", 0), ("TransformerBlock", "dropout", 0), ("Dropout", "rate", 0),
        ("Elman", "dropout", 0), ("Lstm", "dropout", 0), ("Gru", "dropout", 0),
    ];

    public static TheoryData<string> Layers => LayerFamilyTests.Layers;

    [Theory, MemberData(nameof(Layers))]
    public void Says_in_plain_words_which_input_it_takes(string layer)
    {
        (LayerFamilyTests.Sample sample, Module module) = LayerFamilyTests.Make(layer);
        string[] names = [.. module.GetType().GetMethods().SelectMany(method => method.GetParameters()).Select(parameter => parameter.Name!)];
        int refused = 0;
        if (module is Embedding or EmbeddingBag)
        {
            return;      // take ids, of which the shape here says only how many
        }

        foreach (int[] shape in WrongShapes([3, .. sample.Input]))
        {
            if (Record.Exception(() => sample.Forward(module, Tensor.Zeros(shape))) is not { } error)
            {
                continue;
            }

            PlainWords.Assert(error, names);
            refused++;
            if (module is not SpectralNorm)      // is asked here with a product behind it
            {
                Assert.Contains(Words.GetValueOrDefault(module.GetType(), layer), error.Message, StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.True(refused > 0 || module is Dropout, $"{layer} takes every shape.");
    }

    [Theory, MemberData(nameof(Layers))]
    public void Refuses_numbers_that_it_can_not_be_made_with(string layer)
    {
        ConstructorInfo constructor = typeof(Module).Assembly.GetType($"{typeof(Dense).Namespace}.{layer}")!.GetConstructors().Single();
        ParameterInfo[] parameters = constructor.GetParameters();
        object?[] sound = [.. parameters.Select(Sound)];
        _ = constructor.Invoke(sound);
        for (int i = 0; i < parameters.Length; i++)
        {
            foreach (object wrong in Wrong(layer, parameters[i], sound[i]))
            {
                object?[] arguments = [.. sound];
                arguments[i] = wrong;
                Exception? error = Record.Exception(() => constructor.Invoke(arguments))?.InnerException;

                Assert.True(error is not null, $"{layer} was made with {parameters[i].Name} {wrong}.");
                PlainWords.Assert(error, [.. parameters.Select(parameter => parameter.Name!), "hiddenSize", "outputSize", "inputSize"]);
                if (wrong is not int.MaxValue)
                {
                    Assert.Contains(layer, error.Message);
                }
            }
        }
    }

    [Theory]
    [InlineData(typeof(Conv1d)), InlineData(typeof(Conv2d)), InlineData(typeof(ConvTranspose1d)), InlineData(typeof(ConvTranspose2d))]
    public void Refuses_convolutions_that_move_nowhere_or_split_their_channels_unevenly(Type layer)
    {
        foreach (ConvOptions options in (ConvOptions[])[
            new() { Stride = 0 }, new() { Stride = -1 }, new() { Dilation = 0 }, new() { Padding = -1 }, new() { Groups = 0 }, new() { Groups = 3 },
            new() { OutputPadding = 1 }])
        {
            ConstructorInfo constructor = layer.GetConstructors().Single();
            object?[] arguments = [.. constructor.GetParameters().Select(parameter => parameter.Name == "options" ? options : Sound(parameter))];

            PlainWords.Assert(Record.Exception(() => constructor.Invoke(arguments))!.InnerException!);
        }
    }

    [Fact]
    public void Refuses_attention_heads_that_do_not_divide_the_width_and_odd_ones_that_are_to_be_turned()
    {
        ArgumentException uneven = Assert.Throws<ArgumentException>(() => new MultiHeadAttention(8, 3, 0, new Random(1)));
        ArgumentException odd = Assert.Throws<ArgumentException>(() => new TransformerBlock(6, 2, 8, 0, new Random(1), hasRotaryPositions: true));

        Assert.Contains("3 does not divide 8", uneven.Message);
        Assert.Contains("pairs", odd.Message);
    }

    [Fact]
    public void Names_the_id_that_a_table_does_not_have_and_its_place()
    {
        var embedding = new Embedding(5, 2, new Random(1));
        var bag = new EmbeddingBag(0, 2, new Random(1));

        Assert.Equal("Id 7 at position 1 is not in the table: its rows have the ids 0 to 4.",
            Assert.Throws<ShapeException>(() => embedding.Forward([4, 7])).Message);
        Assert.Equal("Id 0 at position 0 is not in the table: it has no rows.", Assert.Throws<ShapeException>(() => bag.Forward([0], [0, 1])).Message);
        Assert.Contains("'offsets' starts with 0", Assert.Throws<ShapeException>(() => bag.Forward([], [-1, 0])).Message);
        Assert.Equal(0, bag.Forward([], [0, 0]).Values[1]);
    }

    [Fact]
    public void A_step_of_a_recurrent_layer_says_how_long_its_states_are()
    {
        var layer = new Lstm(3, 4, new Random(1), layerCount: 2);

        Assert.Contains("Lstm takes 3 numbers; found 2", Assert.Throws<ShapeException>(() => layer.Step(new float[2], new float[8], new float[8])).Message);
        Assert.Contains("state of 8 numbers", Assert.Throws<ShapeException>(() => layer.Step(new float[3], new float[4], new float[8])).Message);
        Assert.Contains("memory as long", Assert.Throws<ShapeException>(() => layer.Step(new float[3], new float[8], [])).Message);
    }

    /// <summary>One more or none along each axis, an axis too many and one too few, and no axis at all.</summary>
    private static IEnumerable<int[]> WrongShapes(int[] shape)
    {
        for (int axis = 1; axis < shape.Length; axis++)
        {
            yield return [.. shape[..axis], shape[axis] + 1, .. shape[(axis + 1)..]];
            yield return [.. shape[..axis], 0, .. shape[(axis + 1)..]];
        }

        yield return [.. shape, 2];
        yield return shape[..^1];
        yield return [];
    }

    private static object? Sound(ParameterInfo parameter) => parameter.ParameterType switch
    {
        _ when parameter.HasDefaultValue && parameter.DefaultValue is not null => parameter.DefaultValue,
        Type type when type == typeof(int) => parameter.Name is "headCount" or "layerCount" or "expansion" ? 2 : 4,
        Type type when type == typeof(float) => 0.1f,
        Type type when type == typeof(Random) => new Random(1),
        Type type when type == typeof(Extent) => new Extent(2, 2),
        Type type when type == typeof(Margins) => default(Margins),
        Type type when type == typeof(DeepCrossOptions) => new DeepCrossOptions { InputSize = 4 },
        _ => null,
    };

    private static IEnumerable<object> Wrong(string layer, ParameterInfo parameter, object? sound)
    {
        bool hasNoEnd = parameter.Name == "layerCount" || (layer.Contains("Pool1d", StringComparison.Ordinal) && parameter.Name != "padding");
        return sound switch
        {
            int => ((int[])[0, -1, .. hasNoEnd ? (int[])[] : [int.MaxValue]])
                .Where(value => !Allowed.Contains((layer, parameter.Name!, value))).Cast<object>()
                .Where(value => parameter.Name != "stride" || value is not int.MaxValue),
            float => ((float[])[0, -1, float.NaN, float.PositiveInfinity]).Where(value => !Allowed.Contains((layer, parameter.Name!, value))).Cast<object>(),
            Extent => [new Extent(0, 2), new Extent(2, -1)],
            Margins => [new Margins(-1, 0, 0, 0), new Margins(0, 0, 0, 3)],
            DeepCrossOptions options => [
                options with { InputSize = 0 }, options with { CrossCount = 0 }, options with { HiddenSizes = [3, 0] }, options with { Dropout = 1 },
                options with { Dropout = float.NaN }],
            _ => [],
        };
    }
}
