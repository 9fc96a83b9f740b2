using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Optimizers;

/// <summary>What all optimizers do alike: groups, limits on gradients, refusals, resumption.</summary>
public sealed class OptimizerTests
{
    private static readonly Dictionary<string, Func<Module, Optimizer>> Optimizers = new()
    {
        ["sgd"] = model => new Sgd(model, new SgdOptions { Momentum = 0.9f, WeightDecay = 0.1f }),
        ["adagrad"] = model => new Adagrad(model, new AdagradOptions { WeightDecay = 0.1f }),
        ["adagrad with momentum"] = model => new Adagrad(model, new AdagradOptions { Momentum = 0.5f, WeightDecay = 0.1f }),
        ["rms prop"] = model => new RmsProp(model, new RmsPropOptions { WeightDecay = 0.1f }),
        ["adam"] = model => new Adam(model, new AdamOptions { WeightDecay = 0.1f }),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Fact]
    public void A_group_has_a_rate_and_a_decay_of_its_own()
    {
        Dense layer = Ones();
        Sgd optimizer = new(layer, new SgdOptions
        {
            LearningRate = 0.5f,
            WeightDecay = 0.25f,
            Groups = [new ParameterGroup { Holds = (name, _) => name == "weight", LearningRateFactor = 0.1f }, ParameterGroup.WithoutDecay],
        });
        GiveGradient(layer, 2);

        optimizer.Step();

        Assert.All(layer.Weight.ToArray(), weight => Assert.Equal(1 - (0.05f * (2 + 0.25f)), weight, 1e-6f));
        Assert.All(layer.Bias!.ToArray(), bias => Assert.Equal(1 - (0.5f * 2), bias, 1e-6f));
    }

    [Fact]
    public void A_factor_of_0_leaves_weights_as_they_are()
    {
        Dense layer = Ones();
        Adam optimizer = new(layer, new AdamOptions { WeightDecay = 0.5f, Groups = [new ParameterGroup { Holds = (_, _) => true, LearningRateFactor = 0 }] });
        GiveGradient(layer, 2);

        optimizer.Step();

        Assert.All(layer.Weight.ToArray(), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void Gradients_are_held_between_limits()
    {
        Dense layer = Ones();
        Sgd optimizer = new(layer, new SgdOptions());
        (layer.Weight * Tensor.From([5, -5, 0.25f, 0, 1, -1], 2, 3)).Sum().Backward();

        optimizer.ClipGradientValues(0.5f);

        Assert.Equal([0.5f, -0.5f, 0.25f, 0, 0.5f, -0.5f], layer.Weight.Gradient.ToArray());
    }

    [Fact]
    public void Gradients_are_shortened_to_a_length_together()
    {
        Dense layer = Ones();
        Sgd optimizer = new(layer, new SgdOptions());
        GiveGradient(layer, 3);
        double norm = optimizer.GradientNorm();

        double before = optimizer.ClipGradients(0.75);

        Assert.Equal(3 * Math.Sqrt(8), norm, 1e-5);
        Assert.Equal(norm, before);
        Assert.Equal(0.75, optimizer.GradientNorm(), 1e-6);
    }

    [Theory, MemberData(nameof(Names))]
    public void Goes_on_from_a_saved_state_as_if_nothing_had_happened(string name)
    {
        Dense whole = Ones();
        Optimizer uninterrupted = Optimizers[name](whole);
        Dense layer = Ones();
        Optimizer first = Optimizers[name](layer);
        Take(uninterrupted, whole, [1, 2, 3, 4]);
        Take(first, layer, [1, 2]);

        Optimizer second = Optimizers[name](layer);
        second.LoadState(first.SaveState());
        Take(second, layer, [3, 4]);

        Assert.Equal(whole.Weight.ToArray(), layer.Weight.ToArray());
        Assert.Equal(4, second.StepCount);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        Dense layer = Ones();

        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(layer, new SgdOptions { LearningRate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(layer, new SgdOptions { Momentum = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(layer, new AdamOptions { Beta2 = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(layer, new AdagradOptions { WeightDecay = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(layer, new AdagradOptions { Momentum = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(layer, new AdagradOptions { InitialSum = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(layer, new RmsPropOptions { Epsilon = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(layer, new SgdOptions
        {
            Groups = [new ParameterGroup { Holds = (_, _) => true, WeightDecay = -1 }],
        }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(layer, new SgdOptions()).ClipGradientValues(0));
    }

    private static Dense Ones()
    {
        Dense layer = new(3, 2, new Random(1));
        layer.Weight.Output.Fill(1);
        layer.Bias!.Output.Fill(1);
        return layer;
    }

    private static void Take(Optimizer optimizer, Dense layer, float[] gradients)
    {
        foreach (float gradient in gradients)
        {
            GiveGradient(layer, gradient);
            optimizer.Step();
        }
    }

    private static void GiveGradient(Dense layer, float gradient) =>
        ((layer.Weight.Sum() * gradient) + (layer.Bias!.Sum() * gradient)).Backward();

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Rates_and_bounds_that_are_none_are_refused(float value)
    {
        Sgd optimizer = new(new Dense(2, 2, new Random(1)), new SgdOptions());

        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.LearningRate = value);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.ClipGradients(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.ClipGradientValues(value));
    }
}
