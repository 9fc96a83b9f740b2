#:project ../src/Cartwright.Storage/Cartwright.Storage.csproj
#:property PublishAot=false

using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Storage;

await using Shop shop = await Shop.OpenAsync("my-shop");
await shop.Catalog.ImportAsync(new ImportRequest { Folder = "shop-folder" });
await shop.Recommendation.TrainAsync(new TrainRequest { Minutes = 5 });
RecommendResponse answer = await shop.Recommendation.RecommendAsync(new RecommendRequest { ShopperId = "u000001", Explain = true });
foreach (RankedProduct product in answer.Results)
{
    Console.WriteLine($"{product.Title}: {string.Join(", ", product.Reasons!.Select(reason => reason.Text))}");
}
