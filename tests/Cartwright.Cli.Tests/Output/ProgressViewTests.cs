using Cartwright.Cli.Output;
using Cartwright.Commerce.Runs;

namespace Cartwright.Cli.Tests.Output;

public sealed class ProgressViewTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_person_sees_how_far_how_fast_how_long_still_and_the_loss()
    {
        (Terminal terminal, _, StringWriter error) = Cli.Caught(width: 120);
        var view = new ProgressView(terminal, _clock);

        view.Report(Epoch(0, loss: 8));
        _clock.Advance(TimeSpan.FromSeconds(10));
        view.Report(Epoch(20, loss: 4));

        string line = error.ToString().Split('\r')[^1];
        Assert.Contains("training sasrec", line, StringComparison.Ordinal);
        Assert.Contains("40 %", line, StringComparison.Ordinal);
        Assert.Contains("20/50 epochs", line, StringComparison.Ordinal);
        Assert.Contains("2 epochs/s", line, StringComparison.Ordinal);
        Assert.Contains("15 s left", line, StringComparison.Ordinal);
        Assert.Contains("loss 4", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_with_a_time_limit_is_not_said_to_take_longer()
    {
        (Terminal terminal, _, StringWriter error) = Cli.Caught(width: 120);
        var view = new ProgressView(terminal, _clock, limit: TimeSpan.FromSeconds(20));

        view.Report(Epoch(0, loss: 8));
        _clock.Advance(TimeSpan.FromSeconds(10));
        view.Report(Epoch(1, loss: 4));

        Assert.Contains("10 s left at most", error.ToString().Split('\r')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_line_of_each_finished_stage_remains_and_a_curve_of_the_loss()
    {
        (Terminal terminal, _, StringWriter error) = Cli.Caught(width: 120);
        var view = new ProgressView(terminal, _clock);

        view.Report(new RunProgress("reading", 5, 5, "rows"));
        view.Report(Epoch(1, loss: 8));
        view.Report(Epoch(2, loss: 4));
        view.Complete();

        string[] kept = [.. error.ToString().TrimEnd().Split('\n').Select(line => line.Split('\r')[^1])];
        Assert.StartsWith("✓ reading, 5 rows", kept[0], StringComparison.Ordinal);
        Assert.StartsWith("✓ training sasrec, 2 epochs", kept[1], StringComparison.Ordinal);
        Assert.Equal("loss █▁ 8 → 4", kept[2]);
    }

    [Fact]
    public void A_pipe_gets_plain_lines_now_and_then()
    {
        (Terminal terminal, _, StringWriter error) = Cli.Caught();
        var view = new ProgressView(terminal, _clock);

        for (int epoch = 0; epoch <= 30; epoch++)
        {
            view.Report(Epoch(epoch, loss: 8 - (epoch * 0.1)));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        string[] lines = error.ToString().TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.DoesNotContain('\r', error.ToString());
    }

    [Fact]
    public void A_line_is_never_wider_than_the_screen()
    {
        (Terminal terminal, _, StringWriter error) = Cli.Caught(width: 30);
        var view = new ProgressView(terminal, _clock);

        view.Report(Epoch(20, loss: 4));

        Assert.All(error.ToString().Split('\r', '\n'), line => Assert.InRange(line.Length, 0, 29));
    }

    private static RunProgress Epoch(double done, double loss) => new("training sasrec", done, 50, "epochs")
    {
        Values = new Dictionary<string, double> { ["loss"] = loss },
    };

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
