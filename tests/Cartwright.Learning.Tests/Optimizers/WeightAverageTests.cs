using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;

namespace Cartwright.Learning.Tests.Optimizers;

public sealed class WeightAverageTests
{
    [Fact]
    public void Follows_its_formula_and_forgets_the_first_weights_quickly()
    {
        Dense layer = new(3, 2, new Random(1));
        WeightAverage average = new(layer, memory: 0.5f);
        double expected = layer.Weight.Values[0];

        for (int step = 0; step < 20; step++)
        {
            layer.Weight.Output.Fill(step);
            double memory = Math.Min(0.5, (1.0 + step) / (10 + step));
            expected = (memory * expected) + ((1 - memory) * step);
            average.Update();
        }

        average.Swap();
        Assert.Equal(expected, layer.Weight.Values[0], 1e-5);
    }

    [Fact]
    public void Swapping_twice_puts_both_back_to_the_bit()
    {
        Dense layer = new(3, 2, new Random(1));
        WeightAverage average = new(layer);
        layer.Weight.Output.Fill(7);
        average.Update();
        float[] own = layer.Weight.ToArray();

        average.Swap();
        float[] averaged = layer.Weight.ToArray();
        average.Swap();

        Assert.NotEqual(own, averaged);
        Assert.Equal(own, layer.Weight.ToArray());
        average.Swap();
        Assert.Equal(averaged, layer.Weight.ToArray());
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_swapped_once()
    {
        Shared model = new();
        WeightAverage average = new(model);
        model.Layer.Weight.Output.Fill(7);

        average.Swap();

        Assert.Equal(new Dense(3, 2, new Random(1)).Weight.ToArray(), model.Layer.Weight.ToArray());
    }

    private sealed class Shared : Module
    {
        public Dense Layer { get; } = new(3, 2, new Random(1), hasBias: false);

        protected internal override IEnumerable<Part> Parts => [new("first", Layer), new("second", Layer)];
    }

    [Fact]
    public void Goes_on_from_a_saved_state()
    {
        Dense layer = new(3, 2, new Random(1));
        WeightAverage first = new(layer, memory: 0.9f);
        layer.Weight.Output.Fill(2);
        first.Update();

        WeightAverage second = new(layer, memory: 0.9f);
        second.LoadState(first.SaveState());
        layer.Weight.Output.Fill(3);
        first.Update();
        second.Update();

        Assert.Equal(first.StepCount, second.StepCount);
        Assert.Equal(first.SaveState()["average.weight"].ToArray(), second.SaveState()["average.weight"].ToArray());
    }

    [Fact]
    public void Refuses_to_learn_or_save_while_swapped_in_and_the_state_of_another_model()
    {
        Dense layer = new(3, 2, new Random(1));
        WeightAverage average = new(layer);
        WeightAverage other = new(new Dense(4, 2, new Random(1)));

        Assert.Throws<ShapeException>(() => average.LoadState(other.SaveState()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightAverage(layer, memory: 1));
        average.Swap();
        Assert.Throws<InvalidOperationException>(average.Update);
        Assert.Throws<InvalidOperationException>(average.SaveState);
    }
}
