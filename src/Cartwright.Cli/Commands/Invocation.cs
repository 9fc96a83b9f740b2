using Cartwright.Cli.Output;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Cli.Commands;

/// <summary>What every command is handed: where to write, which shop, what time it is.</summary>
/// <param name="IsJson">One JSON document goes to standard output and nothing else.</param>
internal sealed record Invocation(Terminal Terminal, TimeProvider Clock, string ShopFolder, bool IsJson)
{
    /// <summary>True where a shop is kept in the folder.</summary>
    public static bool IsShop(string folder) => File.Exists(Path.Combine(folder, "shop.db"));

    /// <summary>Opens the shop that must be there.</summary>
    /// <exception cref="NotFoundException">No shop is kept in the folder.</exception>
    public Task<Shop> OpenShopAsync(CancellationToken cancellationToken) => IsShop(ShopFolder)
        ? Shop.OpenAsync(ShopFolder, Clock, cancellationToken)
        : throw new NotFoundException($"There is no shop in {Path.GetFullPath(ShopFolder)}. "
            + "Fill one with 'cartwright catalog import <shop folder>', name another with --shop, or try 'cartwright demo'.");

    /// <summary>Opens the shop; makes an empty one where there is none.</summary>
    public Task<Shop> OpenOrCreateShopAsync(CancellationToken cancellationToken) =>
        Shop.OpenAsync(ShopFolder, Clock, cancellationToken);
}
