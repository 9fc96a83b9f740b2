using Cartwright.Commerce.Automation;
using Cartwright.Server.Rules;

namespace Cartwright.Server.Tests.Rules;

public sealed class AutomationTrialTests
{
    [Fact]
    public async Task On_a_simulated_shop_no_limit_is_broken_every_change_is_traced_and_all_is_undone()
    {
        var request = new SimulateRequest { Days = 8, HistoryDays = 60, Products = 12, Shoppers = 400, Shops = 1, Epochs = 1, Seed = 3 };

        SimulateResponse trial = await new AutomationTrial(TimeProvider.System).SimulateAsync(request, new TrialShops());

        Assert.InRange(trial.Changes, 12, 10_000);
        Assert.Equal(0, trial.GuardrailsBroken);
        Assert.Equal(0, trial.Untraced);
        Assert.InRange(trial.Undone, 10, trial.Changes);
        Assert.Equal(0, trial.NotRestored);
        Assert.True(trial.Figures.Single(figure => figure.Name == "profit") is { Off: > 0, On: > 0 });
    }
}
