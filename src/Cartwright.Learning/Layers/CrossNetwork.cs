using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Products of features of a degree that grows by one with each layer: x ← x₀ ⊙ (W·x + b) + x.</summary>
/// <remarks>The cross network of DCN-V2 with full matrices: Wang et al., "DCN V2: Improved Deep &amp; Cross Network and Practical Lessons for Web-scale
/// Learning to Rank Systems", WWW 2021, section 3.2.</remarks>
/// <param name="size">Numbers per row.</param>
/// <param name="layerCount">Layers, 1 or more: n of them reach products of n + 1 features.</param>
/// <param name="random">Draws the first weights.</param>
public sealed class CrossNetwork(int size, int layerCount, Random random) : Module
{
    private readonly Dense[] _layers =
        [.. Enumerable.Range(0, Ranges.Size(layerCount, nameof(CrossNetwork))).Select(_ => new Dense(Ranges.Size(size, nameof(CrossNetwork)), size, random))];

    protected internal override IEnumerable<Part> Parts => Part.List("layers", _layers);

    /// <param name="x">[rows, size]</param>
    /// <returns>[rows, size]</returns>
    public Tensor Forward(Tensor x)
    {
        ShapeException.Require(x.Rank == 2 && x.Columns == size, $"CrossNetwork takes rows [rows, {size}]; found {x}.");
        Tensor first = x;
        foreach (Dense layer in _layers)
        {
            x = (first * layer.Forward(x)) + x;
        }

        return x;
    }
}
