using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Simulation;

public sealed class SimulatedCalendarTests
{
    [Fact]
    public void Week_and_year_are_those_of_the_date_wherever_the_simulation_begins()
    {
        var late = new SimulatedCalendar(new DateOnly(2025, 11, 15));      // a Saturday

        for (int day = 0; day < 200; day++)
        {
            Assert.Equal(SimulatedCalendar.Usual.Activity(day + 318), late.Activity(day));
            Assert.Equal(SimulatedCalendar.Usual.Season(leaf: 3, day + 318), late.Season(leaf: 3, day));
            Assert.Equal(SimulatedCalendar.Usual.IsSale(day + 318), late.IsSale(day));
        }

        Assert.Equal(1.22, late.Activity(0));
        Assert.Equal(1.22 * 1.45, late.Activity(7));                       // the weeks before Christmas
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), late.Midnight(47));
    }
}
