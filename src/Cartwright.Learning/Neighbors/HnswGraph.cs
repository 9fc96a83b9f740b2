using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Neighbors;

/// <summary>Vectors and their links, layer by layer; layer 0 has all vectors, each higher one some of those below.</summary>
internal sealed class HnswGraph
{
    private const int MostLayers = 16;

    private readonly float[] _vectors;
    private readonly int _linkCount;
    private readonly int[] _lowest;
    private readonly int[]?[] _higher;

    /// <param name="vectors">[count, width]</param>
    public HnswGraph(float[] vectors, int width, HnswOptions options)
    {
        (_vectors, Width, _linkCount) = (vectors, width, options.LinkCount);
        Count = vectors.Length / width;
        _lowest = new int[Count * ((2 * _linkCount) + 1)];
        _higher = new int[Count][];
        for (int i = 0; i < Count; i++)
        {
            // An exponential distribution: of each layer's vectors one in LinkCount is on the next.
            double chance = ((Seeds.Mix(options.Seed, (ulong)i) >> 11) + 1) * (1.0 / (1UL << 53));
            int layer = Math.Min(MostLayers, (int)(-Math.Log(chance) / Math.Log(_linkCount)));
            _higher[i] = layer == 0 ? null : new int[layer * (_linkCount + 1)];
        }
    }

    public int Count { get; }

    /// <summary>Numbers of a vector as it is kept.</summary>
    public int Width { get; }

    /// <summary>Where every walk begins: a vector of the highest layer.</summary>
    public int Entry { get; set; }

    public int LayerOf(int vector) => (_higher[vector]?.Length ?? 0) / (_linkCount + 1);

    public int MostLinks(int layer) => layer == 0 ? 2 * _linkCount : _linkCount;

    public ReadOnlySpan<float> Vector(int vector) => _vectors.AsSpan(vector * Width, Width);

    public float Similarity(int a, int b) => TensorPrimitives.Dot(Vector(a), Vector(b));

    public ReadOnlySpan<int> Links(int vector, int layer)
    {
        Span<int> slot = Slot(vector, layer);
        return slot.Slice(1, slot[0]);
    }

    public void SetLinks(int vector, int layer, ReadOnlySpan<int> links)
    {
        Span<int> slot = Slot(vector, layer);
        slot[0] = links.Length;
        links.CopyTo(slot[1..]);
    }

    /// <summary>How many links there are, and then the links.</summary>
    private Span<int> Slot(int vector, int layer) => layer == 0
        ? _lowest.AsSpan(vector * ((2 * _linkCount) + 1), (2 * _linkCount) + 1)
        : _higher[vector].AsSpan((layer - 1) * (_linkCount + 1), _linkCount + 1);
}
