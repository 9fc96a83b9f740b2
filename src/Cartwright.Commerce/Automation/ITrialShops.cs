using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>Opens shops that are gone after a trial.</summary>
/// <remarks>Whoever composes a shop composes these too: the trial runs the same verbs as a shop that earns money.</remarks>
public interface ITrialShops
{
    /// <summary>An empty shop.</summary>
    Task<ITrialShop> OpenAsync(TimeProvider clock, CancellationToken cancellationToken);
}

/// <summary>An empty shop with all its verbs; what was in it is deleted when it is disposed.</summary>
public interface ITrialShop : IAsyncDisposable
{
    ShopCatalog Catalog { get; }

    Automator Automation { get; }

    ExperimentDesk Experiments { get; }

    DriftWatch Drift { get; }

    IVerbCaller Verbs { get; }

    /// <summary>A folder of its own for files to be imported.</summary>
    string Scratch { get; }
}
