using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Tests.Recommendation;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Automation;

/// <summary>Choices of a real shop, against a tally of what was chosen and rewarded.</summary>
public sealed class SlotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_believed_of_arms_is_what_was_chosen_and_rewarded_and_open_choices_count_once_their_hours_are_over()
    {
        var clock = new SettableClock(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using Shop shop = await Shop.OpenAsync(_folder, clock);
        await shop.Experiments.PutSlotAsync(new PutSlotRequest { Slot = new ChoiceSlot { Id = "banner", Name = "Banner", Arms = ["red", "blue"], RewardHours = 5 } });
        var tally = new List<(string Arm, DateTimeOffset At, double? Reward, double Propensity)>();
        for (int i = 0; i < 60; i++)
        {
            ChooseResponse choice = await shop.Experiments.ChooseAsync(new ChooseRequest { SlotId = "banner" });
            double? reward = i % 3 == 0 ? choice.Arm == "blue" ? 1 : 0.25 : null;
            if (reward is { } value)
            {
                Assert.True((await shop.Experiments.RewardAsync(new RewardRequest { ChoiceId = choice.ChoiceId, Value = value })).IsCounted);
                Assert.False((await shop.Experiments.RewardAsync(new RewardRequest { ChoiceId = choice.ChoiceId, Value = 1 })).IsCounted);
            }

            tally.Add((choice.Arm, clock.GetUtcNow(), reward, choice.Propensity));
            clock.Advance(TimeSpan.FromMinutes(20));
            await AgreesAsync();
        }

        clock.Advance(TimeSpan.FromHours(5));
        await AgreesAsync();

        async Task AgreesAsync()
        {
            SlotResult slot = Assert.Single((await shop.Experiments.SlotsAsync(new SlotsRequest())).Slots);
            DateTimeOffset until = clock.GetUtcNow() - TimeSpan.FromHours(5);
            int settled = tally.Count(one => one.Reward is not null || one.At <= until);
            Assert.Equal(tally.Count, slot.ChoiceCount);
            foreach (SlotArm arm in slot.Arms)
            {
                var own = tally.Where(one => one.Arm == arm.Arm).ToArray();
                double reward = own.Sum(one => one.Reward ?? 0);
                Assert.Equal(own.Length, arm.Chosen);
                Assert.Equal((1 + reward) / (2 + own.Count(one => one.Reward is not null || one.At <= until)), arm.Mean, 9);
                if (settled < 30)
                {
                    Assert.Null(arm.Always);
                }
                else
                {
                    Assert.Equal(own.Sum(one => (one.Reward ?? 0) / one.Propensity) / settled, arm.Always!.Value, 9);
                }
            }
        }
    }
}
