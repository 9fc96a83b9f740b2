using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Search;

namespace Cartwright.Server.Verbs;

/// <summary>Generated writers for answers that are given often; the rest goes by reflection.</summary>
/// <remarks>No requests: generated readers forget the default values of init-only properties.</remarks>
[JsonSerializable(typeof(RecommendResponse))]
[JsonSerializable(typeof(SimilarResponse))]
[JsonSerializable(typeof(ProductListResponse))]
[JsonSerializable(typeof(BuyAgainResponse))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(CompleteResponse))]
[JsonSerializable(typeof(InteractionsResponse))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class WireJsonContext : JsonSerializerContext;
