using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Values policies by what others earned.</summary>
/// <param name="exposures">What the shop itself left to chance.</param>
public sealed class PolicyJudge(ShopCatalog catalog, IExposureStore exposures, TimeProvider clock)
{
    /// <summary>What another policy would have earned, from a log of choices whose chances are known.</summary>
    /// <exception cref="ValidationException">The log can't be read, or nothing names the policy; it says what to do.</exception>
    /// <exception cref="ImportFormatException">A file is missing or damaged.</exception>
    public async Task<OffPolicyResponse> OffPolicyAsync(OffPolicyRequest request, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        progress?.Report(new RunProgress("reading the log", 0, 0, "rows"));
        if (request.Log is { } path)
        {
            return await Task.Run(() => OfTable(Table.Read(path, cancellationToken), request, cancellationToken), cancellationToken);
        }

        Exposure[] settled = await SettledAsync(request, cancellationToken);
        LiveShop shop = await catalog.LiveAsync(cancellationToken);
        return await Task.Run(() => OfShop(shop, settled, request, cancellationToken), cancellationToken);
    }

    /// <summary>Refuses what the shop has nothing to value by, before anything waits for its turn.</summary>
    /// <exception cref="ValidationException">Nothing was left to chance, or its rewards are still to come; or a policy is named for a log that is not.</exception>
    public async Task CheckAsync(OffPolicyRequest request, CancellationToken cancellationToken = default)
    {
        if (request.Log is null)
        {
            _ = await SettledAsync(request, cancellationToken);
        }
    }

    /// <summary>What the shop itself showed by chance, long enough ago for its rewards.</summary>
    private async Task<Exposure[]> SettledAsync(OffPolicyRequest request, CancellationToken cancellationToken)
    {
        if (request.Policy is not null || request.PolicyLog is not null)
        {
            throw new ValidationException("--policy and --policy-log name a policy for a log in a file: name the log too, with --log <csv>.");
        }

        if (request.Target != "model")
        {
            throw new ValidationException("From the shop's own lists only 'model' can be valued: what they would have held without chance. For another policy give a log with --log <csv>.");
        }

        IReadOnlyList<Exposure> shown = await exposures.ListExposuresAsync(cancellationToken);
        DateTimeOffset until = clock.GetUtcNow() - TimeSpan.FromHours(request.RewardHours);
        Exposure[] settled = [.. shown.Where(exposure => exposure.At <= until)];
        return settled.Length > 0 ? settled : throw new ValidationException(shown.Count == 0
            ? "The shop has left nothing to chance yet. Set a pipeline with \"exploration\": 'cartwright recommendation set-pipeline --file pipeline.json', or give a log with --log <csv>."
            : FormattableString.Invariant($"What was shown by chance is younger than {request.RewardHours:N0} hours, so its rewards are still to come. Ask later, or with a smaller --reward-hours."));
    }

    private static OffPolicyResponse OfTable(Table table, OffPolicyRequest request, CancellationToken cancellationToken)
    {
        if (request is { Policy: not null, PolicyLog: not null })
        {
            throw new ValidationException("Name the policy once: its chances with --policy <csv>, or a log of it with --policy-log <csv>.");
        }

        BanditLog log = BanditLog.Of(table, request, needsPropensity: true);
        BanditLog? onPolicy = request.PolicyLog is null ? null : BanditLog.Of(Table.Read(request.PolicyLog, cancellationToken), request, needsPropensity: false);
        TargetPolicy policy = onPolicy is not null ? TargetPolicy.Counted(log, onPolicy, out log)
            : request.Policy is { } chances ? TargetPolicy.Written(log, Table.Read(chances, cancellationToken), request, out log)
            : request.Target == "random" ? TargetPolicy.Random(log)
            : throw new ValidationException("Nothing says which policy to value. Give its chances with --policy <csv>, a log of it with --policy-log <csv>, or --target random for each action alike.");
        return PolicyValue.Estimate(log, policy, onPolicy, request.Clip, request.Seed, cancellationToken);
    }

    private static OffPolicyResponse OfShop(LiveShop shop, Exposure[] rows, OffPolicyRequest request, CancellationToken cancellationToken)
    {
        (string[] actions, int[] numbers) = BanditLog.Numbered(new TableColumn("product", [.. rows.Select(row => row.ProductId), .. rows.Select(row => row.ModelProductId)]));
        (string[] owners, int[] owner) = BanditLog.Numbered(new TableColumn("owner", [.. rows.Select(row => row.ShopperId is { } id ? $"shopper {id}" : $"session {row.SessionId}")]));
        var rewards = new ExposureRewards(shop, TimeSpan.FromHours(request.RewardHours));
        (string[] places, int[] place) = BanditLog.Numbered(new TableColumn("place", [.. rows.Select(row => FormattableString.Invariant($"{row.Place}"))]));
        var log = new BanditLog
        {
            Name = FormattableString.Invariant($"lists explored for {owners.Length:N0} visitors"),
            Actions = actions,
            Positions = places,
            Action = numbers[..rows.Length],
            Position = place,
            Reward = [.. rows.Select(row => rewards.Of(row))],
            Propensity = [.. rows.Select(row => row.Propensity)],
            Group = owner,
        };
        return PolicyValue.Estimate(log, TargetPolicy.Choosing("model", numbers[rows.Length..]), null, request.Clip, request.Seed, cancellationToken);
    }
}
