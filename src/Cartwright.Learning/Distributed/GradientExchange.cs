using System.Collections.Concurrent;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Distributed;

/// <summary>Adds up the gradients of all ranks while the backward pass is still under way.</summary>
/// <remarks>
/// A rank's loss is the mean over its part of the batch; weighted by the share of examples it has, the sum over ranks is the gradient
/// of the mean over the whole batch. Weights travel in buckets of about <see cref="BucketSize"/> numbers, in the order in which the
/// first step finished them on rank 0, so that the first bucket leaves while later gradients are computed. Li et al., "PyTorch
/// Distributed: Experiences on Accelerating Data Parallel Training", VLDB 2020. A table of which a step touches some rows sends these
/// rows only, after the backward.
/// </remarks>
internal sealed class GradientExchange : IDisposable
{
    /// <summary>Numbers in a bucket: 1 MB, large enough that the network's latency does not count.</summary>
    private const int BucketSize = 1 << 18;

    private readonly ProcessGroup _group;
    private readonly Tensor[] _weights;
    private readonly Dictionary<Tensor, int> _indexes;
    private readonly List<int> _finished = [];
    private readonly BlockingCollection<GradientBucket> _toSend = [];
    private readonly Thread _sender;
    private GradientBucket[]? _buckets;
    private int _sentCount;
    private int[] _rows = [];
    private float[] _values = [];

    /// <summary>Gives every rank the weights of rank 0.</summary>
    public GradientExchange(ProcessGroup group, Module model)
    {
        _group = group;
        _weights = [.. model.Parameters().Select(p => p.Value)];
        _indexes = _weights.Index().ToDictionary(w => w.Item, w => w.Index);
        foreach (Tensor weight in _weights)
        {
            group.Broadcast(weight.Output);
        }

        _sender = new Thread(Send) { IsBackground = true, Name = "Cartwright gradients" };
        _sender.Start();
    }

    /// <summary>What the ranks know of a step together before its backward pass.</summary>
    /// <param name="Loss">Mean over the examples of all ranks; 0 where there are none.</param>
    /// <param name="Factor">This rank's share of the examples.</param>
    /// <param name="IsStopping">True where any rank was asked to stop.</param>
    public readonly record struct Meeting(double Loss, float Factor, bool IsStopping);

    /// <param name="loss">Mean over this rank's examples.</param>
    /// <param name="examples">How many those are; 0 or more.</param>
    /// <param name="isStopping">True where this rank was asked to stop.</param>
    /// <exception cref="DistributedException">A rank was lost.</exception>
    public Meeting Meet(Tensor loss, double examples, bool isStopping)
    {
        Span<double> sums = [examples, examples == 0 ? 0 : examples * loss.Item(), isStopping ? 1 : 0];
        _group.Sum(sums);
        return sums[0] == 0
            ? new Meeting(0, 0, sums[2] > 0)
            : new Meeting(sums[1] / sums[0], (float)(examples / sums[0]), sums[2] > 0);
    }

    /// <summary>Runs the backward pass; all gradients, with what earlier passes left in them, become their sums over the ranks.</summary>
    /// <param name="loss">This rank's loss times its <see cref="Meeting.Factor"/>.</param>
    /// <exception cref="DistributedException">A rank was lost.</exception>
    public void Backward(Tensor loss)
    {
        _sentCount = 0;
        foreach (GradientBucket bucket in _buckets ?? [])
        {
            bucket.Begin();
        }

        loss.Backward(WhenFinished);
        if (_buckets is null)
        {
            ExchangeOneByOne(_weights);
            _buckets = Arrange();
        }
        else
        {
            CompleteBuckets(_buckets);
        }
    }

    public void Dispose()
    {
        _toSend.CompleteAdding();
        _sender.Join();
        _toSend.Dispose();
        foreach (GradientBucket bucket in _buckets ?? [])
        {
            bucket.Dispose();
        }
    }

    private void WhenFinished(Tensor weight)
    {
        if (!_indexes.TryGetValue(weight, out int index))
        {
            return;
        }

        if (_buckets is null)
        {
            _finished.Add(index);
            return;
        }

        foreach (GradientBucket bucket in _buckets)
        {
            if (bucket.TryFill(weight))
            {
                break;
            }
        }

        while (_sentCount < _buckets.Length && _buckets[_sentCount].IsFull)
        {
            _toSend.Add(_buckets[_sentCount++]);
        }
    }

    private void CompleteBuckets(GradientBucket[] buckets)
    {
        // What the loss did not depend on this time has no gradient here, and perhaps one elsewhere.
        foreach (GradientBucket bucket in buckets)
        {
            bucket.FillRest();
        }

        while (_sentCount < buckets.Length)
        {
            _toSend.Add(buckets[_sentCount++]);
        }

        foreach (GradientBucket bucket in buckets)
        {
            bucket.Take();
        }

        ExchangeOneByOne(_weights.Where(weight => !Array.Exists(buckets, bucket => bucket.Contains(weight))));
    }

    private void Send()
    {
        foreach (GradientBucket bucket in _toSend.GetConsumingEnumerable())
        {
            bucket.Send(_group);
        }
    }

    /// <summary>Buckets of the weights whose gradient was dense on some rank.</summary>
    private GradientBucket[] Arrange()
    {
        int[] order = [.. _finished.Union(Enumerable.Range(0, _weights.Length))];
        _group.Broadcast(order.AsSpan());
        List<GradientBucket> buckets = [];
        List<Tensor> members = [];
        foreach (int index in order)
        {
            if (_weights[index].Storage is { HasGradient: true, TouchedRows: null })
            {
                members.Add(_weights[index]);
                if (members.Sum(weight => weight.Length) >= BucketSize)
                {
                    buckets.Add(new GradientBucket([.. members]));
                    members.Clear();
                }
            }
        }

        return members.Count == 0 ? [.. buckets] : [.. buckets, new GradientBucket([.. members])];
    }

    private void ExchangeOneByOne(IEnumerable<Tensor> weights)
    {
        Tensor[] all = [.. weights];
        int[] kinds = [.. all.Select(KindOf)];
        _group.Max(kinds);
        for (int i = 0; i < all.Length; i++)
        {
            if (kinds[i] == Dense)
            {
                _group.Sum(all[i].Storage.Gradient);
                _ = all[i].Storage.GradientToFill(out _);              // dense from now on, whatever it was here
            }
            else if (kinds[i] == SomeRows)
            {
                ExchangeRows(all[i]);
            }
        }
    }

    private const int Nothing = 0, SomeRows = 1, Dense = 2;

    private static int KindOf(Tensor weight) => weight.Storage switch
    {
        { HasGradient: false } => Nothing,
        { TouchedRows: null } => Dense,
        { TouchedRows.Rows.Length: 0 } => Nothing,
        _ => SomeRows,
    };

    private void ExchangeRows(Tensor weight)
    {
        int columns = weight.Columns;
        Span<int> counts = stackalloc int[_group.Size];
        Span<int> valueCounts = stackalloc int[_group.Size];
        RowGradient? own = weight.Storage.TouchedRows;
        _group.Gather(own is null ? [] : own.Rows, ref _rows, counts);
        _group.Gather(own is null ? [] : own.Values, ref _values, valueCounts);

        // Rank after rank, so that every rank rounds alike.
        weight.Storage.ClearGradient();
        int total = Sum(counts);
        weight.Storage.AddToRows(_rows.AsSpan(0, total), _values.AsSpan(0, total * columns), columns);
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        int sum = 0;
        foreach (int count in counts)
        {
            sum += count;
        }

        return sum;
    }
}
