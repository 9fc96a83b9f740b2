using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation.Protocols;

namespace Cartwright.Commerce.Evaluation;

/// <summary>The ways to hold out interactions, by name.</summary>
public static class RankingProtocols
{
    public static IReadOnlyList<string> Names { get; } =
        ["leave-one-out", "session-split", "random-75", "folds", "split-file", "time-split"];

    /// <summary>The kinds that say what a shop's evaluation should be about: purchases, else ratings, else views, clicks and carts.</summary>
    public static IReadOnlySet<InteractionKind> KindsOf(Snapshot snapshot)
    {
        InteractionKind[] kinds = snapshot.Interactions.Kind;
        return kinds.Contains(InteractionKind.Purchase) ? new HashSet<InteractionKind> { InteractionKind.Purchase }
            : kinds.Contains(InteractionKind.Rating) ? new HashSet<InteractionKind> { InteractionKind.Rating }
            : new HashSet<InteractionKind> { InteractionKind.View, InteractionKind.Click, InteractionKind.Cart };
    }

    /// <summary>Passes where a protocol can cut what a shop keeps: an official split stands in a shop folder alone.</summary>
    /// <exception cref="ValidationException">It needs one.</exception>
    internal static void RequireNoOfficialSplit(string protocol)
    {
        if (protocol is "session-split" or "folds" or "split-file")
        {
            throw new ValidationException($"'{protocol}' needs a split.csv, which the shop's own data does not have: name a shop folder that has one, or use 'leave-one-out' or 'time-split'.");
        }
    }

    /// <summary>Cuts a shop by a protocol.</summary>
    /// <param name="kinds">Interactions of other kinds are left out.</param>
    /// <returns>One split; several for "folds".</returns>
    /// <exception cref="ValidationException">No such protocol, or the data lacks what it needs.</exception>
    public static IReadOnlyList<RankingSplit> Cut(string protocol, Snapshot snapshot, IReadOnlySet<InteractionKind> kinds, int seed)
    {
        NearMiss.Require("protocol", protocol, Names);
        Sequences sequences = protocol == "session-split"
            ? SequenceReader.BySession(snapshot, kinds)
            : SequenceReader.ByShopper(snapshot, kinds, merged: false);
        IReadOnlyList<RankingSplit> splits = protocol switch
        {
            "leave-one-out" => [LeaveOneOut.Cut(sequences)],
            "session-split" => [SessionSplit.Cut(sequences, snapshot.Split)],
            "random-75" => [RandomSplit.Cut(sequences, seed)],
            "folds" => Folds.Cut(sequences, snapshot.Split, seed),
            "split-file" => [SplitFile.Cut(sequences, snapshot.Split)],
            _ => [TimeSplit.Cut(sequences, snapshot.Info)],
        };
        return splits.Any(split => split.Test.Cases.Count > 0) ? splits
            : throw new ValidationException($"'{protocol}' leaves nothing to test on: the data has {sequences.Count:N0} "
                + $"{(protocol == "session-split" ? "sessions" : "shoppers")} with {sequences.StepCount:N0} steps "
                + $"of kind {string.Join(", ", kinds).ToLowerInvariant()}.");
    }

    /// <summary>Cuts training data and test data that come from two shop folders: see <see cref="NextBasket"/>. With "session-split" every
    /// session of the test folder is tested as a whole.</summary>
    /// <returns>The products of both, the training data's first, and the split over them.</returns>
    public static (IReadOnlyList<Product> Products, RankingSplit Split) Cut(string protocol, Snapshot data, Snapshot test,
        IReadOnlySet<InteractionKind> kinds)
    {
        NearMiss.Require("protocol", protocol, Names);
        if (protocol == "time-split" && !data.Info.HasRealTimes)
        {
            throw new ValidationException($"'time-split' needs real times, and the times of '{data.Info.Name}' only keep the order of events.");
        }

        Product[] products = [.. data.Products, .. test.Products.Where(p => data.ProductIndex(p.Id) == Snapshot.None)];
        int next = data.Products.Count;
        int[] numbers = [.. test.Products.Select(p => data.ProductIndex(p.Id)).Select(known => known == Snapshot.None ? next++ : known)];
        if (protocol == "session-split")
        {
            Sequences sessions = Renumber(SequenceReader.BySession(test, kinds), numbers);
            return (products, SessionSplit.Cut(SequenceReader.BySession(data, kinds), sessions));
        }

        Sequences later = Renumber(SequenceReader.ByShopper(test, kinds, merged: false), numbers);
        return (products, NextBasket.Cut(SequenceReader.ByShopper(data, kinds, merged: false), data, later, test));
    }

    private static Sequences Renumber(Sequences sequences, int[] numbers) => new()
    {
        Start = sequences.Start,
        Product = [.. sequences.Product.Select(p => numbers[p])],
        Kind = sequences.Kind,
        At = sequences.At,
        Value = sequences.Value,
        Owner = sequences.Owner,
        Row = sequences.Row,
    };
}
