using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Benchmarks.Training;

/// <summary>A shop's steps, cut for a training that holds nothing back to choose an epoch by, and in the form that the peers read.</summary>
internal sealed class PeerData
{
    private readonly Snapshot _snapshot;
    private readonly IReadOnlySet<InteractionKind> _kinds;
    private readonly RankingSplit _split;

    private PeerData(Snapshot snapshot, string protocol)
    {
        _snapshot = snapshot;
        _kinds = RankingProtocols.KindsOf(snapshot);
        _split = RankingProtocols.Cut(protocol, snapshot, _kinds, seed: 1)[0];
        Comparison = new ModelComparison(snapshot.Products, snapshot.Info.HasRealTimes, TimeProvider.System);
    }

    public ModelComparison Comparison { get; }

    public RankingSplit Split => _split;

    /// <summary>All epochs are trained, as the peers do.</summary>
    public TrainingData Training => Comparison.TrainingDataOf(_split) with { Validation = _split.Validation with { Cases = [] } };

    public static async Task<PeerData> ReadAsync(string folder, string protocol) =>
        new((await ShopFolder.ReadSnapshotAsync(folder)).Snapshot, protocol);

    /// <summary>Sequences, or steps that have a next one.</summary>
    public int Count(bool sequences) => sequences ? _split.Train.Count : _split.Train.StepCount - _split.Train.Count;

    /// <summary>All steps of every shopper, "user item" a line, both from 1: the peer holds out the last two of each itself.</summary>
    public void WriteShoppers(string path)
    {
        Sequences all = SequenceReader.ByShopper(_snapshot, _kinds, merged: false);
        using var writer = new StreamWriter(path);
        for (int s = 0; s < all.Count; s++)
        {
            foreach (int product in all.ProductsOf(s))
            {
                writer.Write($"{s + 1} {product + 1}\n");
            }
        }
    }

    /// <summary>Sessions to train on and sessions to test on, with times that only keep their order.</summary>
    public void WriteSessions(string train, string test)
    {
        int at = 0;
        using (StreamWriter writer = Begin(train))
        {
            foreach (int s in Enumerable.Range(0, _split.Train.Count).OrderBy(s => _split.Train.At[_split.Train.Start[s]]))
            {
                Write(writer, s, _split.Train.ProductsOf(s), ref at);
            }
        }

        using StreamWriter tested = Begin(test);
        foreach (IGrouping<int, RankingCase> session in _split.Test.Cases.GroupBy(c => c.Owner))
        {
            RankingCase longest = session.MaxBy(c => c.History.Count);
            Write(tested, _split.Train.Count + session.Key, [.. longest.History.Products.Span, longest.Targets.Span[0]], ref at);
        }
    }

    private static StreamWriter Begin(string path)
    {
        var writer = new StreamWriter(path);
        writer.Write("SessionId\tItemId\tTime\n");
        return writer;
    }

    private static void Write(StreamWriter writer, int session, ReadOnlySpan<int> products, ref int at)
    {
        foreach (int product in products)
        {
            writer.Write($"{session}\t{product}\t{at++}\n");
        }
    }
}
