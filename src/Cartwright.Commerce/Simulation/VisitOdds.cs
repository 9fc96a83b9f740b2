namespace Cartwright.Commerce.Simulation;

/// <summary>The chance that a visit ends with a purchase, to one who knows all that is hidden: taste, stock, the rest of the list, what a price does.</summary>
/// <remarks>
/// What is still to be drawn is not known. A cart of n things is abandoned with chance 0.15, and each thing is left out with chance 0.08 otherwise, so that
/// the chance is 0.85 (1 − 0.08ⁿ · R) where R is the mean of 0.08 to the power of the things that still go into the cart. Those come from parts of the
/// visit that are independent once the lists are there, so R is a product; a list that is still to come is a mean over some that could.
/// </remarks>
internal sealed class VisitOdds(ShopWorld world, Market market, Inclination inclination, Random random)
{
    private const int Samples = 8;
    private const double Skip = Inclination.SkipChance;

    private readonly Shelf _shelf = new(world, market, random);
    private readonly double[] _first = new double[Visits.PageSize + 1];
    private readonly double[] _second = new double[Visits.PageSize + 1];
    private int _day;
    private double _later;                                 // R of the lists after the one under way
    private double _here;                                  // R of the page under way, from the place that was reached

    /// <summary>The chance now, given the things in the cart.</summary>
    public double Chance(int inCart) => (1 - Inclination.AbandonChance) * (1 - (Math.Pow(Skip, inCart) * _here * _later));

    /// <summary>The staple is looked at; the lists follow.</summary>
    public void Reorder(int p, int day)
    {
        _day = day;
        _here = market.Stock[p] > 0 ? Carted(inclination.StapleChance(p)) : 1;
        _later = Mean(() => List(inclination.Memory.LastLeaf, out int leaf) * (1 - Inclination.SecondListChance + (Inclination.SecondListChance * List(leaf, out _))));
    }

    /// <summary>The staple was decided on.</summary>
    public void Reordered() => _here = 1;

    /// <summary>A list of a category is asked for.</summary>
    /// <param name="isFirst">True where another may follow.</param>
    public void Ask(int leaf, int query, bool isFirst, int day)
    {
        Begin(leaf, isFirst, day);
        _here = Mean(() => Page(leaf, query));
    }

    /// <summary>A list is there, and a page of it is shown.</summary>
    /// <param name="query">Below 0 where nobody asked for it.</param>
    public void Show(Shelf shelf, int from, int leaf, int query, bool isFirst, int day)
    {
        if (from == 0 && query < 0)
        {
            Begin(leaf, isFirst, day);
        }

        Fill(shelf, from, _first, from == 0 ? SecondPage(shelf) : 1);
        _here = _first[0];
    }

    /// <summary>A product of the page is looked at.</summary>
    /// <param name="place">On the page, from 0.</param>
    public void Look(int p, int place) => _here = Decided(p, _first[place + 1]);

    /// <summary>A product of the page was decided against.</summary>
    public void Pass(int place) => _here = _first[place + 1];

    /// <summary>A product went into the cart; what goes with it will be shown.</summary>
    public void Carted(int p) => _here = Complements(p, 0);

    /// <summary>What goes with a product is shown.</summary>
    /// <param name="place">Among what goes with it, from 0.</param>
    /// <param name="shown">How many were shown before.</param>
    public void ShowComplement(int p, int place, int shown)
    {
        int other = world.Products[p].Complements[place];
        double look = inclination.ComplementLookChance(other, shown + 1);
        _here = (1 - look + (look * Carted(CartChance(other, Inclination.ComplementInterest)))) * Complements(p, place + 1, shown + 1);
    }

    public void LookAtComplement(int p, int place, int shown) =>
        _here = Carted(CartChance(world.Products[p].Complements[place], Inclination.ComplementInterest)) * Complements(p, place + 1, shown + 1);

    public void DecideComplement(int p, int place, int shown) => _here = Complements(p, place + 1, shown + 1);

    /// <summary>Something was taken out of a cart of which nothing is bought yet.</summary>
    /// <param name="done">Things of the cart that were decided on, this one among them.</param>
    /// <param name="left">Things that were not.</param>
    /// <remarks>Whether the cart is abandoned was drawn, but shows only in this: its chance follows by Bayes.</remarks>
    public static double AfterUncart(int done, int left)
    {
        double goesOn = (1 - Inclination.AbandonChance) * Math.Pow(Skip, done);
        return goesOn / (Inclination.AbandonChance + goesOn) * (1 - Math.Pow(Skip, left));
    }

    private void Begin(int leaf, bool isFirst, int day)
    {
        _day = day;
        _later = isFirst ? 1 - Inclination.SecondListChance + (Inclination.SecondListChance * Mean(() => List(leaf, out _))) : 1;
    }

    private static double Mean(Func<double> sample)
    {
        double sum = 0;
        for (int i = 0; i < Samples; i++)
        {
            sum += sample();
        }

        return sum / Samples;
    }

    /// <summary>R of one list that could come.</summary>
    private double List(int lastLeaf, out int leaf)
    {
        leaf = inclination.ChooseLeaf(lastLeaf, random);
        return Page(leaf, random.Chance(Inclination.SearchChance) ? inclination.ChooseQuery(leaf, random) : -1);
    }

    private double Page(int leaf, int query)
    {
        _shelf.Arrange(leaf, query, _day);
        Fill(_shelf, 0, _second, SecondPage(_shelf));
        return _second[0];
    }

    private double SecondPage(Shelf shelf)
    {
        if (shelf.Length <= Visits.PageSize)
        {
            return 1;
        }

        Fill(shelf, Visits.PageSize, _second, 1);
        return 1 - Inclination.SecondPageChance + (Inclination.SecondPageChance * _second[0]);
    }

    /// <summary>R from each place of a page on.</summary>
    private void Fill(Shelf shelf, int from, double[] values, double end)
    {
        int count = Math.Min(Visits.PageSize, shelf.Length - from);
        values[count] = end;
        for (int i = count - 1; i >= 0; i--)
        {
            int p = shelf.Products[from + i];
            double look = Math.Min(1, inclination.LookChance(p, from + i + 1));
            values[i] = ((1 - look) * values[i + 1]) + (look * Decided(p, values[i + 1]));
        }
    }

    /// <summary>R where a product of a page is looked at: it ends the page where it goes into the cart.</summary>
    private double Decided(int p, double otherwise)
    {
        double cart = CartChance(p, 1);
        return ((1 - cart) * otherwise) + (cart * Skip * Complements(p, 0));
    }

    private double Complements(int p, int from, int shown = 0)
    {
        double product = 1;
        int[] others = world.Products[p].Complements;
        for (int i = from; i < others.Length; i++)
        {
            if (market.IsSold(others[i], _day) && market.Stock[others[i]] > 0)
            {
                double look = inclination.ComplementLookChance(others[i], ++shown);
                product *= 1 - look + (look * Carted(CartChance(others[i], Inclination.ComplementInterest)));
            }
        }

        return product;
    }

    private double CartChance(int p, double interest) => market.Stock[p] == 0 ? 0 : Math.Min(1, inclination.CartChance(p, interest));

    private static double Carted(double chance) => 1 - chance + (chance * Skip);
}
