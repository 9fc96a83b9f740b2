using System.Globalization;
using System.Text;
using Cartwright.Commerce.Runs;

namespace Cartwright.Cli.Output;

/// <summary>Shows on standard error what is being done, how far, how fast, how long still, and the current figures.</summary>
/// <remarks>One repainted line where a person watches; else a line now and then. One line of each finished stage remains.</remarks>
/// <param name="limit">Time after which the work ends of itself; null where it has none.</param>
internal sealed class ProgressView(Terminal terminal, TimeProvider clock, TimeSpan? limit = null) : IProgress<RunProgress>
{
    private static readonly TimeSpan RepaintInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private const int BarWidth = 20;

    private readonly Lock _lock = new();
    private readonly List<double> _losses = [];
    private RunProgress? _last;
    private long _stageStart;
    private double _stageBase;
    private long _lastShown;
    private int _painted;

    public void Report(RunProgress value)
    {
        lock (_lock)
        {
            bool isNewStage = _last is null || !string.Equals(_last.Stage, value.Stage, StringComparison.Ordinal);
            if (isNewStage)
            {
                EndStage();
                _stageStart = clock.GetTimestamp();
                _stageBase = value.Done;
            }

            _last = value;
            if (Loss(value) is { } loss)
            {
                _losses.Add(loss);
            }

            TimeSpan interval = terminal.IsErrorWatched ? RepaintInterval : PlainInterval;
            if (isNewStage || clock.GetElapsedTime(_lastShown) >= interval)
            {
                _lastShown = clock.GetTimestamp();
                Show(value);
            }
        }
    }

    /// <summary>Ends the last stage, and draws the loss where there was one.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            EndStage();
            if (_losses.Count > 1)
            {
                terminal.Error.WriteLine($"loss {Sparkline.Of(_losses, Math.Min(40, terminal.Width - 30))} "
                    + $"{Wording.Number(_losses[0])} → {Wording.Number(_losses[^1])}");
            }
        }
    }

    /// <summary>Leaves the line as it stands, so that an error starts on one of its own.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            if (_painted > 0)
            {
                terminal.Error.WriteLine();
                _painted = 0;
            }

            _last = null;
        }
    }

    private void Show(RunProgress value)
    {
        if (!terminal.IsErrorWatched)
        {
            terminal.Error.WriteLine(Describe(value, withBar: false));
            return;
        }

        string line = Describe(value, withBar: terminal.Width >= 60);
        Paint(line.Length < terminal.Width ? line : line[..(terminal.Width - 1)]);
    }

    private string Describe(RunProgress value, bool withBar)
    {
        var text = new StringBuilder(value.Stage);
        double elapsed = clock.GetElapsedTime(_stageStart).TotalSeconds;
        double rate = elapsed > 0.5 ? (value.Done - _stageBase) / elapsed : 0;
        if (value.Total > 0)
        {
            double share = Math.Clamp(value.Done / value.Total, 0, 1);
            if (withBar)
            {
                int filled = (int)(share * BarWidth);
                text.Append("  ").Append('━', filled).Append('┄', BarWidth - filled);
            }

            text.Append(CultureInfo.InvariantCulture, $"  {share * 100:0} %  {Amount(value.Done)}/{Amount(value.Total)} {value.Unit}");
        }
        else if (value.Done > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Amount(value.Done)} {value.Unit}");
        }

        if (rate > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Wording.Number(rate)} {value.Unit}/s");
            if (value.Total > value.Done)
            {
                double left = Math.Min((value.Total - value.Done) / rate, Math.Max(0, (limit ?? TimeSpan.MaxValue).TotalSeconds - elapsed));
                text.Append("  ").Append(Wording.Duration(TimeSpan.FromSeconds(left))).Append(limit is null ? " left" : " left at most");
            }
        }

        AppendFigures(text, value);
        return text.ToString();
    }

    private void EndStage()
    {
        if (_last is not { } ended)
        {
            return;
        }

        var text = new StringBuilder(terminal.IsErrorWatched ? "✓ " : "done: ").Append(ended.Stage);
        if (ended.Done > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", {Amount(ended.Done)} {ended.Unit}");
        }

        text.Append(", ").Append(Wording.Duration(clock.GetElapsedTime(_stageStart)));
        AppendFigures(text, ended);
        Paint("");
        _painted = 0;
        terminal.Error.WriteLine(text.ToString());
        _last = null;
    }

    private static void AppendFigures(StringBuilder text, RunProgress value)
    {
        foreach ((string name, double figure) in value.Values.OrderBy(pair => pair.Key.Contains("loss", StringComparison.Ordinal) ? 0 : 1))
        {
            text.Append("  ").Append(name).Append(' ').Append(Wording.Number(figure));
        }
    }

    /// <summary>Writes over the line painted before.</summary>
    private void Paint(string line)
    {
        if (terminal.IsErrorWatched)
        {
            terminal.Error.Write("\r" + line.PadRight(_painted) + (line.Length == 0 ? "\r" : ""));
            _painted = line.Length;
        }
    }

    private static double? Loss(RunProgress value) =>
        value.Values.FirstOrDefault(pair => pair.Key.Contains("loss", StringComparison.Ordinal)) is { Key: not null } loss ? loss.Value : null;

    private static string Amount(double value) => value == Math.Floor(value) ? Wording.Count((long)value) : Wording.Number(value);
}
