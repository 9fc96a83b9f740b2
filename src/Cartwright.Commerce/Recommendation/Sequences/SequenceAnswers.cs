using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="ISequenceNetwork"/> with the vectors of all products, and what coming back to a product is worth.</summary>
/// <remarks>score(j) = expected · vector(j) + weight · ln(1 + Σ over the steps on j of decay^(steps back)).</remarks>
internal sealed class SequenceAnswers(ISequenceNetwork network, Tensor vectors, SequenceAnswerOptions options)
{
    /// <summary>[products, hidden]</summary>
    public Tensor Vectors => vectors;

    public SequenceAnswerOptions Options => options;

    public static SequenceAnswers Of(ISequenceNetwork network, int productCount, SequenceAnswerOptions options)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        Tensor all = network.Vectors([.. Enumerable.Range(0, productCount)]);
        return new SequenceAnswers(network, Tensor.Parameter(all.ToArray(), productCount, all.Columns), options);
    }

    public SequenceAnswers With(SequenceAnswerOptions other) => new(network, vectors, other);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        scores.Clear();                                  // an empty history says nothing: all products alike
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        List<Steps> read = [];
        List<int> owners = [];
        for (int i = 0; i < histories.Length; i++)
        {
            if (!histories[i].IsEmpty)
            {
                read.Add(SequenceBatches.Latest(histories[i], options.MaxLength, options.MergesRepeats));
                owners.Add(i);
            }
        }

        SequenceBatch batch = SequenceBatch.Of(read.ToArray(), hasNext: false);
        Tensor last = network.Expected(vectors.TakeRows(batch.History), batch).TakeRows([.. batch.Offsets.Skip(1).Select(end => end - 1)]);
        ReadOnlySpan<float> products = last.MatMul(vectors, transposeY: true).Values;
        int width = vectors.Rows;
        for (int row = 0; row < owners.Count; row++)
        {
            Span<float> own = scores.Slice(owners[row] * width, width);
            products.Slice(row * width, width).CopyTo(own);
            AddRepeats(histories[owners[row]].Products.Span, own);
        }
    }

    private void AddRepeats(ReadOnlySpan<int> history, Span<float> scores)
    {
        if (options.RepeatWeight == 0)
        {
            return;
        }

        var sums = new Dictionary<int, float>();
        float weight = 1;
        for (int i = history.Length - 1; i >= 0; i--)
        {
            sums[history[i]] = sums.GetValueOrDefault(history[i]) + weight;
            weight *= options.RepeatDecay;
        }

        foreach ((int product, float sum) in sums)
        {
            scores[product] += options.RepeatWeight * MathF.Log(1 + sum);
        }
    }
}

/// <summary>How a trained network is asked; a part of every such model's options.</summary>
internal sealed record SequenceAnswerOptions
{
    /// <summary>Longest history read, in steps; older ones are left out.</summary>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 50;

    /// <summary>True where a product twice in a row counts once.</summary>
    public bool MergesRepeats { get; init; }

    /// <summary>What a product of the history gains; below 0 it loses.</summary>
    [Range(-1000.0, 1000.0)]
    public float RepeatWeight { get; init; }

    /// <summary>What a step weighs against the one after it: 1 counts how often, smaller how lately.</summary>
    [Range(0.0, 1.0)]
    public float RepeatDecay { get; init; } = 1;
}
