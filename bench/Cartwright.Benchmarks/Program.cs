using BenchmarkDotNet.Running;
using Cartwright.Benchmarks.Behavior;
using Cartwright.Benchmarks.Clicks;
using Cartwright.Benchmarks.Memory;
using Cartwright.Benchmarks.Peers;
using Cartwright.Benchmarks.Search;
using Cartwright.Benchmarks.Serving;
using Cartwright.Benchmarks.Storage;
using Cartwright.Benchmarks.Tables;
using Cartwright.Benchmarks.Training;

// "peers": all ratio programs, "peers --rows softmax,mlp --threads 1": some rows. "gemm-peers": products beside OpenBLAS. "row-own attention 1 10": our side of a row alone, for a profiler. "int8-peers": 8 bits beside float32.
// "scaling-peers": 2 threads beside 1. "memory-peers": resident memory beside PyTorch's. "soak --minutes 60": whether memory grows.
// "train-peers sasrec <shop folder> <script> <checkout> 20": a whole training beside a peer's.
// "als-peers <shop folder>": alternating least squares beside the library implicit.
// "tree-splits diamonds.csv price": boosted trees beside scikit-learn's, like for like.
// "table-splits churn.csv Churn --id customerID --splits 20": a table's models beside scikit-learn's on the same splits.
// "click-peers clicks.csv.gz": DCN-V2 over columns of categories beside PyTorch's.
// "import-rate 5": an import of 5 million rows.
// "funnel-rate 10000000": funnels over interactions in memory. "anomaly-recall 101 105": faults of sample shops that are found.
// "search-peers titles.tsv queries.tsv": our index beside SQLite FTS5. "search-quality <shop folder>": NDCG@10 of words alone, beside it too.
// "neighbor-peers 250000 64 ann_peers.py": the index of vectors beside a look at each, and beside faiss and hnswlib.
// "http-bench", "http-load": how fast the server answers. Anything else goes to BenchmarkDotNet.
switch (args.FirstOrDefault())
{
    case "peers":
        return PeerProgram.Run(args.AsSpan(1));
    case "gemm-peers":
        return PeerProgram.RunProducts(args.AsSpan(1));
    case "row-own":
        return PeerProgram.RunOwnRow(args.AsSpan(1));
    case "int8-peers":
        return Int8Peers.Run(Console.Out);
    case "scaling-peers":
        return ScalingPeers.Run(Console.Out);
    case "memory-peers":
        return MemoryPeers.Run(Console.Out);
    case "memory-row":
        return MemoryPeers.RunRow(args[1]);
    case "soak":
        return Soak.Run(args.AsSpan(1));
    case "train-peers":
        return await TrainPeers.RunAsync(args[1..]);
    case "als-peers":
        return await AlsPeers.RunAsync(args[1..]);
    case OwnTraining.Verb:
        return await OwnTraining.RunAsync(args[1..]);
    case "click-peers":
        return ClickPeers.Run(args[1..]);
    case "tree-splits":
        return TreeSplits.Run(args[1..]);
    case "table-splits":
        return await TableSplits.RunAsync(args[1..]);
    case "import-rate":
        return await ImportRate.RunAsync(args[1..]);
    case "funnel-rate":
        return FunnelRate.Run(args[1..]);
    case "anomaly-recall":
        return await AnomalyRecall.RunAsync(args[1..]);
    case "search-peers":
        return TitlePeers.Run(args);
    case "search-quality":
        return await SearchQuality.RunAsync(args);
    case "neighbor-peers":
        return NeighborPeers.Run(args[1..]);
    case "http-bench":
        return await HttpBench.RunAsync(args[1..]);
    case "http-load":
        return await HttpBench.LoadAsync(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(GemmPeers).Assembly).Run(args);
        return 0;
}
