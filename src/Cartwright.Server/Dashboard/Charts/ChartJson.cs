using System.Text.Json.Serialization;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>The chart as the browser's <c>e-chart</c> reads it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Chart))]
internal sealed partial class ChartJson : JsonSerializerContext;
