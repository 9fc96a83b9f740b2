using System.Globalization;
using Cartwright.Benchmarks.Peers.Rows;
using Cartwright.Learning;

namespace Cartwright.Benchmarks.Peers;

/// <summary>Our layers, losses and optimizers beside the same of PyTorch, as a user writes them, in turn and in one run.</summary>
internal static class TorchPeers
{
    private static IEnumerable<PeerRow> Rows =>
        [.. TableRows.All, .. NumberRows.All, .. NetworkRows.All, .. PictureRows.All, .. RequestRows.All];

    /// <param name="rows">Groups or parts of names; empty for all rows.</param>
    /// <param name="threadCounts">How many threads both sides have, one table each.</param>
    public static int Run(TextWriter output, IReadOnlyCollection<string> rows, IReadOnlyCollection<int> threadCounts)
    {
        Measured.WriteMachine(output);
        PeerRow[] chosen = [.. Rows.Where(row => rows.Count == 0 || rows.Any(r => IsMeant(row, r)))];
        int before = Compute.ThreadCount;
        foreach (int threads in threadCounts)
        {
            Compute.ThreadCount = threads;
            using TorchProcess? torch = TorchProcess.Start(threads, output);
            WriteTable(output, chosen, threads, torch);
        }

        Compute.ThreadCount = before;
        return 0;
    }

    /// <summary>Our side of the first row that <paramref name="text"/> means, alone and for so many seconds.</summary>
    public static int Repeat(TextWriter output, string text, int threads, double seconds)
    {
        if (Rows.FirstOrDefault(row => IsMeant(row, text)) is not { } found)
        {
            output.WriteLine($"No row is called '{text}'.");
            return 2;
        }

        int before = Compute.ThreadCount;
        Compute.ThreadCount = threads;
        PairedTimes times = PairedTimes.Take(found, threads, theirs: null, seconds);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Name}: {PairedTimes.Median(times.Ours) * 1000:F3} ms in the median, {times.Ours.Min() * 1000:F3} at best"));
        Compute.ThreadCount = before;
        return 0;
    }

    public static PeerRow Find(string name) => Rows.First(row => row.Name == name);

    private static bool IsMeant(PeerRow row, string text) =>
        row.Group == text || row.Name.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static void WriteTable(TextWriter output, PeerRow[] rows, int threads, TorchProcess? torch)
    {
        if (torch is not null)
        {
            output.WriteLine($"Peer: {torch.Description} (Debian's python3-torch 1.13.1)");
        }

        output.WriteLine();
        output.WriteLine($"| {threads} thread{(threads == 1 ? "" : "s")} | ours, ms | PyTorch, ms | their time / ours | nine of ten pairs within | goal |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (PeerRow row in rows)
        {
            PairedTimes times = PairedTimes.Take(row, threads, torch);
            double[] ratios = times.Ratios();
            string peer = ratios.Length == 0 ? "- | - | -" : string.Create(
                CultureInfo.InvariantCulture,
                $"{PairedTimes.Median(times.Theirs) * 1000:F3} | {PairedTimes.Quantile(ratios, 0.5):F2} | {PairedTimes.Quantile(ratios, 0.05):F2} to {PairedTimes.Quantile(ratios, 0.95):F2}");
            output.WriteLine($"| {row.Name} | {PairedTimes.Median(times.Ours) * 1000:F3} | {peer} | {row.Goal?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-"} |");
        }

        output.WriteLine();
    }
}
