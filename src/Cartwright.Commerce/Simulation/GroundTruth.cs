using System.Globalization;
using System.Text.Json;

namespace Cartwright.Commerce.Simulation;

/// <summary>Writes what the simulation knows and the shop doesn't, so that regret can be measured.</summary>
/// <remarks>
/// A shopper's attraction to a category is exp(taste · category vector) times its season; to a product inside it
/// 0.9 taste · within - 0.8 priceSensitivity ln(referencePrice / mean of its category).
/// Counter demand a day is counterDemand × calendar × season × (price / referencePrice)^-elasticity
/// × (mean competitor price / referencePrice)^competitorElasticity × promotionLift where promoted.
/// </remarks>
internal static class GroundTruth
{
    public static void Write(string file, ShopWorld world, int seed)
    {
        using FileStream stream = File.Create(file);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteNumber("seed", seed);
        json.WriteNumber("promotionLift", Market.PromotionLift);
        json.WriteNumber("competitorElasticity", Market.CompetitorElasticity);
        WriteVector(json, "weekdays", SimulatedCalendar.Weekdays);
        WriteVector(json, "positionBias", Enumerable.Range(1, 12).Select(Visits.PositionBias));
        WriteCategories(json, world);
        WriteProducts(json, world);
        json.Flush();
        WriteShoppers(json, world);
        json.WriteEndObject();
    }

    private static void WriteCategories(Utf8JsonWriter json, ShopWorld world)
    {
        json.WriteStartArray("categories");
        for (int leaf = 0; leaf < ShopWords.Leaves.Length; leaf++)
        {
            LeafWords words = ShopWords.Leaves[leaf];
            json.WriteStartObject();
            json.WriteString("path", words.Path);
            WriteVector(json, "vector", world.LeafVectors[leaf].Select(x => (double)x));
            json.WriteNumber("peakMonth", words.PeakMonth);
            json.WriteNumber("season", words.Season);
            json.WriteBoolean("isConsumable", words.IsConsumable);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProducts(Utf8JsonWriter json, ShopWorld world)
    {
        json.WriteStartArray("products");
        foreach (SimulatedProduct product in world.Products)
        {
            json.WriteStartObject();
            json.WriteString("id", product.Id);
            json.WriteNumber("category", product.Leaf);
            json.WriteString("createdAt", world.Calendar.Midnight(product.LaunchDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            WriteVector(json, "within", product.Within.Select(x => (double)x));
            json.WriteNumber("referencePrice", Rounded(product.ReferencePrice));
            json.WriteNumber("elasticity", Rounded(product.Elasticity));
            json.WriteNumber("counterDemand", Rounded(product.CounterDemand));
            json.WriteNumber("popularity", Rounded(product.Popularity));
            json.WriteNumber("quality", Rounded(product.Quality));
            json.WriteStartArray("complements");
            foreach (int other in product.Complements)
            {
                json.WriteStringValue(world.Products[other].Id);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteShoppers(Utf8JsonWriter json, ShopWorld world)
    {
        json.WriteStartArray("shoppers");
        foreach (SimulatedShopper shopper in world.Shoppers)
        {
            json.WriteStartObject();
            json.WriteString("id", shopper.Id);
            WriteVector(json, "taste", shopper.Taste.Select(x => (double)x));
            json.WriteNumber("priceSensitivity", Rounded(shopper.PriceSensitivity));
            json.WriteNumber("sessionsPerDay", Rounded(shopper.Activity));
            json.WriteNumber("leaveDay", shopper.LeaveDay);
            json.WriteEndObject();
            if (json.BytesPending > 1 << 16)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteVector(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(Rounded(value));
        }

        json.WriteEndArray();
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
