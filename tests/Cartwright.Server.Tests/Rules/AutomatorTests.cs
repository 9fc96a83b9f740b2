using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using ProposalsRequest = Cartwright.Commerce.Pricing.ProposalsRequest;
using Cartwright.Commerce.Runs;

namespace Cartwright.Server.Tests.Rules;

public sealed class AutomatorTests
{
    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_does_nothing()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        SortedDictionary<string, string> before = await shop.ValuesAsync();

        RunResponse dry = await shop.RunAsync(mode: RuleMode.DryRun);

        Assert.NotEmpty(dry.Changes);
        Assert.All(dry.Changes, change => Assert.Equal(ChangeState.DryRun, change.State));
        Assert.Equal(before, await shop.ValuesAsync());
        Assert.Empty((await shop.Shop.PriceSetter.ProposalsAsync(new ProposalsRequest())).Proposals);
    }

    [Fact]
    public async Task A_live_run_changes_prices_and_writes_down_each_with_before_after_and_why()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);

        RunResponse run = await shop.RunAsync();

        Assert.Equal(RuleOutcome.Done, run.Run.Outcome);
        Assert.NotEmpty(run.Changes);
        foreach (AutomationChange change in run.Changes)
        {
            Assert.Equal(ChangeState.Done, change.State);
            Assert.Equal(change.After, $"{(await shop.Shop.Catalog.FindProductAsync(change.Subject)).Price:0.00}");
            Assert.NotEqual("", change.Why);
            ChangesResponse one = await shop.Automation.ChangesAsync(new ChangesRequest { ChangeId = change.Id });
            Assert.Equal([ChangeState.Applying, ChangeState.Done], one.Steps.Select(step => step.State));
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1)]
    public async Task A_price_says_what_it_brings_with_the_currency_and_no_interval_where_the_stock_is_the_limit(int stock)
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        foreach (Product product in (await shop.Shop.Catalog.LiveAsync()).ListedProducts.ToArray())
        {
            await shop.Shop.Catalog.PutProductAsync(product with { Stock = stock });
        }

        await shop.PutAsync(RuleShop.Prices);

        RunResponse run = await shop.RunAsync(mode: RuleMode.DryRun);

        Assert.NotEmpty(run.Changes);
        Assert.All(run.Changes, change =>
        {
            Assert.Matches(@"^Expected to bring [+-]?\d+\.\d\d USD a day \((80 %: [+-]?[\d.]+ to [+-]?[\d.]+|the stock is the limit, however much is wanted)\)", change.Why);
            Assert.DoesNotMatch(@"([+-]?\d+\.\d\d) to \1\b", change.Why);
        });
        Assert.True(stock > 1 || run.Changes.All(change => change.Why.Contains("the stock is the limit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Undo_brings_back_exactly_what_was()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        SortedDictionary<string, string> before = await shop.ValuesAsync();
        for (int i = 0; i < 3; i++)
        {
            await shop.RunAsync();
            shop.Clock.Now += TimeSpan.FromHours(1);
        }

        Assert.NotEqual(before, await shop.ValuesAsync());
        await shop.Automation.UndoAsync(new UndoRequest { RuleId = "prices" }, shop.Verbs);

        Assert.Equal(before, await shop.ValuesAsync());
        Assert.All(await shop.ChangesAsync(), change => Assert.Equal(ChangeState.Undone, change.State));
    }

    [Fact]
    public async Task What_somebody_changed_since_is_not_undone()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        AutomationChange change = (await shop.RunAsync()).Changes[0];
        Product product = await shop.Shop.Catalog.FindProductAsync(change.Subject);
        await shop.Shop.Catalog.PutProductAsync(product with { Price = 77 });

        await Assert.ThrowsAsync<ValidationException>(() => shop.Automation.UndoAsync(new UndoRequest { ChangeIds = [change.Id] }, shop.Verbs));

        Assert.Equal(77, (await shop.Shop.Catalog.FindProductAsync(change.Subject)).Price);
        Assert.Equal(ChangeState.Done, (await shop.Automation.ChangesAsync(new ChangesRequest { ChangeId = change.Id })).Changes[0].State);
    }

    [Fact]
    public async Task Changes_that_need_a_word_wait_and_an_approval_makes_them()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices with { Approval = new RuleApproval { Kind = ApprovalKind.Always } });
        SortedDictionary<string, string> before = await shop.ValuesAsync();
        IReadOnlyList<AutomationChange> waiting = (await shop.RunAsync()).Changes;
        Assert.All(waiting, change => Assert.Equal(ChangeState.Waiting, change.State));
        Assert.Equal(before, await shop.ValuesAsync());

        await shop.Automation.ApproveAsync(new ApproveRequest { ChangeIds = [waiting[0].Id] }, shop.Verbs);
        await shop.Automation.RejectAsync(new RejectRequest { ChangeIds = [waiting[1].Id] });

        Assert.Equal(waiting[0].After, $"{(await shop.Shop.Catalog.FindProductAsync(waiting[0].Subject)).Price:0.00}");
        Assert.Equal(waiting[1].Before, $"{(await shop.Shop.Catalog.FindProductAsync(waiting[1].Subject)).Price:0.00}");
        await Assert.ThrowsAsync<ValidationException>(() => shop.Automation.ApproveAsync(new ApproveRequest { ChangeIds = [waiting[1].Id] }, shop.Verbs));
    }

    [Fact]
    public async Task A_rule_runs_once_for_one_firing_however_many_ask()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);

        RunResponse[] runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.RunAsync(firing: "at 2026-03-01T10:00Z")));

        Assert.Single(runs.Select(run => run.Run.Id).Distinct());
        Assert.Single(await shop.Automation.ListRunsAsync(100));
    }

    [Fact]
    public async Task While_stopped_nothing_happens_and_undo_still_works()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        SortedDictionary<string, string> first = await shop.ValuesAsync();
        await shop.RunAsync();
        SortedDictionary<string, string> before = await shop.ValuesAsync();
        int changes = (await shop.ChangesAsync()).Count;
        await shop.Automation.StopAsync(new StopRequest { Why = "stocktaking" });

        RunResponse run = await shop.RunAsync();

        Assert.Equal(RuleOutcome.Stopped, run.Run.Outcome);
        Assert.Contains("stocktaking", run.Run.Summary, StringComparison.Ordinal);
        Assert.Equal(before, await shop.ValuesAsync());
        Assert.Equal(changes, (await shop.ChangesAsync()).Count);
        await shop.Automation.UndoAsync(new UndoRequest { RuleId = "prices" }, shop.Verbs);
        Assert.Equal(first, await shop.ValuesAsync());
        await shop.Automation.ResumeAsync(new ResumeRequest());
        Assert.Equal(RuleOutcome.Done, (await shop.RunAsync()).Run.Outcome);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task No_limit_is_ever_exceeded(int seed)
    {
        var random = new Random(seed);
        await using RuleShop shop = await RuleShop.OpenAsync();
        var limits = new RuleLimits { MostChangesPerRun = 1 + random.Next(6), MostChangesPerDay = 1 + random.Next(12), MostShare = 0.01 + (0.1 * random.NextDouble()) };
        var kind = (ApprovalKind)random.Next(3);
        await shop.PutAsync(RuleShop.Prices with { Limits = limits, Approval = new RuleApproval { Kind = kind, Share = 0.03 } });

        for (int hour = 0; hour < 20; hour++)
        {
            SortedDictionary<string, string> before = await shop.ValuesAsync();
            RunResponse run = await shop.RunAsync();
            SortedDictionary<string, string> after = await shop.ValuesAsync();
            Assert.InRange(before.Count(of => after[of.Key] != of.Value), 0, limits.MostChangesPerRun);
            string[] waiting = [.. run.Changes.Where(change => change.State == ChangeState.Waiting).Select(change => change.Id)];
            if (waiting.Length > 0 && random.Next(2) == 0)
            {
                try
                {
                    await shop.Automation.ApproveAsync(new ApproveRequest { ChangeIds = waiting }, shop.Verbs);
                }
                catch (ValidationException)
                {
                    // The day's limit; nothing was changed.
                }
            }

            shop.Clock.Now += TimeSpan.FromHours(3);
        }

        AutomationChange[] done = [.. (await shop.ChangesAsync()).Where(change => change.DoneAt is not null)];
        Assert.NotEmpty(done);
        Assert.All(done, change => Assert.InRange(Math.Abs(change.Share!.Value), 0, limits.MostShare.Value + 1e-9));
        Assert.All(done.GroupBy(change => change.DoneAt!.Value.UtcDateTime.Date), day => Assert.InRange(day.Count(), 1, limits.MostChangesPerDay));
        Assert.All(done, change => Assert.True(kind != ApprovalKind.Above || Math.Abs(change.Share!.Value) <= 0.03 || change.State == ChangeState.Done));
    }

    [Fact]
    public async Task Every_change_of_the_shop_is_in_the_journal_and_nothing_else_is()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices with { Limits = new RuleLimits { MostChangesPerRun = 5 } });
        var random = new Random(8);
        for (int hour = 0; hour < 8; hour++)
        {
            SortedDictionary<string, string> before = await shop.ValuesAsync();
            RunResponse run = await shop.RunAsync(mode: random.Next(3) == 0 ? RuleMode.DryRun : RuleMode.Live);
            SortedDictionary<string, string> after = await shop.ValuesAsync();

            string[] changed = [.. before.Where(of => after[of.Key] != of.Value).Select(of => of.Key).Order(StringComparer.Ordinal)];
            Assert.Equal(changed, run.Changes.Where(change => change.State == ChangeState.Done && change.Before != change.After).Select(change => change.Subject).Order(StringComparer.Ordinal));
            Assert.All(changed, id => Assert.StartsWith(run.Changes.First(change => change.Subject == id).Before!, before[id], StringComparison.Ordinal));
            shop.Clock.Now += TimeSpan.FromHours(5);
        }
    }

    [Fact]
    public async Task Conditions_keep_a_rule_from_running_and_history_says_when_they_would_have()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices with { When = new RuleTrigger { Cron = "0 5 * * *" }, If = [new RuleCondition { Measure = "units-per-day", AtLeast = 1_000 }] });

        RunResponse run = await shop.Automation.RunAsync(new RunRequest { RuleId = "prices", HistoryDays = 10 }, shop.Verbs);

        Assert.Equal(RuleOutcome.ConditionsNotMet, run.Run.Outcome);
        Assert.Contains("units-per-day", run.Run.Summary, StringComparison.Ordinal);
        Assert.Equal(10, run.History.Count);
        Assert.All(run.History, past => Assert.False(past.Holds));
    }

    [Fact]
    public async Task History_tells_what_ran_then_and_what_the_last_firing_would_change_now_and_of_the_others_that_nobody_can_tell()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices with { When = new RuleTrigger { Cron = "0 5 * * *" }, Limits = new RuleLimits { MostChangesPerRun = 2 } });
        RunResponse ran = await shop.RunAsync(firing: Automator.Firing(new DateTimeOffset(shop.Clock.Now.Date, TimeSpan.Zero).AddHours(5)));
        shop.Clock.Now += TimeSpan.FromDays(2);
        SortedDictionary<string, string> before = await shop.ValuesAsync();

        RunResponse run = await shop.Automation.RunAsync(new RunRequest { RuleId = "prices", Mode = RuleMode.DryRun, HistoryDays = 4 }, shop.Verbs);

        Assert.Equal(4, run.History.Count);
        Assert.Null(run.History[0].Changes);
        Assert.Contains("can't be told", run.History[0].Told, StringComparison.Ordinal);
        Assert.Equal(ran.Changes.Select(change => (change.Id, change.State)), run.History[1].Changes!.Select(change => (change.Id, change.State)));
        Assert.Null(run.History[2].Changes);
        Assert.Equal(run.Changes.Select(change => change.Id), run.History[3].Changes!.Select(change => change.Id));
        Assert.Equal(2, run.Changes.Count(change => change.State == ChangeState.DryRun));
        Assert.All(run.Changes, change => Assert.True(change.State == ChangeState.DryRun || change.Note!.Contains("at most 2", StringComparison.Ordinal)));
        Assert.Equal(before, await shop.ValuesAsync());
    }

    [Fact]
    public async Task A_last_firing_whose_conditions_held_then_and_do_not_hold_now_says_what_it_would_change_now()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices with { When = new RuleTrigger { Cron = "0 5 1 3 *" }, If = [new RuleCondition { Measure = "units-per-day", AtLeast = 20 }] });
        shop.Clock.Now += TimeSpan.FromDays(6);
        int there = (await shop.ChangesAsync()).Count;

        RunResponse run = await shop.Automation.RunAsync(new RunRequest { RuleId = "prices", Mode = RuleMode.DryRun, HistoryDays = 20 }, shop.Verbs);

        Assert.Equal(RuleOutcome.ConditionsNotMet, run.Run.Outcome);
        Assert.Empty(run.Changes);
        PastFiring last = Assert.Single(run.History);
        Assert.True(last.Holds);
        Assert.NotEmpty(last.Changes!);
        Assert.All(last.Changes!, change => Assert.Equal(ChangeState.DryRun, change.State));
        Assert.Equal(there, (await shop.ChangesAsync()).Count);
    }

    [Fact]
    public async Task What_another_process_has_in_hand_is_left_to_it_and_settled_once_it_no_longer_says_that_it_lives()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        await using Cartwright.Storage.Shop server = await Cartwright.Storage.Shop.OpenAsync(shop.Folder, shop.Clock);
        var serverVerbs = new Cartwright.Server.Rules.VerbCaller(server);
        var held = new HeldCaller(shop.Verbs);
        Task<RunResponse> command = shop.Automation.RunAsync(new RunRequest { RuleId = "prices" }, held);
        await held.Began;

        Assert.Equal(0, await server.Automation.RecoverAsync(serverVerbs));
        Assert.NotEmpty(await shop.ChangesAsync(ChangeState.Applying));
        Assert.Equal(RuleOutcome.Running, (await server.Automation.ListRunsAsync(1))[0].Outcome);

        held.GoOn();
        RunResponse run = await command;
        Assert.All(run.Changes, change => Assert.Equal(ChangeState.Done, change.State));
        Assert.Equal(0, await server.Automation.RecoverAsync(serverVerbs));
        Assert.Equal(RuleOutcome.Done, (await server.Automation.ListRunsAsync(1))[0].Outcome);

        var stuck = new HeldCaller(shop.Verbs);
        Task<RunResponse> dead = shop.Automation.RunAsync(new RunRequest { RuleId = "prices" }, stuck);
        await stuck.Began;
        shop.Clock.Now += TimeSpan.FromMinutes(10);                    // as if it had been killed long ago
        int middle = (await shop.ChangesAsync(ChangeState.Applying)).Count;
        Assert.Equal(middle, await server.Automation.RecoverAsync(serverVerbs));
        Assert.Empty(await shop.ChangesAsync(ChangeState.Applying));
        Assert.Equal(RuleOutcome.Interrupted, (await server.Automation.ListRunsAsync(1))[0].Outcome);
        stuck.Fail();
        await Assert.ThrowsAsync<KilledException>(() => dead);
    }

    [Fact]
    public async Task A_rule_that_can_not_be_taken_back_needs_a_word_each_time()
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        AutomationRule oneWay = RuleShop.Prices with { Do = new RuleAction { Slice = "behavior", Verb = "segment" } };
        AutomationRule wrong = RuleShop.Prices with { Do = new RuleAction { Slice = "pricing", Verb = "reprice", Request = new JsonObject { ["mostStep"] = 7 } } };

        await Assert.ThrowsAsync<ValidationException>(() => shop.PutAsync(oneWay));
        await Assert.ThrowsAsync<InvalidRequestException>(() => shop.PutAsync(wrong));
        await Assert.ThrowsAsync<InvalidRequestException>(() => shop.PutAsync(RuleShop.Prices with { Do = new RuleAction { Slice = "automation", Verb = "put-rule" } }));
        await Assert.ThrowsAsync<NotFoundException>(() => shop.PutAsync(RuleShop.Prices with { Do = new RuleAction { Slice = "pricing", Verb = "guess" } }));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_change_that_was_in_the_middle_when_the_process_ended_is_settled_by_its_value(bool hadHappened)
    {
        await using RuleShop shop = await RuleShop.OpenAsync();
        await shop.PutAsync(RuleShop.Prices);
        SortedDictionary<string, string> before = await shop.ValuesAsync();
        await Assert.ThrowsAsync<KilledException>(() => shop.Automation.RunAsync(new RunRequest { RuleId = "prices" }, new KilledCaller(shop.Verbs, hadHappened)));
        IReadOnlyList<AutomationChange> middle = await shop.ChangesAsync(ChangeState.Applying);
        Assert.NotEmpty(middle);

        Assert.Equal(middle.Count, await shop.Automation.RecoverAsync(shop.Verbs));

        Assert.Equal(middle.Count, (await shop.ChangesAsync(hadHappened ? ChangeState.Done : ChangeState.Failed)).Count);
        if (hadHappened)
        {
            await shop.Automation.UndoAsync(new UndoRequest { RuleId = "prices" }, shop.Verbs);
        }

        Assert.Equal(before, await shop.ValuesAsync());
    }

    /// <summary>The process ends while it approves prices, before or after the store had them.</summary>
    private sealed class KilledCaller(IVerbCaller inner, bool after) : IVerbCaller
    {
        public bool Check(VerbCall call) => inner.Check(call);

        public Task<Proposed> ProposeAsync(VerbCall call, bool isDry, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
            inner.ProposeAsync(call, isDry, progress, cancellationToken);

        public async Task<string> DoAsync(VerbCall call, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
        {
            if (after)
            {
                await inner.DoAsync(call, progress, cancellationToken);
            }

            throw new KilledException();
        }

        public Task<string?> ReadAsync(string kind, string subject, CancellationToken cancellationToken) => inner.ReadAsync(kind, subject, cancellationToken);

        public IReadOnlyList<VerbCall> Together(IReadOnlyList<VerbCall> calls) => inner.Together(calls);
    }

    /// <summary>Is in the middle of making changes until it is told to go on.</summary>
    private sealed class HeldCaller(IVerbCaller inner) : IVerbCaller
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public void GoOn() => _end.SetResult();

        public void Fail() => _end.SetException(new KilledException());

        public bool Check(VerbCall call) => inner.Check(call);

        public Task<Proposed> ProposeAsync(VerbCall call, bool isDry, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
            inner.ProposeAsync(call, isDry, progress, cancellationToken);

        public async Task<string> DoAsync(VerbCall call, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
        {
            _began.TrySetResult();
            await _end.Task;
            return await inner.DoAsync(call, progress, cancellationToken);
        }

        public Task<string?> ReadAsync(string kind, string subject, CancellationToken cancellationToken) => inner.ReadAsync(kind, subject, cancellationToken);

        public IReadOnlyList<VerbCall> Together(IReadOnlyList<VerbCall> calls) => inner.Together(calls);
    }

    private sealed class KilledException : Exception;
}
