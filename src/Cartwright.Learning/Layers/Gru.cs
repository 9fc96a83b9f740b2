using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Layers of gated recurrent units: r, z = σ(·), n = tanh(W·x + a + r (U·h + b)), h = (1 − z) n + z h.</summary>
/// <remarks>
/// Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP 2014. As PyTorch and unlike the paper, the reset gate
/// multiplies the product with the state. Weights hold the gates in the order r, z, n.
/// </remarks>
/// <param name="inputSize">Numbers per token.</param>
/// <param name="hiddenSize">Numbers in a state.</param>
/// <param name="random">Draws the first weights, evenly from ±1 / sqrt(hiddenSize).</param>
/// <param name="layerCount">Layers, each reading the one before.</param>
/// <param name="isBidirectional">True where each layer reads from both ends.</param>
/// <param name="dropout">Share dropped between layers in training, 0 to below 1.</param>
public sealed class Gru(int inputSize, int hiddenSize, Random random, int layerCount = 1, bool isBidirectional = false, float dropout = 0)
    : RecurrentLayer(3, inputSize, hiddenSize, random, layerCount, isBidirectional, dropout)
{
    /// <param name="x">[tokens, input], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="hidden">States before the first step: [layers · directions, sequences, hidden]; zeros where it is null.</param>
    public RecurrentOutput Forward(Tensor x, int[] offsets, Tensor? hidden = null) => Run<GruCell>(x, offsets, hidden, null);

    /// <param name="x">[batch, length, input], each sequence filled up behind its end with any finite numbers.</param>
    /// <param name="lengths">Tokens of each sequence, 0 to length.</param>
    /// <param name="hidden">States before the first step: [layers · directions, batch, hidden]; zeros where it is null.</param>
    public RecurrentOutput ForwardPadded(Tensor x, int[] lengths, Tensor? hidden = null) => RunPadded<GruCell>(x, lengths, hidden, null);

    /// <summary>One step of one sequence, for serving: allocates nothing and remembers nothing for a gradient.</summary>
    /// <param name="x">[input]</param>
    /// <param name="hidden">[layers · hidden]: the states before the step, overwritten by those after it. The last layer's are the answer.</param>
    /// <exception cref="InvalidOperationException">The layer reads from both ends.</exception>
    public void Step(ReadOnlySpan<float> x, Span<float> hidden) => StepOnce<GruCell>(x, hidden, []);
}
