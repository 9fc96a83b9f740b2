using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class SasRecPlusTests
{
    private static readonly ContentBags Bags = new(ProductContent.Of(
        [.. "abcdef".Select((id, i) => new Product { Id = id.ToString(), Tags = [i < 3 ? "new" : "old"], Price = i == 5 ? null : 1 << i })]));

    [Fact]
    public void After_one_step_of_a_session_it_expects_what_was_met_and_scores_are_cosines_by_the_temperature()
    {
        ISequenceNetwork network = Network(isConsistent: true, readsTimes: false);
        Tensor vectors = network.Vectors([2]);

        Tensor expected = network.Expected(vectors, SequenceBatch.Of([new[] { 2 }], hasNext: false));

        float[] all = network.Vectors([0, 1, 2, 3, 4, 5]).ToArray();
        for (int product = 0; product < 6; product++)
        {
            float[] vector = all[(product * 8)..((product + 1) * 8)];
            float cosine = TensorPrimitives.CosineSimilarity(vector, vectors.Values);
            Assert.Equal(cosine / 0.1f, TensorPrimitives.Dot(expected.Values, vector), 1e-3f);
        }
    }

    [Fact]
    public void After_two_steps_of_a_session_it_expects_a_mean_of_both()
    {
        ISequenceNetwork network = Network(isConsistent: true, readsTimes: false);
        Tensor vectors = network.Vectors([1, 4]);

        float[] expected = network.Expected(vectors, SequenceBatch.Of([new[] { 1, 4 }], hasNext: false)).ToArray()[8..];

        // In the plane of both and between them: its angles to both add up to the angle from one to the other.
        float[] first = vectors.ToArray()[..8], second = vectors.ToArray()[8..];
        double Angle(float[] x, float[] y) => Math.Acos(Math.Min(1, TensorPrimitives.CosineSimilarity(x, y)));
        Assert.Equal(Angle(first, second), Angle(first, expected) + Angle(expected, second), 1e-3);
    }

    [Fact]
    public void The_time_between_steps_changes_what_is_expected_where_times_are_read()
    {
        Steps fast = new() { Products = new[] { 1, 4 }, At = new[] { 0L, 1_000_000 } };
        Steps slow = fast with { At = new[] { 0L, 1_000_000L * 86_400 } };

        Assert.NotEqual(Expected(fast, readsTimes: true), Expected(slow, readsTimes: true));
        Assert.Equal(Expected(fast, readsTimes: false), Expected(slow, readsTimes: false));

        static float[] Expected(Steps steps, bool readsTimes)
        {
            ISequenceNetwork network = Network(isConsistent: false, readsTimes);
            return network.Expected(network.Vectors([1, 4]), SequenceBatch.Of([steps], hasNext: false)).ToArray();
        }
    }

    [Fact]
    public void A_price_level_stands_behind_the_other_values_of_a_product()
    {
        (int[] values, int[] offsets) = Bags.Of([0, 4, 5]);

        Assert.Equal(2 + PriceLevels.Count, Bags.Count);
        Assert.Equal([0, 2, 4, 5], offsets);
        Assert.Equal([0, 1, 1], [values[0], values[2], values[4]]);
        Assert.True(values[1] >= 2 && values[3] > values[1]);
    }

    private static SasRecPlus Network(bool isConsistent, bool readsTimes) => new(new SasRecPlusOptions
    {
        ProductCount = 6,
        ContentCount = Bags.Count,
        HiddenSize = 8,
        IsConsistent = isConsistent,
        ReadsTimes = readsTimes,
        Temperature = 0.1f,
    }, Bags, new Random(3))
    {
        IsTraining = false,
    };
}
