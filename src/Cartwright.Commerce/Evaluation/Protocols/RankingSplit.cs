using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation.Protocols;

/// <summary>A shop's sequences cut into what trains, what validates and what tests.</summary>
public sealed record RankingSplit(Sequences Train, RankingCases Validation, RankingCases Test)
{
    /// <summary>Training and validation steps together, for a model to learn from once its options are chosen; null where a protocol says that validation steps never train.</summary>
    public Sequences? Whole { get; init; }

    /// <summary>Cuts by a label on every step. Each sequence with validation (test) steps gives one validation (test) case,
    /// whose targets are those steps' products.</summary>
    /// <param name="parts">One label per step of <paramref name="sequences"/>.</param>
    /// <param name="excludesHistory">See <see cref="RankingCases.ExcludesHistory"/>.</param>
    /// <param name="onlyKnown">True where a sequence without a step before its targets gives no case.</param>
    internal static RankingSplit Cut(Sequences sequences, ReadOnlySpan<StepPart> parts, bool excludesHistory, bool onlyKnown)
    {
        var validation = new List<RankingCase>();
        var test = new List<RankingCase>();
        for (int s = 0; s < sequences.Count; s++)
        {
            Steps steps = sequences.StepsOf(s);
            ReadOnlySpan<StepPart> labels = parts[sequences.Start[s]..sequences.Start[s + 1]];
            AddCase(validation, s, Pick(steps, labels, StepPart.Train), Pick(steps, labels, StepPart.Validation), onlyKnown);
            AddCase(test, s, Pick(steps, labels, StepPart.Train, StepPart.Validation), Pick(steps, labels, StepPart.Test), onlyKnown);
        }

        return new RankingSplit(Keep(sequences, parts, StepPart.Train),
            new RankingCases { Cases = validation, ExcludesHistory = excludesHistory },
            new RankingCases { Cases = test, ExcludesHistory = excludesHistory })
        {
            Whole = Keep(sequences, parts, StepPart.Train, StepPart.Validation),
        };
    }

    /// <summary>The sequences without the steps of other parts; a sequence that keeps no step goes.</summary>
    internal static Sequences Keep(Sequences sequences, ReadOnlySpan<StepPart> parts, params ReadOnlySpan<StepPart> wanted)
    {
        var start = new List<int> { 0 };
        var owners = new List<SequenceOwner>();
        var kept = new List<int>();
        for (int s = 0; s < sequences.Count; s++)
        {
            for (int step = sequences.Start[s]; step < sequences.Start[s + 1]; step++)
            {
                if (wanted.Contains(parts[step]))
                {
                    kept.Add(step);
                }
            }

            if (kept.Count > start[^1])
            {
                start.Add(kept.Count);
                owners.Add(sequences.Owner[s]);
            }
        }

        return new Sequences
        {
            Start = [.. start],
            Product = [.. kept.Select(step => sequences.Product[step])],
            Kind = [.. kept.Select(step => sequences.Kind[step])],
            At = [.. kept.Select(step => sequences.At[step])],
            Value = sequences.Value.Length == 0 ? [] : [.. kept.Select(step => sequences.Value[step])],
            Owner = [.. owners],
            Row = sequences.Row.Length == 0 ? [] : [.. kept.Select(step => sequences.Row[step])],
        };
    }

    /// <summary>True where fewer than 1 % of the steps come back to a product that the sequence has had: then a product in the
    /// history is no sensible answer.</summary>
    internal static bool RarelyRepeats(Sequences sequences)
    {
        var seen = new HashSet<int>();
        long repeats = 0;
        for (int s = 0; s < sequences.Count; s++)
        {
            seen.Clear();
            foreach (int product in sequences.ProductsOf(s))
            {
                repeats += seen.Add(product) ? 0 : 1;
            }
        }

        return repeats * 100 < sequences.StepCount;
    }

    private static void AddCase(List<RankingCase> cases, int owner, Steps history, Steps targets, bool onlyKnown)
    {
        if (!targets.IsEmpty && (!history.IsEmpty || !onlyKnown))
        {
            cases.Add(RankingCase.Of(owner, history, targets));
        }
    }

    private static Steps Pick(Steps steps, ReadOnlySpan<StepPart> labels, params ReadOnlySpan<StepPart> wanted)
    {
        var picked = new List<int>(steps.Count);
        for (int i = 0; i < labels.Length; i++)
        {
            if (wanted.Contains(labels[i]))
            {
                picked.Add(i);
            }
        }

        return steps.Only(CollectionsMarshal.AsSpan(picked));
    }
}

/// <summary>What a step is used for.</summary>
internal enum StepPart : byte
{
    Train,
    Validation,
    Test,

    /// <summary>Left out.</summary>
    None,
}

internal static class StepParts
{
    /// <param name="part">A part of <c>split.csv</c>, or null.</param>
    public static StepPart Named(string? part) => part switch
    {
        "train" => StepPart.Train,
        "valid" => StepPart.Validation,
        "test" => StepPart.Test,
        _ => StepPart.None,
    };
}
