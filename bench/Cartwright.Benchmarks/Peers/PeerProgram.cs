using System.Globalization;
using Cartwright.Benchmarks.Memory;

namespace Cartwright.Benchmarks.Peers;

/// <summary><c>make bench-peers</c>: our speed beside that of OpenBLAS and PyTorch, on the console and in bench/results.</summary>
internal static class PeerProgram
{
    private const string Usage = "peers [--rows <group or part of a name>,…] [--threads 1,2]; groups: embedding, softmax, numbers, mlp, attention, batched, recurrent, conv, request.";
    private const string ProductsUsage = "gemm-peers [--rows <part of a name or size>,…] [--threads 1,2]";

    /// <summary>Runs everything and keeps it, or, where rows or threads are picked, prints those and keeps nothing.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        if (Choice.Read(args, Usage) is not { } choice)
        {
            return 2;
        }

        if (args.Length > 0)
        {
            return TorchPeers.Run(Console.Out, choice.Rows, choice.Threads);
        }

        return new[]
        {
            Keep("gemm-peers", output => GemmPeers.Run(output, choice.Rows, choice.Threads)),
            Keep("torch-peers", output => TorchPeers.Run(output, choice.Rows, choice.Threads)),
            Keep("int8-peers", Int8Peers.Run),
            Keep("scaling-peers", ScalingPeers.Run),
            Keep("memory-peers", MemoryPeers.Run),
        }.Max();
    }

    /// <summary>Matrix products alone, all or some.</summary>
    public static int RunProducts(ReadOnlySpan<string> args) =>
        Choice.Read(args, ProductsUsage) is { } choice ? GemmPeers.Run(Console.Out, choice.Rows, choice.Threads) : 2;

    /// <summary>Our side of one row, over and over: what a profiler should look at.</summary>
    public static int RunOwnRow(ReadOnlySpan<string> args)
    {
        if (args.Length != 3
            || !int.TryParse(args[1], CultureInfo.InvariantCulture, out int threads)
            || !double.TryParse(args[2], CultureInfo.InvariantCulture, out double seconds)
            || threads < 1)
        {
            Console.Error.WriteLine("Usage: row-own <part of a name> <threads> <seconds>");
            return 2;
        }

        return TorchPeers.Repeat(Console.Out, args[0], threads, seconds);
    }

    private static int Keep(string name, Func<TextWriter, int> program)
    {
        Directory.CreateDirectory(Machine.ResultsFolder);
        string path = Path.Combine(Machine.ResultsFolder, $"{name}.md");
        using var file = new StreamWriter(path);
        file.WriteLine($"# `{name}`, at {Machine.Commit}");
        file.WriteLine();
        using var both = new TeeWriter(Console.Out, file);
        int code = program(both);
        Console.WriteLine($"Kept in {path}");
        Console.WriteLine();
        return code;
    }

    /// <summary>Which rows, all where none is named, on how many threads.</summary>
    private sealed record Choice(IReadOnlyList<string> Rows, IReadOnlyList<int> Threads)
    {
        /// <returns>Null where the arguments are not understood, which is said.</returns>
        public static Choice? Read(ReadOnlySpan<string> args, string usage)
        {
            var choice = new Choice([], [.. Enumerable.Range(1, Math.Min(2, Environment.ProcessorCount))]);
            for (int i = 0; i < args.Length; i += 2)
            {
                string[] values = i + 1 < args.Length ? args[i + 1].Split(',') : [];
                if (args[i] == "--rows" && values.Length > 0)
                {
                    choice = choice with { Rows = values };
                }
                else if (args[i] == "--threads" && values.Length > 0 && values.All(v => int.TryParse(v, out int count) && count > 0))
                {
                    choice = choice with { Threads = [.. values.Select(v => int.Parse(v, CultureInfo.InvariantCulture))] };
                }
                else
                {
                    Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: {usage}");
                    return null;
                }
            }

            return choice;
        }
    }

    /// <summary>Writes every line to both.</summary>
    private sealed class TeeWriter(TextWriter first, TextWriter second) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override System.Text.Encoding Encoding => second.Encoding;

        public override void Write(char value)
        {
            first.Write(value);
            second.Write(value);
        }

        public override void Write(string? value)
        {
            first.Write(value);
            second.Write(value);
        }
    }
}
