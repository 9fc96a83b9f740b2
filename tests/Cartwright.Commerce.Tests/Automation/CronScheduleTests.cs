using Cartwright.Commerce.Automation;

namespace Cartwright.Commerce.Tests.Automation;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("30 5 * * *", "2026-03-01T05:30:00Z", "2026-03-02T05:30:00Z")]
    [InlineData("*/15 * * * *", "2026-03-01T05:30:10Z", "2026-03-01T05:45:00Z")]
    [InlineData("0 9-17/4 * * 1-5", "2026-03-06T13:00:00Z", "2026-03-06T17:00:00Z")]
    [InlineData("0 9 * * 1-5", "2026-03-06T13:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 1,15 * *", "2026-03-01T00:00:00Z", "2026-03-15T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z")]
    [InlineData("0 0 * * 7", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z")]
    public void The_next_time_is_the_one_the_line_says(string line, string after, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), CronSchedule.Parse(line).Next(DateTimeOffset.Parse(after), TimeZoneInfo.Utc));

    [Fact]
    public void An_hour_that_the_clock_jumps_over_does_not_fire_and_one_that_it_repeats_fires_once()
    {
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        CronSchedule night = CronSchedule.Parse("30 2 * * *");

        DateTimeOffset[] spring = [.. night.Between(DateTimeOffset.Parse("2026-03-28T00:00:00Z"), DateTimeOffset.Parse("2026-03-31T00:00:00Z"), berlin)];
        DateTimeOffset[] autumn = [.. night.Between(DateTimeOffset.Parse("2026-10-24T00:00:00Z"), DateTimeOffset.Parse("2026-10-27T00:00:00Z"), berlin)];

        Assert.Equal(["03-28", "03-30"], spring.Select(at => TimeZoneInfo.ConvertTime(at, berlin).ToString("MM-dd")));
        Assert.Equal(["10-24", "10-25", "10-26"], autumn.Select(at => TimeZoneInfo.ConvertTime(at, berlin).ToString("MM-dd")));
    }

    [Theory]
    [InlineData("* * * *"), InlineData("60 * * * *"), InlineData("a * * * *"), InlineData("5-1 * * * *"), InlineData("*/0 * * * *"), InlineData("0 0 30 2 *"), InlineData("1/2/3 * * * *")]
    public void A_line_that_is_none_is_refused_with_a_word(string line) => Assert.NotNull(CronSchedule.Problem(line));
}
