using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Neighbors;

/// <summary>Puts vectors into a graph, batch by batch (algorithms 1 and 4).</summary>
/// <remarks>
/// The vectors of a batch look for neighbors in the graph before it and among those of the batch that stand before them, all at once; then
/// links back are set, each vector's by one thread. A batch is an eighth of what is there, at most 512: whatever the threads, the same graph.
/// </remarks>
internal sealed class HnswBuilder(HnswGraph graph, HnswOptions options)
{
    private const int LargestBatch = 512;
    private const int BatchPart = 8;

    private readonly ConcurrentBag<HnswWalk> _walks = [];

    public void Build(CancellationToken cancellationToken)
    {
        for (int start = Math.Min(1, graph.Count); start < graph.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Math.Clamp(start / BatchPart, 1, LargestBatch), graph.Count - start);
            var chosen = new int[count][][];
            ParallelWork.For(count, new Choosing(this, start, chosen));
            Link(start, chosen);
            for (int i = start; i < start + count; i++)
            {
                graph.Entry = graph.LayerOf(i) > graph.LayerOf(graph.Entry) ? i : graph.Entry;
            }

            start += count;
        }
    }

    /// <summary>Neighbors of a new vector: [layer], nearest first.</summary>
    private int[][] Choose(int vector, int start, HnswWalk walk)
    {
        int layers = graph.LayerOf(vector), top = graph.LayerOf(graph.Entry);
        var chosen = new int[layers + 1][];
        ReadOnlySpan<float> query = graph.Vector(vector);
        walk.Begin(query);
        for (int layer = top; layer > layers; layer--)
        {
            walk.WalkLayer(query, layer, breadth: 1);
        }

        var candidates = new List<(float Similarity, int Index)>(options.BuildBreadth + LargestBatch);
        for (int layer = layers; layer >= 0; layer--)
        {
            candidates.Clear();
            if (layer <= top)
            {
                walk.WalkLayer(query, layer, options.BuildBreadth);
                candidates.AddRange(walk.Nearest);
            }

            for (int mate = start; mate < vector; mate++)
            {
                if (graph.LayerOf(mate) >= layer)
                {
                    candidates.Add((graph.Similarity(vector, mate), mate));
                }
            }

            chosen[layer] = Select(candidates, options.LinkCount);
        }

        return chosen;
    }

    /// <summary>Algorithm 4: of the candidates, nearest first, those that are nearer to the vector than to any that was taken; then the nearest of the others.</summary>
    private int[] Select(List<(float Similarity, int Index)> candidates, int count)
    {
        candidates.Sort((a, b) => SimilarityHeap.IsBetter(a, b) ? -1 : a == b ? 0 : 1);
        int[] taken = new int[Math.Min(count, candidates.Count)];
        int takenCount = 0;
        Span<int> pruned = stackalloc int[taken.Length];
        int prunedCount = 0;
        int looked = Math.Min(candidates.Count, options.BuildBreadth);
        for (int c = 0; c < looked && takenCount < taken.Length; c++)
        {
            (float similarity, int index) = candidates[c];
            bool isApart = true;
            for (int t = 0; t < takenCount && isApart; t++)
            {
                isApart = similarity > graph.Similarity(index, taken[t]);
            }

            if (isApart)
            {
                taken[takenCount++] = index;
            }
            else if (prunedCount < pruned.Length)
            {
                pruned[prunedCount++] = index;
            }
        }

        for (int p = 0; p < prunedCount && takenCount < taken.Length; p++)
        {
            taken[takenCount++] = pruned[p];
        }

        return takenCount == taken.Length ? taken : taken[..takenCount];
    }

    private void Link(int start, int[][][] chosen)
    {
        var back = new List<(int Layer, int To, int From)>(chosen.Length * options.LinkCount);
        for (int i = 0; i < chosen.Length; i++)
        {
            for (int layer = 0; layer < chosen[i].Length; layer++)
            {
                graph.SetLinks(start + i, layer, chosen[i][layer]);
                foreach (int neighbor in chosen[i][layer])
                {
                    back.Add((layer, neighbor, start + i));
                }
            }
        }

        back.Sort();
        var groups = new List<int>();
        for (int i = 0; i < back.Count; i++)
        {
            if (i == 0 || (back[i].Layer, back[i].To) != (back[i - 1].Layer, back[i - 1].To))
            {
                groups.Add(i);
            }
        }

        groups.Add(back.Count);
        ParallelWork.For(groups.Count - 1, new LinkingBack(this, back, groups));
    }

    /// <summary>Adds links to a vector; where they are too many, they are chosen anew among all.</summary>
    private void LinkBack(ReadOnlySpan<(int Layer, int To, int From)> links)
    {
        (int layer, int vector, _) = links[0];
        ReadOnlySpan<int> before = graph.Links(vector, layer);
        int most = graph.MostLinks(layer);
        var all = new List<(float Similarity, int Index)>(before.Length + links.Length);
        foreach (int neighbor in before)
        {
            all.Add((graph.Similarity(vector, neighbor), neighbor));
        }

        foreach ((_, _, int from) in links)
        {
            all.Add((graph.Similarity(vector, from), from));
        }

        graph.SetLinks(vector, layer, all.Count <= most ? [.. all.Select(link => link.Index)] : Select(all, most));
    }

    private readonly struct Choosing(HnswBuilder builder, int start, int[][][] chosen) : IWorkItem
    {
        public void Run(int index)
        {
            if (!builder._walks.TryTake(out HnswWalk? walk))
            {
                walk = builder.NewWalk();
            }

            chosen[index] = builder.Choose(start + index, start, walk);
            builder._walks.Add(walk);
        }
    }

    private readonly struct LinkingBack(HnswBuilder builder, List<(int Layer, int To, int From)> back, List<int> groups) : IWorkItem
    {
        public void Run(int index) => builder.LinkBack(CollectionsMarshal.AsSpan(back)[groups[index]..groups[index + 1]]);
    }

    private HnswWalk NewWalk() => new(graph);
}
