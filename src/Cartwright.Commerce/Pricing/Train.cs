using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Pricing;

/// <summary>Learns what things cost, from the shop's own products or from a table of listings.</summary>
/// <example>cartwright pricing train</example>
public sealed record TrainRequest : TableTrainFields;
