using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Reads a pricing problem from a JSON file, as the published schema says.</summary>
internal static class ProblemFile
{
    private const int ShownFaults = 8;

    /// <summary>The published schema: docs/pricing-problem.schema.json.</summary>
    public static JsonDocument Schema { get; } = ReadSchema();

    /// <exception cref="ImportFormatException">The file can't be read or is not JSON.</exception>
    /// <exception cref="ValidationException">It is not as the schema says.</exception>
    public static OptimizeRequest Read(OptimizeRequest request)
    {
        string path = request.Problem!;
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            IReadOnlyList<string> faults = JsonSchema.Faults(document.RootElement, Schema.RootElement);
            if (faults.Count > 0)
            {
                throw new ValidationException($"{path} is not a pricing problem (docs/pricing-problem.schema.json): "
                    + string.Join(' ', faults.Take(ShownFaults)) + (faults.Count > ShownFaults ? $" … and {faults.Count - ShownFaults} more." : ""));
            }

            PricingProblem problem = document.Deserialize(ProblemJsonContext.Default.PricingProblem)!;
            return request with
            {
                Products = problem.Products,
                Rules = problem.Rules,
                Penalty = problem.Penalty ?? request.Penalty,
                Seconds = problem.Seconds ?? request.Seconds,
                StockValues = problem.StockValues ?? request.StockValues,
            };
        }
        catch (JsonException malformed)
        {
            string found = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? "this is a CSV file, and a pricing problem is JSON" : "this is not JSON: " + WithoutPlace(malformed.Message);
            throw new ImportFormatException(path, (malformed.LineNumber ?? 0) + 1, $"{found}. docs/examples/pricing-problem.json is one to start from.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImportFormatException(path, null, "there is no such file.");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new ImportFormatException(path, null, "this is a folder; name the JSON file of the pricing problem.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ImportFormatException(path, null, $"the problem file can't be read: {unreadable.Message}");
        }
    }

    /// <summary>The reader's words without its line and byte, which count from 0.</summary>
    private static string WithoutPlace(string message) =>
        (message.IndexOf(" LineNumber:", StringComparison.Ordinal) is >= 0 and int at ? message[..at] : message).TrimEnd('.', ' ');

    private static JsonDocument ReadSchema()
    {
        using Stream stream = typeof(ProblemFile).Assembly.GetManifestResourceStream("pricing-problem.schema.json")!;
        return JsonDocument.Parse(stream);
    }
}

/// <summary>What a problem file holds; what it leaves out comes from the request.</summary>
internal sealed record PricingProblem(IReadOnlyList<PricedProduct> Products, IReadOnlyList<PricingRule>? Rules, double? Penalty, int? Seconds, int? StockValues);

[JsonSerializable(typeof(PricingProblem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(CamelCaseEnum<DemandKind>), typeof(CamelCaseEnum<RuleKind>)])]
internal sealed partial class ProblemJsonContext : JsonSerializerContext;

internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
