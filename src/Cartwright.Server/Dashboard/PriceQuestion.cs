using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Server.Dashboard;

/// <summary>What the page of prices was asked, as it stands in its address.</summary>
/// <param name="Proposal">Whose demand is drawn; the first of the list's where none is named.</param>
public sealed record PriceQuestion(string? Search, string? Category, string? Status, string? Proposal, int? Page)
{
    public const int PageSize = 25;

    /// <summary>Proposals that a list looks at, the newest ones; as many as can be decided on at once.</summary>
    public const int MostListed = 10_000;

    /// <summary>Every status is asked for by its name; what is no status means the one that waits for somebody.</summary>
    public ProposalStatus Asked => Enum.TryParse(Status, ignoreCase: true, out ProposalStatus status) && Enum.IsDefined(status) ? status : ProposalStatus.Waiting;

    public bool Fits(PriceProposal proposal, Product? product)
    {
        string? words = RecommendationQuestion.Text(Search);
        string? category = RecommendationQuestion.Text(Category);
        return (words is null || Has(proposal.ProductId, words) || Has(product?.Title, words) || Has(product?.Brand, words))
            && (category is null || product?.Category == category || product?.Category?.StartsWith(category + " > ", StringComparison.Ordinal) == true);
    }

    /// <summary>The address of the same list at another place.</summary>
    public string At(ProposalStatus? status = null, int? page = null, string? proposal = null) =>
        $"/prices?status={(status ?? Asked).ToString().ToLowerInvariant()}&search={Uri.EscapeDataString(Search ?? "")}&category={Uri.EscapeDataString(Category ?? "")}"
        + $"&page={(status is null ? page ?? Page ?? 1 : 1)}" + (proposal is null ? "" : $"&proposal={Uri.EscapeDataString(proposal)}");

    public static Product? ProductOf(LiveShop live, PriceProposal proposal) =>
        live.ProductIndex(proposal.ProductId) is >= 0 and int index ? live.Products[index] : null;

    private static bool Has(string? text, string words) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
