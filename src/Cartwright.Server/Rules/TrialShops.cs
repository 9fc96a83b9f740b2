using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Server.Rules;

/// <summary>Opens shops in temporary folders, for trials.</summary>
public sealed class TrialShops : ITrialShops
{
    public async Task<ITrialShop> OpenAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-trial-").FullName;
        return new TrialShop(await Shop.OpenAsync(Path.Combine(folder, "shop"), clock, cancellationToken), folder);
    }

    private sealed class TrialShop(Shop shop, string folder) : ITrialShop
    {
        public ShopCatalog Catalog => shop.Catalog;

        public Automator Automation => shop.Automation;

        public ExperimentDesk Experiments => shop.Experiments;

        public DriftWatch Drift => shop.Drift;

        public IVerbCaller Verbs { get; } = new VerbCaller(shop);

        public string Scratch => folder;

        public async ValueTask DisposeAsync()
        {
            await shop.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
