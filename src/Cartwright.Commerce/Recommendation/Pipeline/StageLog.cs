using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What the stages did, product by product, while a list is made.</summary>
internal sealed class StageLog
{
    private readonly Dictionary<int, List<StageChange>> _changes = [];

    public void Add(int product, string stage, double change)
    {
        if (change != 0 && !double.IsInfinity(change))
        {
            (_changes.TryGetValue(product, out List<StageChange>? known) ? known : _changes[product] = []).Add(new StageChange(stage, change));
        }
    }

    public IReadOnlyList<StageChange> Of(int product) => _changes.TryGetValue(product, out List<StageChange>? changes) ? changes : [];
}
