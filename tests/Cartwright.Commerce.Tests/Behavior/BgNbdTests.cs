using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class BgNbdTests
{
    // Fader, Hardie and Lee 2005, table 2: the parameters for the CDNOW sample.
    private static readonly BgNbd Published = new(0.243, 4.414, 0.793, 2.426);

    [DataFact]
    public async Task Finds_the_published_parameters_of_cdnow()
    {
        Snapshot shop = (await ShopFolder.ReadSnapshotAsync(DataFolder.Shop("cdnow"))).Snapshot;

        ValueResponse found = ShopperValues.Of(shop, new ValueRequest { CalibrationWeeks = 39, Where = "in_sample=1" }, CancellationToken.None);

        Assert.Equal(2357, found.Shoppers);
        Assert.Equal(0.243, found.Frequency.R, 0.0005);
        Assert.Equal(4.414, found.Frequency.Alpha, 0.0005);
        Assert.Equal(0.793, found.Frequency.A, 0.0005);
        Assert.Equal(2.426, found.Frequency.B, 0.0005);
        Assert.Equal(-9582.4, found.LogLikelihood, 0.05);
        Assert.True(found.Foretold!.MeanAbsoluteError < found.Foretold.BaselineError);
    }

    [DataFact]
    public async Task More_weeks_of_calibration_than_there_are_purchases_are_refused()
    {
        Snapshot shop = (await ShopFolder.ReadSnapshotAsync(DataFolder.Shop("cdnow"))).Snapshot;

        var e = Assert.Throws<ValidationException>(() => ShopperValues.Of(shop, new ValueRequest { CalibrationWeeks = 900 }, CancellationToken.None));

        Assert.Contains("the purchases span 78", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foretells_the_published_example()
    {
        // The shopper worked out in the note that comes with the paper: 2 repeats, the last after 30.43 weeks, watched for 38.86.
        Assert.Equal(1.226, Published.ExpectedPurchases(new PurchaseHistory(2, 30.43, 38.86), 39), 0.001);
    }

    [Fact]
    public void Who_was_away_longer_than_usual_has_more_likely_left()
    {
        double near = Published.ChanceActive(new PurchaseHistory(10, 38, 39));
        double far = Published.ChanceActive(new PurchaseHistory(10, 15, 39));

        Assert.InRange(far, 0, 0.1);
        Assert.InRange(near, 0.8, 1);
        Assert.Equal(1, Published.ChanceActive(new PurchaseHistory(0, 0, 39)));
    }

    [Fact]
    public void More_weeks_bring_more_purchases_and_none_bring_none()
    {
        var history = new PurchaseHistory(3, 20, 25);

        Assert.Equal(0, Published.ExpectedPurchases(history, 0), 1e-12);
        Assert.True(Published.ExpectedPurchases(history, 52) > Published.ExpectedPurchases(history, 26));
    }

    [Fact]
    public void Nobody_who_came_back_is_refused()
    {
        Assert.Throws<ArgumentException>(() => BgNbd.Fit([new PurchaseHistory(0, 0, 10), new PurchaseHistory(0, 0, 5)]));
    }
}
