using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;

namespace Cartwright.Commerce.Tests.Evaluation;

public sealed class RankingProtocolsTests
{
    private static readonly HashSet<InteractionKind> Purchases = [InteractionKind.Purchase];
    private static readonly HashSet<InteractionKind> Views = [InteractionKind.View];

    [Fact]
    public void Leave_one_out_tests_the_last_step_after_all_before_it_and_trains_on_neither_of_the_last_two()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abcd").Shopper("bob", "ba").Snapshot();

        RankingSplit split = Assert.Single(RankingProtocols.Cut("leave-one-out", shop, Purchases, seed: 1));

        Assert.Equal(["ab", "ba"], Words(split.Train));
        Assert.Equal(["ab>c"], Words(split.Validation));
        Assert.Equal(["abc>d"], Words(split.Test));
        Assert.True(split.Test.ExcludesHistory);
        Assert.Null(split.Whole);
    }

    [Fact]
    public void Leave_one_out_reads_an_unknown_persons_session_like_a_shopper()
    {
        Snapshot shop = new TinyShop().Session("s1", "abc").Snapshot();

        RankingSplit split = Assert.Single(RankingProtocols.Cut("leave-one-out", shop, Views, seed: 1));

        Assert.Equal(["ab>c"], Words(split.Test));
    }

    [Fact]
    public void Session_split_targets_every_next_product_of_the_test_sessions_and_keeps_repeats_as_candidates()
    {
        Snapshot shop = new TinyShop().Session("s1", "ab").Session("s2", "bc", from: 100).Session("s3", "aba", from: 200).Snapshot(Split(session: ["train", "valid", "test"]));

        RankingSplit split = Assert.Single(RankingProtocols.Cut("session-split", shop, Views, seed: 1));

        Assert.Equal(["ab"], Words(split.Train));
        Assert.Equal(["b>c"], Words(split.Validation));
        Assert.Null(split.Whole);                                             // the file says what doesn't train
        Assert.Equal(["a>b", "ab>a"], Words(split.Test));
        Assert.Equal([0, 0], split.Test.Cases.Select(c => c.Owner));
        Assert.False(split.Test.ExcludesHistory);
    }

    [Fact]
    public void Session_split_validates_on_the_latest_training_sessions_where_the_file_names_none()
    {
        var tiny = new TinyShop();
        for (int i = 0; i < 20; i++)
        {
            tiny.Session($"s{i}", i == 0 ? "cd" : "ab", from: 1000 - i);          // s0 is the newest
        }

        Snapshot shop = tiny.Session("test", "bc").Snapshot(Split(session: [.. Enumerable.Repeat("train", 20), "test"]));

        RankingSplit split = Assert.Single(RankingProtocols.Cut("session-split", shop, Views, seed: 1));

        Assert.Equal(19, split.Train.Count);
        Assert.Equal(["c>d"], Words(split.Validation));
        Assert.Equal(20, split.Whole!.Count);
    }

    [Fact]
    public void Random_75_holds_out_a_quarter_of_each_shoppers_products_and_counts_a_repeat_once()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abcdefghab").Snapshot();

        RankingSplit split = Assert.Single(RankingProtocols.Cut("random-75", shop, Purchases, seed: 1));

        RankingCase test = Assert.Single(split.Test.Cases);
        RankingCase validation = Assert.Single(split.Validation.Cases);
        Assert.Equal(2, test.Targets.Length);
        Assert.Equal(6, test.History.Count);
        Assert.Equal(1, validation.Targets.Length);
        Assert.Equal(5, split.Train.StepCount);
        Assert.Equal(8, test.History.Products.ToArray().Concat(test.Targets.ToArray()).Distinct().Count());
    }

    [Fact]
    public void Random_75_gives_the_same_split_for_the_same_seed_and_another_for_another()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abcdefghijklmnopqrstuvwxyz").Snapshot();

        IEnumerable<string> Targets(int seed) => Words(RankingProtocols.Cut("random-75", shop, Purchases, seed)[0].Test);

        Assert.Equal(Targets(1), Targets(1));
        Assert.NotEqual(Targets(1), Targets(2));
    }

    [Fact]
    public void Folds_test_each_fold_once_and_train_on_the_others()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abcd").Snapshot(Split(interaction: ["fold1", "fold2", "fold1", "fold2"]));

        IReadOnlyList<RankingSplit> folds = RankingProtocols.Cut("folds", shop, Purchases, seed: 1);

        Assert.Equal(2, folds.Count);
        Assert.Equal(["bd>ac"], Words(folds[0].Test));
        Assert.Equal(["ac>bd"], Words(folds[1].Test));
        Assert.Equal(1, folds[0].Train.StepCount);                               // the other of b and d validates
        Assert.Equal(["bd"], Words(folds[0].Whole!));
    }

    [Fact]
    public void Split_file_takes_the_parts_of_the_interactions_and_all_of_a_shoppers_test_products_are_relevant()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abcde").Snapshot(Split(interaction: ["train", "test", "train", "valid", "test"]));

        RankingSplit split = Assert.Single(RankingProtocols.Cut("split-file", shop, Purchases, seed: 1));

        Assert.Equal(["ac"], Words(split.Train));
        Assert.Equal(["ac>d"], Words(split.Validation));
        Assert.Equal(["acd>be"], Words(split.Test));
        Assert.Null(split.Whole);
    }

    [Fact]
    public void Time_split_cuts_everybody_at_one_midnight_and_leaves_out_who_came_later()
    {
        const int day = 86_400;
        var tiny = new TinyShop { Times = "real" };
        for (int d = 0; d < 10; d++)
        {
            tiny.Shopper("ann", ((char)('a' + d)).ToString(), from: (d * day) + 3600);
        }

        Snapshot shop = tiny.Shopper("late", "k", from: (9 * day) + 7200).Snapshot();

        RankingSplit split = Assert.Single(RankingProtocols.Cut("time-split", shop, Purchases, seed: 1));

        Assert.Equal(["abcdefghi>j"], Words(split.Test));
        Assert.Equal(["abcdefgh"], Words(split.Train));
        Assert.Equal(["abcdefgh>i"], Words(split.Validation));
        Assert.Equal(["abcdefghi"], Words(split.Whole!));
    }

    [Fact]
    public void Time_split_is_refused_where_times_only_keep_an_order()
    {
        Snapshot shop = new TinyShop { Times = "order" }.Shopper("ann", "abc").Snapshot();

        ValidationException refused = Assert.Throws<ValidationException>(() => RankingProtocols.Cut("time-split", shop, Purchases, seed: 1));

        Assert.Contains("only keep the order", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session-split")]
    [InlineData("folds")]
    [InlineData("split-file")]
    public void A_protocol_that_needs_a_split_file_says_so(string protocol)
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abc").Snapshot();

        ValidationException refused = Assert.Throws<ValidationException>(() => RankingProtocols.Cut(protocol, shop, Purchases, seed: 1));

        Assert.Contains("split.csv", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_protocol_is_refused_with_a_guess_and_the_allowed_ones()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "abc").Snapshot();

        ValidationException refused = Assert.Throws<ValidationException>(() => RankingProtocols.Cut("leave-one-our", shop, Purchases, seed: 1));

        Assert.Contains("Did you mean 'leave-one-out'?", refused.Message, StringComparison.Ordinal);
        Assert.Contains("random-75", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shop_in_which_nobody_did_enough_is_refused()
    {
        Snapshot shop = new TinyShop().Shopper("ann", "ab").Snapshot();

        Assert.Throws<ValidationException>(() => RankingProtocols.Cut("leave-one-out", shop, Purchases, seed: 1));
    }

    [Fact]
    public void Test_data_gives_each_known_shoppers_next_basket_and_its_new_products_are_candidates()
    {
        const int day = 86_400;
        Snapshot data = new TinyShop { Times = "real" }
            .Shopper("ann", "ab").Shopper("ann", "c", from: day).Shopper("bob", "a", from: day).Snapshot();
        Snapshot test = new TinyShop { Times = "real" }
            .Shopper("ann", "zd", from: 2 * day).Shopper("ann", "a", from: 3 * day)
            .Shopper("bob", "a", from: 10).Shopper("new", "a", from: 2 * day).Snapshot();

        (IReadOnlyList<Product> products, RankingSplit split) = RankingProtocols.Cut("leave-one-out", data, test, Purchases);

        Assert.Equal(["a", "b", "c", "d", "z"], products.Select(p => p.Id));
        RankingCase only = Assert.Single(split.Test.Cases);                     // bob did nothing later, the new one is not known
        Assert.Equal([0, 1, 2], only.History.Products.ToArray());
        Assert.Equal([4, 3], only.Targets.ToArray());                           // z and d on the day, not the a of the day after
        Assert.Equal(["ab", "a"], Words(split.Train));
        Assert.Equal(["ab>c"], Words(split.Validation));
    }

    [Fact]
    public void A_basket_of_the_test_data_is_the_session_where_there_is_one()
    {
        Snapshot data = new TinyShop().Shopper("ann", "ab").Snapshot();
        Snapshot test = new TinyShop().Shopper("ann", "cd", from: 50, session: "s1").Shopper("ann", "e", from: 60, session: "s2").Snapshot();

        (_, RankingSplit split) = RankingProtocols.Cut("leave-one-out", data, test, Purchases);

        Assert.Equal(2, Assert.Single(split.Test.Cases).Targets.Length);
    }

    [Fact]
    public void Test_data_without_anybody_known_is_refused_with_a_way_out()
    {
        Snapshot data = new TinyShop().Shopper("ann", "ab").Snapshot();
        Snapshot test = new TinyShop().Session("s1", "cd", InteractionKind.Purchase, from: 50).Snapshot();

        ValidationException refused = Assert.Throws<ValidationException>(() => RankingProtocols.Cut("leave-one-out", data, test, Purchases));

        Assert.Contains("--protocol session-split", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Session_split_with_test_data_tests_every_session_of_it()
    {
        Snapshot data = new TinyShop().Session("s1", "ab").Session("s2", "bc", from: 10).Snapshot();
        Snapshot test = new TinyShop().Session("t1", "cba").Snapshot();

        (_, RankingSplit split) = RankingProtocols.Cut("session-split", data, test, Views);

        Assert.Equal(["c>b", "cb>a"], Words(split.Test));
    }

    [Fact]
    public void Evaluates_on_purchases_where_a_shop_has_some_else_on_ratings_else_on_views()
    {
        Assert.Equal([InteractionKind.Purchase], RankingProtocols.KindsOf(new TinyShop().Shopper("a", "ab", InteractionKind.View).Shopper("a", "a").Snapshot()));
        Assert.Equal([InteractionKind.Rating], RankingProtocols.KindsOf(new TinyShop().Shopper("a", "ab", InteractionKind.Rating).Snapshot()));
        Assert.Contains(InteractionKind.View, RankingProtocols.KindsOf(new TinyShop().Session("s", "ab").Snapshot()));
    }

    private static ShopSplit Split(string[]? interaction = null, string[]? session = null)
    {
        string[] parts = [.. (interaction ?? []).Concat(session ?? []).Distinct()];
        return new ShopSplit
        {
            Parts = parts,
            Interaction = [.. (interaction ?? []).Select(part => Array.IndexOf(parts, part))],
            Session = [.. (session ?? []).Select(part => Array.IndexOf(parts, part))],
        };
    }

    private static IEnumerable<string> Words(Sequences sequences) => Enumerable.Range(0, sequences.Count)
        .Select(s => Word(sequences.ProductsOf(s)));

    private static IEnumerable<string> Words(RankingCases cases) => cases.Cases.Select(c => $"{Word(c.History.Products.Span)}>{Word(c.Targets.Span)}");

    /// <summary>Letters again; the shops here have the products a, b, c, … without a gap.</summary>
    private static string Word(ReadOnlySpan<int> products) => string.Concat(products.ToArray().Select(p => (char)('a' + p)));
}
