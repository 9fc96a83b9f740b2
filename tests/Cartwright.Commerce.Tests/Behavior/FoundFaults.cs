using System.Text.Json;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Behavior;

/// <summary>Holds what a search for anomalies found against what was put into a sample shop on purpose.</summary>
/// <param name="Kind">What is counted; "all" for all kinds.</param>
/// <param name="Faults">Put in.</param>
/// <param name="FaultsFound">Of those.</param>
/// <param name="Findings">Answered.</param>
/// <param name="FindingsRight">Of those.</param>
internal sealed record FoundFaults(string Kind, int Faults, int FaultsFound, int Findings, int FindingsRight)
{
    public double Recall => Faults == 0 ? 1 : (double)FaultsFound / Faults;

    public double Precision => Findings == 0 ? 1 : (double)FindingsRight / Findings;

    /// <summary>Makes a sample shop with faults, searches it, and counts: all kinds first, then each.</summary>
    public static async Task<IReadOnlyList<FoundFaults>> MeasureAsync(int seed, double scale)
    {
        DirectoryInfo parent = Directory.CreateTempSubdirectory("cartwright-faults-");
        try
        {
            string folder = Path.Combine(parent.FullName, "shop");
            await SampleShop.WriteAsync(new SampleRequest { Folder = folder, Scale = scale, Seed = seed, Faults = true });
            List<Fault> faults = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(folder, "faults.json")), FaultJson.Default.ListFault)!;
            ShopFolderContents contents = await ShopFolder.ReadSnapshotAsync(folder);
            AnomaliesResponse answer = new AnomalySearch(new AnomaliesRequest { Count = 10_000 }, TimeProvider.System).Of(contents.Snapshot, contents.Rejects, progress: null, CancellationToken.None);
            return Count(faults, answer.Results);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    public static IReadOnlyList<FoundFaults> Count(IReadOnlyList<Fault> faults, IReadOnlyList<Anomaly> findings)
    {
        bool[] isFound = [.. faults.Select(fault => findings.Any(finding => Fits(fault, finding)))];
        bool[] isRight = [.. findings.Select(finding => faults.Any(fault => Fits(fault, finding)))];
        FoundFaults Of(string kind, Func<string, bool> counts) => new(kind,
            faults.Count(fault => counts(fault.Kind)), faults.Where((fault, i) => counts(fault.Kind) && isFound[i]).Count(),
            findings.Count(finding => counts(Word(finding.Kind))), findings.Where((finding, i) => counts(Word(finding.Kind)) && isRight[i]).Count());
        return [Of("all", _ => true), .. Enum.GetValues<AnomalyKind>().Select(Word).Select(kind => Of(kind, other => other == kind))];
    }

    /// <summary>The same thing, at the same day, visitor, product or line.</summary>
    private static bool Fits(Fault fault, Anomaly finding) => fault.Kind == Word(finding.Kind)
        && (fault.Day is null || finding.Day is null || fault.Day == finding.Day || finding.Kind is AnomalyKind.Bot or AnomalyKind.UnknownProduct)
        && (finding.Kind is not (AnomalyKind.Bot or AnomalyKind.WrongTime) || (fault.Shopper == finding.ShopperId && fault.Session == finding.SessionId))
        && (fault.Product is null || finding.ProductId is null || fault.Product == finding.ProductId)
        && (finding.Kind is not (AnomalyKind.RepeatedEvents or AnomalyKind.MissingEvents) || fault.Of == finding.Of)
        && (fault.Line is not { } line || finding.Reason.StartsWith($"interactions.csv:{line}:", StringComparison.Ordinal));

    private static string Word(AnomalyKind kind) => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..];
}
