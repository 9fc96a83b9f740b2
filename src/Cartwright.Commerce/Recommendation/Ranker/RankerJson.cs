using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a ranker's folder keeps as JSON.</summary>
[JsonSerializable(typeof(ClickModelFile))]
[JsonSerializable(typeof(ClickCatalogFile))]
[JsonSerializable(typeof(TrainRankerRequest))]
internal sealed partial class RankerJson : JsonSerializerContext;
