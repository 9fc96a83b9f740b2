using Cartwright.Cli.Output;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Cli.Commands;

/// <summary>What <c>cartwright</c> alone prints: what it is, the commands most people need, and where the shop is.</summary>
internal static class OverviewCommand
{
    public static async Task<int> RunAsync(Invocation at, CancellationToken cancellationToken)
    {
        at.Terminal.Heading($"Cartwright {CommandLine.Version}");
        at.Terminal.Line("The intelligence of an online shop in one program: it reads a shop's catalog and what shoppers did,");
        at.Terminal.Line("trains on this machine, and answers by command, by HTTP and on a dashboard.");
        at.Terminal.Line();
        at.Terminal.Line("  cartwright demo                                        make a sample shop, train, and serve it");
        at.Terminal.Line("  cartwright catalog import <shop folder>                read your shop");
        at.Terminal.Line("  cartwright recommendation train                        learn from what shoppers did");
        at.Terminal.Line("  cartwright recommendation recommend --shopper-id <id>  what a shopper wants next");
        at.Terminal.Line("  cartwright serve                                       the HTTP API and the dashboard");
        at.Terminal.Line();
        at.Terminal.Line(await ShopLineAsync(at, cancellationToken));
        at.Terminal.Line("Everything else: cartwright --help");
        return 0;
    }

    private static async Task<string> ShopLineAsync(Invocation at, CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(at.ShopFolder);
        if (!Invocation.IsShop(at.ShopFolder))
        {
            return $"The shop: {folder} (none there yet; --shop names another)";
        }

        await using Shop shop = await at.OpenShopAsync(cancellationToken);
        StatusResponse status = await shop.Catalog.StatusAsync(new StatusRequest(), cancellationToken);
        return $"The shop: {folder} ({status.Info.Name}: {Wording.Plural(status.Counts.Products, "product")}, "
            + $"{Wording.Plural(status.Counts.Shoppers, "shopper")}, {Wording.Plural(status.Counts.Interactions, "interaction")})";
    }
}
