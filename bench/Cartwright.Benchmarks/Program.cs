using BenchmarkDotNet.Running;
using Cartwright.Benchmarks.Peers;
using Cartwright.Benchmarks.Serving;
using Cartwright.Benchmarks.Storage;

// "peers": all ratio programs. "gemm-peers", "torch-peers": one of them. "import-rate 5": an import of 5 million rows.
// "http-bench", "http-load": how fast the server answers. Anything else goes to BenchmarkDotNet.
switch (args.FirstOrDefault())
{
    case "peers":
        return Math.Max(GemmPeers.Run(Console.Out), TorchPeers.Run(Console.Out));
    case "gemm-peers":
        return GemmPeers.Run(Console.Out);
    case "torch-peers":
        return TorchPeers.Run(Console.Out);
    case "import-rate":
        return await ImportRate.RunAsync(args[1..]);
    case "http-bench":
        return await HttpBench.RunAsync(args[1..]);
    case "http-load":
        return await HttpBench.LoadAsync(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(GemmPeers).Assembly).Run(args);
        return 0;
}
