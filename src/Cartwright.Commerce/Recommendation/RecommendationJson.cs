using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What a model's folder keeps as JSON. Read options with <see cref="Catalog.RecordJson"/>: an older version may lack the newer ones.</summary>
[JsonSerializable(typeof(SasRecOptions))]
[JsonSerializable(typeof(Gru4RecOptions))]
[JsonSerializable(typeof(SasRecPlusOptions))]
[JsonSerializable(typeof(NarmOptions))]
[JsonSerializable(typeof(ItemKnnOptions))]
[JsonSerializable(typeof(UserKnnOptions))]
[JsonSerializable(typeof(EaseOptions))]
[JsonSerializable(typeof(AlsOptions))]
[JsonSerializable(typeof(BprOptions))]
[JsonSerializable(typeof(BiasedMfOptions))]
[JsonSerializable(typeof(MultVaeOptions))]
[JsonSerializable(typeof(TwoTowerOptions))]
[JsonSerializable(typeof(NeuMfOptions))]
[JsonSerializable(typeof(SessionKnnOptions))]
[JsonSerializable(typeof(CfGanOptions))]
[JsonSerializable(typeof(BlendOptions))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RecommendationJson : JsonSerializerContext;

/// <summary>Requests as the doors write them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TrainRequest))]
internal sealed partial class RequestJson : JsonSerializerContext;
