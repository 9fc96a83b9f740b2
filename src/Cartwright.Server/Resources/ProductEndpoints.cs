using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Http;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Microsoft.AspNetCore.Http.Metadata;

namespace Cartwright.Server.Resources;

/// <summary>Products as resources: read, put, delete. What is put counts in the next answer.</summary>
internal static class ProductEndpoints
{
    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        const string tag = "products";
        app.MapGet("/v1/products", ListAsync)
            .Describe(tag, "products.list", "The catalog's products, in the order they came. Filters: query (words of the title or an id), "
                + "category (and what lies below it), brand, inStock. "
                + "Where nothing fits since the shop has no such category or brand, the answer is 404 and says so.", ApiRoles.Query);

        app.MapGet("/v1/products/{id}", async (string id, Shop shop, CancellationToken stop) =>
                await shop.Catalog.FindProductAsync(id, stop))
            .Produces<Product>()
            .Describe(tag, "products.get", "One product.", ApiRoles.Query);

        var productType = (JsonTypeInfo<Product>)WireJson.HttpOptions.GetTypeInfo(typeof(Product));
        app.MapPut("/v1/products/{id}", async (string id, HttpContext context, Shop shop) =>
            {
                Product product = await JsonBody.ReadAsync(context, productType);
                if (!string.IsNullOrEmpty(product.Id) && product.Id != id)
                {
                    throw new InvalidRequestException("id", $"The body says id '{product.Id}', the address '{id}'. Leave the id out of the body.");
                }

                product = product with { Id = id };
                bool isNew = await shop.Store.FindProductAsync(id, context.RequestAborted) is null;
                await shop.Catalog.PutProductAsync(product, context.RequestAborted);
                Product stored = await shop.Catalog.FindProductAsync(id, context.RequestAborted);
                return isNew ? Results.Created($"/v1/products/{Uri.EscapeDataString(id)}", stored) : Results.Ok(stored);
            })
            .WithMetadata(new AcceptsMetadata(["application/json"], typeof(Product)))
            .Produces<Product>().Produces<Product>(StatusCodes.Status201Created)
            .Describe(tag, "products.put", "Adds a product, or replaces the one of this id as a whole.", ApiRoles.Admin);

        app.MapDelete("/v1/products/{id}", async (string id, Shop shop, CancellationToken stop) =>
            {
                await shop.Catalog.DeleteProductAsync(id, stop);
                return Results.NoContent();
            })
            .Produces(StatusCodes.Status204NoContent)
            .Describe(tag, "products.delete", "Takes a product out of the catalog. What shoppers did with it stays.", ApiRoles.Admin);
    }

    private static async Task<Page<Product>> ListAsync(Shop shop, CancellationToken stop, int? count = null, string? after = null,
        string? query = null, string? category = null, string? brand = null, bool? inStock = null)
    {
        int size = Page.CheckCount(count);
        int start = 0;
        if (after is not null && (!int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out start) || start < 0))
        {
            throw new InvalidRequestException("after", "The field after must be the 'next' of the page before.");
        }

        LiveShop live = await shop.Catalog.LiveAsync(stop);
        var allowed = new AllowedProducts(live, new Listed { Category = category, Brand = brand, InStock = inStock == true });
        string[] words = query?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var page = new List<Product>(size);
        for (int i = start; i < live.Products.Count; i++)
        {
            Product product = live.Products[i];
            if (allowed.Allows(i) && (inStock != false || !product.IsInStock) && HasWords(product, words))
            {
                if (page.Count == size)
                {
                    return new Page<Product>(page, i.ToString(CultureInfo.InvariantCulture));
                }

                page.Add(product);
            }
        }

        if (page.Count == 0)
        {
            allowed.RequireKnown();
        }

        return new Page<Product>(page, Next: null);
    }

    private static bool HasWords(Product product, string[] words) =>
        words.Length == 0 || product.Id.Equals(words[0], StringComparison.OrdinalIgnoreCase)
            || Array.TrueForAll(words, word => product.Title.Contains(word, StringComparison.OrdinalIgnoreCase));

    private sealed record Listed : ProductFilter;
}
