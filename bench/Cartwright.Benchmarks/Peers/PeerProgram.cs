using System.Globalization;
using Cartwright.Benchmarks.Memory;

namespace Cartwright.Benchmarks.Peers;

/// <summary><c>make bench-peers</c>: our speed beside that of OpenBLAS and PyTorch, on the console and in bench/results.</summary>
internal static class PeerProgram
{
    private const string Usage = "peers [--rows <group or part of a name>,…] [--threads 1,2]; groups: embedding, softmax, numbers, mlp, attention, batched, recurrent, conv, request.";

    /// <summary>Runs everything and keeps it, or, where rows or threads are picked, prints those and keeps nothing.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        List<string> rows = [];
        List<int> threads = [.. Enumerable.Range(1, Math.Min(2, Environment.ProcessorCount))];
        for (int i = 0; i < args.Length; i += 2)
        {
            string[] values = i + 1 < args.Length ? args[i + 1].Split(',') : [];
            if (args[i] == "--rows" && values.Length > 0)
            {
                rows = [.. values];
            }
            else if (args[i] == "--threads" && values.Length > 0 && values.All(v => int.TryParse(v, out int count) && count > 0))
            {
                threads = [.. values.Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
            }
            else
            {
                Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: {Usage}");
                return 2;
            }
        }

        if (args.Length > 0)
        {
            return TorchPeers.Run(Console.Out, rows, threads);
        }

        return new[]
        {
            Keep("gemm-peers", GemmPeers.Run),
            Keep("torch-peers", output => TorchPeers.Run(output, rows, threads)),
            Keep("int8-peers", Int8Peers.Run),
            Keep("scaling-peers", ScalingPeers.Run),
            Keep("memory-peers", MemoryPeers.Run),
        }.Max();
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
