using Cartwright.Learning.Metrics;

namespace Cartwright.Learning.Tests.Metrics;

public sealed class RankingTests
{
    [Fact]
    public void A_target_stands_after_all_that_score_higher()
    {
        Assert.Equal(1, Ranking.Rank([0.1f, 0.9f, 0.5f], 1));
        Assert.Equal(3, Ranking.Rank([0.1f, 0.9f, 0.5f], 0));
    }

    [Fact]
    public void Ties_count_against_the_model()
    {
        Assert.Equal(4, Ranking.Rank([1f, 1f, 1f, 1f], 0));
        Assert.Equal(3, Ranking.Rank([2f, 1f, 1f, 0f], 1));
    }

    [Fact]
    public void The_area_under_the_curve_is_the_share_of_pairs_in_the_right_order()
    {
        Assert.Equal(0.5, Ranking.AreaUnderCurve([1, 4], candidateCount: 4), 12);   // of four pairs those of the first
        Assert.Equal(1, Ranking.AreaUnderCurve([1, 2], candidateCount: 4), 12);
        Assert.Equal(0, Ranking.AreaUnderCurve([4], candidateCount: 4), 12);
        Assert.Equal(0.5, Ranking.AreaUnderCurve([1, Ranking.Missed], candidateCount: 4), 12);
        Assert.Equal(1, Ranking.AreaUnderCurve([1], candidateCount: 1), 12);
    }

    [Fact]
    public void Only_candidates_are_counted()
    {
        Assert.Equal(1, Ranking.Rank([5f, 1f, 0f], 1, [false, true, true]));
    }

    [Fact]
    public void A_target_that_is_no_candidate_is_missed()
    {
        Assert.Equal(Ranking.Missed, Ranking.Rank([5f, 1f], 0, [false, true]));
    }

    [Fact]
    public void A_target_without_a_number_stands_last()
    {
        Assert.Equal(3, Ranking.Rank([float.NaN, 1f, float.NegativeInfinity], 0));
        Assert.Equal(1, Ranking.Rank([1f, float.NaN, float.NaN], 0));
    }

    [Fact]
    public void Relevant_items_of_one_score_take_places_after_the_irrelevant_ones()
    {
        int[] ranks = new int[3];

        Ranking.Ranks([2f, 1f, 1f, 1f, 0f], [1, 3, 0], default, ranks);

        Assert.Equal([1, 3, 4], ranks);
    }

    [Fact]
    public void Measures_of_one_relevant_item_at_rank_3()
    {
        int[] ranks = [3];

        Assert.Equal(1, Ranking.Recall(ranks, 10));
        Assert.Equal(0, Ranking.Recall(ranks, 2));
        Assert.Equal(0.1, Ranking.Precision(ranks, 10), 12);
        Assert.Equal(0.5, Ranking.Ndcg(ranks, 10), 12);
        Assert.Equal(1.0 / 3, Ranking.ReciprocalRank(ranks, 10), 12);
        Assert.Equal(1.0 / 3, Ranking.AveragePrecision(ranks, 10), 12);
        Assert.Equal(0, Ranking.ReciprocalRank(ranks, 2));
        Assert.Equal(0, Ranking.Ndcg(ranks, 2));
    }

    // Worked by hand: relevant at 1, 3, 6 and 20 of the list.
    [Fact]
    public void Measures_of_several_relevant_items()
    {
        int[] ranks = [1, 3, 6, 20];

        Assert.Equal(0.75, Ranking.Recall(ranks, 10));
        Assert.Equal(0.3, Ranking.Precision(ranks, 10), 12);
        Assert.Equal(1, Ranking.ReciprocalRank(ranks, 10));
        Assert.Equal((1 + (2.0 / 3) + (3.0 / 6)) / 4, Ranking.AveragePrecision(ranks, 10), 12);
        double best = 1 + (1 / Math.Log2(3)) + 0.5 + (1 / Math.Log2(5));
        Assert.Equal((1 + 0.5 + (1 / Math.Log2(7))) / best, Ranking.Ndcg(ranks, 10), 12);
    }

    [Fact]
    public void The_two_divisions_of_average_precision_differ_where_more_is_relevant_than_fits()
    {
        int[] ranks = [1, 2, 3];

        Assert.Equal(1, Ranking.AveragePrecision(ranks, 2));
        Assert.Equal(2.0 / 3, Ranking.AveragePrecisionFull(ranks, 2), 12);
    }

    [Fact]
    public void A_perfect_list_has_gain_1()
    {
        Assert.Equal(1, Ranking.Ndcg([1, 2, 3, 4], 2), 12);
    }

    [Fact]
    public void A_list_without_a_relevant_item_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Ranking.Recall([], 10));
        Assert.Throws<ArgumentException>(() => Ranking.Ndcg([], 10));
    }

    [Fact]
    public void The_top_is_sorted_by_score_then_by_index()
    {
        int[] top = new int[4];

        int count = Ranking.Top([1f, 3f, float.NaN, 3f, 2f, 9f], [true, true, true, true, true, false], top);

        Assert.Equal(4, count);
        Assert.Equal([1, 3, 4, 0], top);
    }

    [Fact]
    public void The_top_agrees_with_sorting()
    {
        var random = new Random(5);
        float[] scores = [.. Enumerable.Range(0, 1000).Select(_ => (float)random.Next(200))];
        int[] top = new int[50];

        Ranking.Top(scores, default, top);

        Assert.Equal(Enumerable.Range(0, 1000).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(50), top);
    }

    [Fact]
    public void The_top_is_short_where_candidates_are_few()
    {
        int[] top = new int[5];

        Assert.Equal(1, Ranking.Top([1f, 2f], [true, false], top));
        Assert.Equal(0, Ranking.Top([], default, top));
    }

    [Fact]
    public void Coverage_counts_each_listed_item_once()
    {
        var coverage = new Coverage(8);

        coverage.Add([0, 1, 2]);
        coverage.Add([2, 1, 7]);

        Assert.Equal(0.5, coverage.Value);
    }
}
