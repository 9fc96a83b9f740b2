using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Evaluation;

/// <summary>One of <see cref="RankingProtocols.Names"/>.</summary>
internal sealed class ProtocolNameAttribute() : OneOfAttribute("protocol")
{
    protected override IReadOnlyCollection<string> Allowed => RankingProtocols.Names;
}
