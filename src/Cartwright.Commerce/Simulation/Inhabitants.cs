namespace Cartwright.Commerce.Simulation;

/// <summary>A product with what the shop doesn't know of it.</summary>
internal sealed class SimulatedProduct
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required int Leaf { get; init; }

    public required int Noun { get; init; }

    public required int Brand { get; init; }

    public required int Style { get; init; }

    public required int Color { get; init; }

    /// <summary>Price that the product is usually sold at; demand is 1 times its base there.</summary>
    public required double ReferencePrice { get; init; }

    public required double Cost { get; init; }

    /// <summary>Day on which it is first sold; below 0 where it was there before the first day.</summary>
    public required int LaunchDay { get; init; }

    /// <summary>Where it lies inside its category for a taste: brand, style and what is its own.</summary>
    public required float[] Within { get; init; }

    /// <summary>Demand goes with (price / reference price) to the power of -Elasticity.</summary>
    public required double Elasticity { get; init; }

    /// <summary>Mean 0, deviation 1; lifts sales and ratings and lowers returns.</summary>
    public required double Quality { get; init; }

    /// <summary>Share of attention inside its category, mean 1.</summary>
    public required double Popularity { get; init; }

    /// <summary>Units per day over the counter at reference price in an average week.</summary>
    public double CounterDemand { get; set; }

    /// <summary>Days between order and delivery.</summary>
    public required int LeadTimeDays { get; init; }

    /// <summary>Indexes of the products that are bought together with it.</summary>
    public int[] Complements { get; set; } = [];
}

/// <summary>A shopper with what the shop doesn't know of them.</summary>
internal sealed class SimulatedShopper
{
    public required string Id { get; init; }

    public required int JoinDay { get; init; }

    /// <summary>Last day of an interest in this shop.</summary>
    public required int LeaveDay { get; init; }

    /// <summary>Sessions per day while active.</summary>
    public required double Activity { get; init; }

    public required float[] Taste { get; init; }

    /// <summary>Multiplies a product's elasticity; mean 1.</summary>
    public required double PriceSensitivity { get; init; }

    public required string Region { get; init; }

    public required string Device { get; init; }

    public required bool Newsletter { get; init; }

    public bool IsActive(int day) => day >= JoinDay && day <= LeaveDay;
}

/// <summary>Words that are typed into the search box, and what they mean.</summary>
/// <param name="Style">Index, or -1 where the words name none.</param>
/// <param name="Brand">Index, or -1 where the words name none.</param>
internal sealed record SimulatedQuery(string Text, int Leaf, int Noun, int Style, int Brand)
{
    /// <summary>3: all that was asked; 2: the thing; 1: its category; 0: something else.</summary>
    public int Grade(SimulatedProduct product)
    {
        if (product.Leaf != Leaf)
        {
            return 0;
        }

        bool isThing = product.Noun == Noun;
        bool isAsked = (Style < 0 || product.Style == Style) && (Brand < 0 || product.Brand == Brand);
        return isThing ? (isAsked ? 3 : 2) : 1;
    }
}
