using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>The verbs of experiments and slots: who gets what, and what came of it.</summary>
/// <param name="catalog">The shop whose purchases are counted.</param>
/// <param name="store">Where experiments and choices are kept.</param>
public sealed class ExperimentDesk(ShopCatalog catalog, IExperimentStore store, TimeProvider clock)
{
    /// <summary>Visitors that are remembered as noted; then all are noted anew, which changes nothing.</summary>
    private const int MostNoted = 100_000;

    /// <summary>Settled choices below which rewards over chances say nothing: one reward at a chance of a third would stand for three.</summary>
    private const int FewestToWeigh = 30;

    /// <summary>Another process may set an experiment: that is looked up no more often than this.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Experiment, string Visitor), bool> _noted = new();
    private volatile Running? _running;

    /// <summary>Sets an experiment.</summary>
    /// <exception cref="ValidationException">It is not what it should be.</exception>
    public async Task<ExperimentsResponse> PutExperimentAsync(PutExperimentRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Experiment? before = (await store.ListExperimentsAsync(cancellationToken)).FirstOrDefault(one => one.Id == request.Experiment.Id);
        if (before is not null && !before.Arms.SequenceEqual(request.Experiment.Arms))
        {
            throw new ValidationException($"Experiment '{before.Id}' has other arms, and shoppers are assigned to them. Give the new one another id.");
        }

        await store.PutExperimentAsync(request.Experiment, cancellationToken);
        _running = null;
        return await ExperimentsAsync(new ExperimentsRequest { ExperimentId = request.Experiment.Id }, cancellationToken);
    }

    /// <summary>Lists experiments with what they say so far.</summary>
    /// <exception cref="NotFoundException">The one that was asked for is not there.</exception>
    public async Task<ExperimentsResponse> ExperimentsAsync(ExperimentsRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var results = new List<ExperimentResult>();
        LiveShop live = await catalog.LiveAsync(cancellationToken);
        foreach (Experiment experiment in request.ExperimentId is { } id ? [await FindAsync(id, cancellationToken)] : await store.ListExperimentsAsync(cancellationToken))
        {
            IReadOnlyList<Assignment> assigned = await store.ListAssignmentsAsync(experiment.Id, cancellationToken);
            results.Add(Result(experiment, assigned, experiment.Outcome == ExperimentOutcome.Recorded ? assigned : Bought(experiment, assigned, live)));
        }

        return new ExperimentsResponse(results);
    }

    /// <summary>Which arm a shopper gets.</summary>
    /// <exception cref="NotFoundException">There is no such experiment.</exception>
    public async Task<AssignResponse> AssignAsync(AssignRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Experiment experiment = await FindAsync(request.ExperimentId, cancellationToken);
        string arm = ArmOf(experiment, request.ShopperId);
        if (experiment.Enabled)
        {
            arm = (await store.AssignAsync(experiment.Id, new Assignment(request.ShopperId, arm, clock.GetUtcNow(), Value: null), cancellationToken)).Arm;
        }

        return new AssignResponse(arm, experiment.Arms.First(one => one.Id == arm).Version);
    }

    /// <summary>Which version of a slice's model a visitor gets while an experiment of its versions runs, the first by id where there are several. Asking assigns them.</summary>
    /// <param name="visitor">A shopper's id, or a session's for somebody who is not signed in.</param>
    /// <returns>Null where none runs, or where the store can't be asked: an answer to a shopper does not wait for an experiment.</returns>
    public async ValueTask<string?> VersionForAsync(string slice, string visitor, CancellationToken cancellationToken = default)
    {
        try
        {
            if ((await RunningAsync(cancellationToken)).FirstOrDefault(one => one.Slice == slice) is not { } experiment)
            {
                return null;
            }

            string arm = ArmOf(experiment, visitor);   // what stands in the store, since arms never change
            if (!_noted.ContainsKey((experiment.Id, visitor)))
            {
                await store.AssignAsync(experiment.Id, new Assignment(visitor, arm, clock.GetUtcNow(), Value: null), cancellationToken);
                if (_noted.Count >= MostNoted)
                {
                    _noted.Clear();
                }

                _noted[(experiment.Id, visitor)] = true;
            }

            return experiment.Arms.First(one => one.Id == arm).Version;
        }
        catch (StorageException)
        {
            return null;
        }
    }

    /// <summary>The versions of a slice's model that experiments try now.</summary>
    public async ValueTask<IReadOnlyList<string>> ListVersionsAsync(string slice, CancellationToken cancellationToken = default) =>
        [.. (await RunningAsync(cancellationToken)).Where(one => one.Slice == slice).SelectMany(one => one.Arms).Select(arm => arm.Version).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Lets go of a visitor who is forgotten.</summary>
    internal void Forget(string visitor) => Array.ForEach([.. _noted.Keys.Where(noted => noted.Visitor == visitor)], noted => _noted.TryRemove(noted, out _));

    /// <summary>Says what came of a shopper.</summary>
    /// <exception cref="NotFoundException">There is no such experiment, or the shopper was not assigned.</exception>
    /// <exception cref="ValidationException">The experiment counts purchases.</exception>
    public async Task<RecordResponse> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        Experiment experiment = await FindAsync(request.ExperimentId, cancellationToken);
        return experiment.Outcome != ExperimentOutcome.Recorded
            ? throw new ValidationException($"Experiment '{experiment.Id}' counts purchases, which the shop knows by itself.")
            : new RecordResponse(await store.RecordAsync(experiment.Id, request.ShopperId, request.Value, cancellationToken)
                ?? throw new NotFoundException($"Shopper '{request.ShopperId}' was not assigned in experiment '{experiment.Id}'. Ask 'assign' before."));
    }

    /// <summary>Puts a challenger that won into service.</summary>
    /// <exception cref="NotFoundException">There is no such experiment.</exception>
    /// <exception cref="ValidationException">Its arms are no versions.</exception>
    public async Task<PromoteResponse> PromoteAsync(PromoteRequest request, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        ExperimentResult result = (await ExperimentsAsync(new ExperimentsRequest { ExperimentId = request.ExperimentId }, cancellationToken)).Experiments[0];
        if (result.Experiment.Slice is not { } slice)
        {
            throw new ValidationException($"The arms of experiment '{request.ExperimentId}' are no versions of a model.");
        }

        ArmResult? best = result.RatioChance < SampleRatio.Alarm ? null : result.Arms.Where(arm => arm.Low > 0).MaxBy(arm => arm.Difference);
        if (best is null)
        {
            return new PromoteResponse(null, null, result.Verdict);
        }

        string version = result.Experiment.Arms.First(arm => arm.Id == best.Arm).Version!;
        await verbs.DoAsync(new VerbCall(slice, "activate", new System.Text.Json.Nodes.JsonObject { ["version"] = version }.ToJsonString()), progress: null, cancellationToken);
        await store.PutExperimentAsync(result.Experiment with { Enabled = false }, cancellationToken);
        _running = null;
        return new PromoteResponse(best.Arm, version, result.Verdict);
    }

    /// <summary>Sets a slot.</summary>
    public async Task<SlotsResponse> PutSlotAsync(PutSlotRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        await store.PutSlotAsync(request.Slot, cancellationToken);
        return await SlotsAsync(new SlotsRequest(), cancellationToken);
    }

    /// <summary>Lists slots.</summary>
    public async Task<SlotsResponse> SlotsAsync(SlotsRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return new SlotsResponse([.. (await store.ListSlotsAsync(clock.GetUtcNow(), cancellationToken)).Select(Result)]);
    }

    /// <summary>Which thing to show in a slot.</summary>
    /// <exception cref="NotFoundException">There is no such slot.</exception>
    /// <exception cref="ValidationException">A named arm is not one of the slot's.</exception>
    public async Task<ChooseResponse> ChooseAsync(ChooseRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        DateTimeOffset now = clock.GetUtcNow();
        Choice choice = await store.ChooseAsync(request.SlotId, now, counts => Choose(request, counts, now), cancellationToken)
            ?? throw new NotFoundException($"There is no slot '{request.SlotId}'. 'cartwright automation slots' lists them.");
        return new ChooseResponse(choice.Id, choice.Arm, choice.Propensity, choice.Chances);
    }

    /// <summary>Says what a choice came to.</summary>
    /// <exception cref="NotFoundException">There is no such choice.</exception>
    public async Task<RewardResponse> RewardAsync(RewardRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return new RewardResponse(await store.RewardAsync(request.ChoiceId, request.Value, cancellationToken)
            ?? throw new NotFoundException($"There is no choice '{request.ChoiceId}'."));
    }

    /// <summary>The arm of a shopper: a hash of both names, so that it is the same on every machine and says nothing of any other experiment.</summary>
    internal static string ArmOf(Experiment experiment, string shopper)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{experiment.Id}\n{shopper}"));
        double at = BitConverter.ToUInt32(hash) / (uint.MaxValue + 1.0);
        foreach (ExperimentArm arm in experiment.Arms)
        {
            at -= arm.Share;
            if (at < 0)
            {
                return arm.Id;
            }
        }

        return experiment.Arms[^1].Id;
    }

    private static Choice Choose(ChooseRequest request, SlotCounts counts, DateTimeOffset now)
    {
        if (request.Arms?.FirstOrDefault(arm => !counts.Slot.Arms.Contains(arm, StringComparer.Ordinal)) is { } stranger)
        {
            throw new ValidationException($"Slot '{counts.Slot.Id}' has no arm '{stranger}'; it has {string.Join(", ", counts.Slot.Arms)}.");
        }

        bool[] allowed = [.. counts.Arms.Select(arm => request.Arms?.Contains(arm.Arm, StringComparer.Ordinal) ?? true)];
        (double[] chances, int chosen) = ThompsonSampling.Choose(counts, allowed);
        long number = counts.ChoiceCount + 1;
        return new Choice(string.Create(CultureInfo.InvariantCulture, $"{counts.Slot.Id}-{number}"), number, now, request.ShopperId, counts.Arms[chosen].Arm, chances[chosen],
            [.. counts.Arms.Zip(chances, (arm, chance) => new ArmChance(arm.Arm, chance))]);
    }

    private static SlotResult Result(SlotCounts counts)
    {
        (double[] chances, _) = ThompsonSampling.Choose(counts, [.. counts.Arms.Select(_ => true)]);
        long settled = counts.Arms.Sum(arm => arm.Settled);
        return new SlotResult(counts.Slot, counts.ChoiceCount, [.. counts.Arms.Select((arm, i) =>
        {
            (double mean, double low, double high) = ThompsonSampling.Belief(arm);
            return new SlotArm(arm.Arm, arm.Chosen, mean, low, high, settled < FewestToWeigh ? null : arm.Weighted / settled, chances[i]);
        })]);
    }

    /// <summary>Those whose days are over, in the order in which they ended, with whether they bought.</summary>
    private IReadOnlyList<Assignment> Bought(Experiment experiment, IReadOnlyList<Assignment> assigned, LiveShop live)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var within = TimeSpan.FromDays(experiment.WithinDays);
        return [.. assigned.OrderBy(of => of.At).Select(of => of.At + within > now ? of : of with
        {
            Value = live.ShopperHistory(of.ShopperId).Concat(live.SessionHistory(of.ShopperId)).Any(act => act.Kind == InteractionKind.Purchase && act.At >= of.At && act.At <= of.At + within) ? 1 : 0,
        })];
    }

    internal static ExperimentResult Result(Experiment experiment, IReadOnlyList<Assignment> assigned, IReadOnlyList<Assignment> outcomes)
    {
        string[] arms = [.. experiment.Arms.Select(arm => arm.Id)];
        long[] shoppers = [.. arms.Select(arm => assigned.LongCount(of => of.Arm == arm))];
        var sums = new ArmSum[arms.Length];
        foreach (Assignment of in outcomes)
        {
            if (of.Value is { } value && Array.IndexOf(arms, of.Arm) is var i and >= 0)
            {
                sums[i] = sums[i].With(value);
            }
        }

        double error = experiment.Error / (arms.Length - 1);              // all comparisons together
        ArmResult[] results = [.. arms.Select((arm, i) =>
        {
            (double Low, double High)? interval = i == 0 ? null : ConfidenceSequence.Difference(sums[0], sums[i], error);
            return new ArmResult(arm, shoppers[i], sums[i].Count, sums[i].Count == 0 ? null : sums[i].Mean,
                i == 0 || sums[0].Count == 0 || sums[i].Count == 0 ? null : sums[i].Mean - sums[0].Mean, interval?.Low, interval?.High);
        })];
        double ratio = SampleRatio.Chance(shoppers, [.. experiment.Arms.Select(arm => arm.Share)]);
        return new ExperimentResult(experiment, results, ratio, Verdict(results, ratio));
    }

    private static string Verdict(ArmResult[] arms, double ratio)
    {
        if (ratio < SampleRatio.Alarm)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The arms do not have the shares they should have (chance {ratio:0.0000}): something loses shoppers of one. Find that first; the rest can't be believed.");
        }

        ArmResult[] better = [.. arms.Where(arm => arm.Low > 0)], worse = [.. arms.Where(arm => arm.High < 0)];
        return better.Length > 0 ? $"{string.Join(", ", better.Select(arm => arm.Arm))} {(better.Length == 1 ? "is" : "are")} better than {arms[0].Arm}."
            : worse.Length == arms.Length - 1 ? $"{arms[0].Arm} is best."
            : arms.Skip(1).Any(arm => arm.Low is null) ? $"Too early to say: each arm needs {ConfidenceSequence.FewestPerArm} shoppers whose outcome is known."
            : "No difference can be told yet. Go on, or be content that it is small.";
    }

    private async ValueTask<IReadOnlyList<Experiment>> RunningAsync(CancellationToken cancellationToken)
    {
        Running? known = _running;
        if (known is not null)
        {
            var looking = new Running(known.Experiments, clock.GetTimestamp());
            if (clock.GetElapsedTime(known.ReadAt) < LookInterval || Interlocked.CompareExchange(ref _running, looking, known) != known)
            {
                return known.Experiments;   // One looks; the others don't wait.
            }

            known = looking;
        }

        var read = new Running([.. (await store.ListExperimentsAsync(cancellationToken)).Where(one => one.Enabled)], clock.GetTimestamp());
        Interlocked.CompareExchange(ref _running, read, known);   // unless one was set meanwhile
        return read.Experiments;
    }

    private async Task<Experiment> FindAsync(string id, CancellationToken cancellationToken) =>
        (await store.ListExperimentsAsync(cancellationToken)).FirstOrDefault(one => one.Id == id)
            ?? throw new NotFoundException($"There is no experiment '{id}'. 'cartwright automation experiments' lists them.");

    /// <param name="Experiments">Those that assign, by id.</param>
    private sealed record Running(IReadOnlyList<Experiment> Experiments, long ReadAt);
}
