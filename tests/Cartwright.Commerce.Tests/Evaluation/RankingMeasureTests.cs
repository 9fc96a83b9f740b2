using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Tests.Evaluation;

public sealed class RankingMeasureTests
{
    [Fact]
    public void Ranks_a_target_behind_everything_that_scores_as_much()
    {
        Assert.Equal([3], RankingMeasure.Ranks([5, 3, 3, 1], [1]));
        Assert.Equal([4], RankingMeasure.Ranks([0, 0, 0, 0], [2]));
    }

    [Fact]
    public void Targets_with_equal_scores_do_not_push_each_other_down()
    {
        Assert.Equal([1, 2], RankingMeasure.Ranks([3, 3, 1], [0, 1]));
        Assert.Equal([2, 3], RankingMeasure.Ranks([3, 3, 3, 1], [0, 1]));
    }

    [Fact]
    public void A_target_that_is_no_candidate_or_no_number_has_no_rank()
    {
        Assert.Equal([int.MaxValue], RankingMeasure.Ranks([float.NegativeInfinity, 1], [0]));
        Assert.Equal([int.MaxValue], RankingMeasure.Ranks([float.NaN, 1], [0]));
    }

    [Fact]
    public void What_no_list_may_show_is_no_candidate_and_stands_before_nothing()
    {
        int[] history = [3];
        var cases = new RankingCases { Cases = [new RankingCase(0, history, new[] { 1 }), new RankingCase(1, history, new[] { 0 })], ExcludesHistory = false };

        double Recall(RankingCases all) => RankingMeasure.Run((histories, scores) =>
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = 4 - (i % 4);
            }
        }, 4, all, [1]).Mean("recall@1");

        Assert.Equal(0.5, Recall(cases));                         // product 0 stands first for both
        Assert.Equal(0.5, Recall(cases with { Unlisted = [0] })); // and is gone: the other's target is first, its own is a miss
        Assert.Equal(1, Recall(cases with { Unlisted = [0], Cases = [cases.Cases[0]] }));
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(8), InlineData(33), InlineData(100)]
    public void Ranks_as_sorting_does_at_every_length(int length)
    {
        var random = new Random(length);
        float[] scores = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(10))];

        for (int target = 0; target < length; target++)
        {
            Assert.Equal(scores.Count(s => s >= scores[target]), RankingMeasure.Ranks(scores, [target])[0]);
        }
    }

    [Fact]
    public void Measures_a_worked_example()
    {
        // Ranks 1, 3 and 12 of three targets; the list is 10 long.
        double[] values = new double[6];

        RankingMeasurement.Measure([1, 3, 12], 10, values);

        double ideal = 1 + (1 / Math.Log2(3)) + 0.5;
        Assert.Equal(2.0 / 3, values[0], 6);                      // recall
        Assert.Equal(0.2, values[1], 6);                        // precision
        Assert.Equal(((1 + 0.5) / ideal), values[2], 6);  // ndcg: 1/log2(2) + 1/log2(4)
        Assert.Equal(1, values[3], 6);                          // mrr
        Assert.Equal(((1 + (2.0 / 3)) / 3), values[4], 6);
        Assert.Equal(((1 + (2.0 / 3)) / 3), values[5], 6);
    }

    [Fact]
    public void Map_divides_by_the_list_where_more_products_are_relevant_and_full_map_by_all_of_them()
    {
        double[] values = new double[6];

        RankingMeasurement.Measure([1, 2, 3, 4], 2, values);

        Assert.Equal(1, values[4]);
        Assert.Equal(0.5, values[5]);
        Assert.Equal(1, values[2]);
    }

    [Fact]
    public void A_target_that_stands_in_an_excluded_history_is_a_miss_and_others_move_up()
    {
        var cases = new RankingCases
        {
            Cases = [new RankingCase(0, new[] { 0 }, new[] { 1 }), new RankingCase(1, new[] { 0 }, new[] { 0 })],
            ExcludesHistory = true,
        };

        RankingMeasurement measured = RankingMeasure.Run(Fixed([9, 5, 1]), 3, cases, [1]);

        Assert.Equal([1.0, 0.0], measured.ValuesOf("recall@1").ToArray());
        Assert.Equal(1.0 / 3, measured.Mean("coverage@1"), 9);   // only product 1 was listed
    }

    [Fact]
    public void Repeats_stay_candidates_where_the_protocol_says_so()
    {
        var cases = new RankingCases { Cases = [new RankingCase(0, new[] { 0 }, new[] { 1 })], ExcludesHistory = false };

        RankingMeasurement measured = RankingMeasure.Run(Fixed([9, 5, 1]), 3, cases, [1, 2]);

        Assert.Equal(0, measured.Mean("recall@1"));
        Assert.Equal(1, measured.Mean("recall@2"));
    }

    [Fact]
    public void Measures_many_cases_in_batches_as_one_by_one()
    {
        var random = new Random(3);
        RankingCase[] cases = [.. Enumerable.Range(0, 500).Select(i => new RankingCase(i, new[] { random.Next(50) }, new[] { random.Next(50) }))];
        var all = new RankingCases { Cases = cases, ExcludesHistory = true };
        BatchScorer scorer = (histories, scores) =>
        {
            for (int i = 0; i < histories.Length; i++)
            {
                for (int p = 0; p < 50; p++)
                {
                    scores[(i * 50) + p] = (histories[i].Products.Span[0] * 7 + p * 13) % 50;
                }
            }
        };

        RankingMeasurement together = RankingMeasure.Run(scorer, 50, all, [10]);

        double alone = cases.Average(c => RankingMeasure.Run(scorer, 50, all with { Cases = [c] }, [10]).Mean("ndcg@10"));
        Assert.Equal(alone, together.Mean("ndcg@10"), 6);
    }

    private static BatchScorer Fixed(float[] scores) => (histories, rows) =>
    {
        for (int i = 0; i < histories.Length; i++)
        {
            scores.CopyTo(rows[(i * scores.Length)..]);
        }
    };
}
