using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Simulation;

public sealed class SessionTruthTests(SampleFolder sample) : IClassFixture<SampleFolder>
{
    [Fact]
    public async Task The_true_chances_are_the_shares_that_come()
    {
        IReadOnlyDictionary<string, List<float>> truth = SessionTruth.Read(sample.Folder)!;
        Session[] sessions = Sessions.Of((await ShopFolder.ReadSnapshotAsync(sample.Folder)).Snapshot);

        // The first interaction of each session: independent of one another, and its chance is a mean over all that may follow.
        (float Chance, bool Came)[] first = [.. sessions.Select(session => (truth[session.Id!][0], session.Outcome == SessionOutcome.Purchase))];

        Assert.All(truth.Values.SelectMany(chances => chances), chance => Assert.InRange(chance, 0, 1));
        foreach (IGrouping<int, (float Chance, bool Came)> bin in first.GroupBy(f => (int)(f.Chance * 8)).Where(bin => bin.Count() > 200))
        {
            double error = 3 * 0.5 / Math.Sqrt(bin.Count());
            Assert.InRange(bin.Average(f => f.Came ? 1.0 : 0), bin.Average(f => f.Chance) - error, bin.Average(f => f.Chance) + error);
        }
    }

    [Fact]
    public void Each_interaction_of_a_session_has_one()
    {
        Dictionary<string, int> counts = sample.Rows("interactions.csv").Where(row => row[3].Length > 0).CountBy(row => row[3]).ToDictionary(StringComparer.Ordinal);

        IReadOnlyDictionary<string, List<float>> truth = SessionTruth.Read(sample.Folder)!;

        Assert.Equal(counts.Count, truth.Count);
        Assert.All(truth, session => Assert.Equal(counts[session.Key], session.Value.Count));
    }

    [Fact]
    public void An_uncart_tells_that_the_cart_was_rather_abandoned()
    {
        Assert.Equal(0, VisitOdds.AfterUncart(done: 1, left: 0));                          // nothing is left to buy
        Assert.Equal(0.85 * 0.08 / (0.15 + (0.85 * 0.08)) * 0.92, VisitOdds.AfterUncart(done: 1, left: 1), 9);
    }
}
