using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search.Ranking;

public sealed class RankShareTests
{
    [Fact]
    public void Its_reasons_sum_to_the_score_heaviest_first()
    {
        var share = new RankShare(0.5f, -0.25f, 1f);

        IReadOnlyList<Reason> reasons = share.Reasons;

        Assert.Equal(share.Score, reasons.Sum(reason => reason.Weight), 6);
        Assert.Equal([1.0, 0.5, -0.25], reasons.Select(reason => reason.Weight));
    }

    [Fact]
    public void What_says_the_same_of_all_is_no_reason() =>
        Assert.Single(new RankShare(0, 0, 0.3f).Reasons);
}
