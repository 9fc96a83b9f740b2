using Cartwright.Commerce.Inventory;

namespace Cartwright.Commerce.Tests.Inventory;

/// <summary>Held against the function ets of the R package forecast.</summary>
/// <remarks>
/// Series, parameters and figures of R are those with which statsmodels tests its own smoothing: statsmodels/tsa/tests/results/fit_ets_results_seasonal.json and
/// fit_ets_results_nonseasonal.json, made by fit_ets.R beside them, in github.com/statsmodels/statsmodels at 82c59e378bdf. The series are austourists (visitor
/// nights by quarter) and oildata (oil production by year) of the R package fpp2.
/// </remarks>
public sealed class AutoEtsTests
{
    private static readonly double[] Tourists =
    [
        30.052513, 19.148496, 25.317692, 27.591437, 32.076456, 23.487961, 28.47594, 35.123753, 36.838485, 25.007017,
        30.72223, 28.693759, 36.640986, 23.824609, 29.311683, 31.770309, 35.177877, 19.775244, 29.60175, 34.538842,
        41.273599, 26.655862, 28.279859, 35.191153, 42.20566386, 24.64917133, 32.66733514, 37.25735401, 45.24246027, 29.35048127,
        36.34420728, 41.78208136, 49.27659843, 31.27540139, 37.85062549, 38.83704413, 51.23690034, 31.83855162, 41.32342126, 42.79900337,
        55.70835836, 33.40714492, 42.31663797, 45.15712257, 59.57607996, 34.83733016, 44.84168072, 46.9712496, 60.01903094, 38.37117851,
        46.97586413, 50.73379646, 61.64687319, 39.29956937, 52.67120908, 54.33231689, 66.83435838, 40.87118847, 51.82853579, 57.49190993,
        65.25146985, 43.06120822, 54.76075713, 59.83447494, 73.25702747, 47.69662373, 61.09776802, 66.05576122,
    ];

    private static readonly double[] Oil =
    [
        111.0091346, 130.8284341, 141.2870879, 154.2277747, 162.7408654, 192.1664835, 240.7997253, 304.2173901, 384.0045673, 429.6621566,
        359.3169299, 437.2518544, 468.4007898, 424.4353365, 487.9794299, 509.8284478, 506.3472527, 340.1842374, 240.258921, 219.0327876,
        172.0746632, 252.5900922, 221.0710774, 276.5187735, 271.1479517, 342.6186005, 428.3558357, 442.3945534, 432.7851482, 437.2497186,
        437.2091599, 445.3640981, 453.1950104, 454.409641, 422.3789058, 456.0371217, 440.3866047, 425.1943725, 486.2051735, 500.4290861,
        521.2759092, 508.947617, 488.8888577, 509.870575, 456.7229123, 473.8166029, 525.9508706, 549.8338076, 542.3404698,
    ];

    /// <summary>Series, form, what R found, its log-likelihood, its last fitted value and its forecasts.</summary>
    internal static TheoryData<string, string, EtsStart, double, double, double[]> FoundByR => new()
    {
        { "Tourists", "AAA", new EtsStart(0.20281952, 0.00016979, 0.4645238, 1, 23.06996036, 0.57786622, [8.50287244, -8.97988612, -1.17750326, 1.65451693]), -201.27311461, 63.39782057, [75.34454396, 50.75845291, 63.05022495, 67.48394643] },
        { "Tourists", "MAA", new EtsStart(0.41637192, 0.00010001, 0.3529439, 1, 25.70245461, 0.44872759, [5.05727004, -6.84185501, -0.57933567, 2.36392064]), -203.60021572, 63.87830492, [75.69740289, 51.25292515, 63.34573483, 67.35397685] },
        { "Tourists", "ANA", new EtsStart(0.54216695, 0, 0.39203017, 1, 25.54638913, 0, [4.84845926, -6.46658738, -0.53099835, 2.14912647]), -204.28165362, 63.7337934, [75.32914757, 50.16726775, 62.21021038, 65.90296904] },
        { "Tourists", "MNA", new EtsStart(0.53284256, 0, 0.34638743, 1, 25.26691208, 0, [4.47629872, -5.89550741, -0.51991064, 1.93911932]), -206.75768291, 63.48509422, [75.20474689, 50.31612149, 62.186139, 65.74530174] },
        { "Tourists", "MAM", new EtsStart(0.31562139, 0.00010001, 0.00010005, 1, 24.74993982, 0.51242558, [1.23309134, 0.77017133, 0.95960345, 1.03713388]), -195.75179425, 64.11199035, [77.58807372, 48.8558019, 61.36513172, 66.85524201] },
        { "Tourists", "MNM", new EtsStart(0.60899314, 0, 0.00016726, 1, 29.67481548, 0, [1.2317937, 0.76838081, 0.96140206, 1.03842344]), -206.42027478, 64.83176246, [77.78795149, 48.52405046, 60.7133168, 65.57737638] },
        { "Tourists", "AAdA", new EtsStart(0.35445427, 0.03200749, 0.39993387, 0.97999997, 24.01278357, 0.97770147, [5.34956637, -6.61171798, -0.50735902, 1.76951063]), -200.02361522, 64.16460104, [76.07768073, 51.61741109, 63.96457729, 68.27886241] },
        { "Tourists", "MAdA", new EtsStart(0.31114284, 0.04721388, 0.30950232, 0.8708892, 21.67128194, 1.98691433, [6.43782633, -6.10365176, -1.37168288, 1.03750831]), -204.85615892, 63.15893591, [75.18545389, 51.10898524, 62.88324814, 66.74862479] },
        { "Tourists", "MAdM", new EtsStart(0.48397584, 0.00351728, 0.0001131, 0.98, 23.54623801, 0.7983291, [1.2341092, 0.77007856, 0.96050633, 1.0353059]), -196.36297945, 64.45395529, [78.09439198, 48.93807849, 61.29337201, 66.33465147] },
        { "Oil", "AAN", new EtsStart(0.99770564, 0.0001001, 0, 1, 21.3150686, 11.71213626, []), -285.64745013, 561.51438238, [554.09126495, 565.79806815, 577.50487134, 589.21167453] },
        { "Oil", "MAN", new EtsStart(0.9998996, 0.02781619, 0, 1, 37.8545175, 32.60926576, []), -293.30311473, 565.0020513, [556.88153033, 571.42031554, 585.95910076, 600.49788597] },
        { "Oil", "ANN", new EtsStart(0.99989996, 0, 0, 1, 110.88321179, 0, []), -285.07846207, 549.83141792, [542.34121919, 542.34121919, 542.34121919, 542.34121919] },
        { "Oil", "MNN", new EtsStart(0.99989932, 0, 0, 1, 108.50797841, 0, []), -289.29728569, 549.83140253, [542.34122401, 542.34122401, 542.34122401, 542.34122401] },
        { "Oil", "AAdN", new EtsStart(0.99989969, 0.11886985, 0, 0.80000197, 36.46466837, 34.72584983, []), -284.64438385, 555.11309075, [545.35213563, 547.76044926, 549.68710489, 551.22843318] },
        { "Oil", "MAdN", new EtsStart(0.92024781, 0.00010003, 0, 0.96360848, 36.95199158, 35.03197857, []), -292.23998794, 553.79150888, [548.73324311, 554.01336256, 559.10133046, 564.00413949] },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Runs_as_R_does_from_the_same_start(int row)
    {
        (string series, string form, EtsStart start, double likelihood, double fitted, double[] forecasts) = Row(row);

        var model = Ets.Run(FormOf(form), start, ValuesOf(series));

        // R works with more digits than it wrote down.
        Assert.Equal(likelihood, model.LogLikelihood, 1e-4);
        Assert.Equal(fitted, model.Fitted[^1], 1e-4);
        for (int step = 0; step < forecasts.Length; step++)
        {
            // Where seasons multiply, R gives the mean over the errors to come, not the path without them; statsmodels allows a part in 1,000 too.
            Assert.Equal(forecasts[step], model.Forecast(step).Mean, form[^1] == 'M' ? 1e-3 * forecasts[step] : 1e-4);
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void Finds_a_likelihood_as_high_as_R_finds(int row)
    {
        (string series, string form, _, double likelihood, _, _) = Row(row);

        Ets model = AutoEts.Fit(FormOf(form), ValuesOf(series), series == "Tourists" ? 4 : 1);

        Assert.True(model.LogLikelihood > likelihood - 0.05, $"{form}: {model.LogLikelihood:0.000}, R {likelihood:0.000}");
    }

    [Theory]
    [InlineData("Tourists", 4, "MAM")]
    [InlineData("Oil", 1, "ANN")]
    public void Takes_the_form_that_the_criterion_of_R_takes(string series, int season, string form)
    {
        Ets model = AutoEts.Fit(ValuesOf(series), season)!;

        Assert.Equal(form, model.Form.ToString());
    }

    [Fact]
    public void Periods_without_a_value_leave_the_level_alone()
    {
        double[] values = [10, 12, 11, double.NaN, double.NaN, 12, 11, 10, 12, 11];
        var start = new EtsStart(0.5, 0, 0, 1, 11, 0, []);

        var model = Ets.Run(FormOf("ANN"), start, values);

        Assert.Equal(model.Fitted[3], model.Fitted[5]);
        Assert.False(double.IsNaN(model.LogLikelihood));
    }

    [Fact]
    public void The_variance_of_a_random_walk_grows_with_every_step()
    {
        var walk = Ets.Run(FormOf("ANN"), new EtsStart(1, 0, 0, 1, 0, 0, []), [1, 0, 1, 0, 1, 0, 1, 0]);

        // A forecast of step h has h + 1 errors in it.
        Assert.Equal(walk.Forecast(0).Deviation * 2, walk.Forecast(3).Deviation, 1e-9);
    }

    public static IEnumerable<object[]> Rows => Enumerable.Range(0, FoundByR.Count).Select(row => new object[] { row });

    private static (string Series, string Form, EtsStart Start, double Likelihood, double Fitted, double[] Forecasts) Row(int row)
    {
        object[] of = FoundByR.ElementAt(row);
        return ((string)of[0], (string)of[1], (EtsStart)of[2], (double)of[3], (double)of[4], (double[])of[5]);
    }

    private static double[] ValuesOf(string series) => series == "Tourists" ? Tourists : Oil;

    private static EtsForm FormOf(string name)
    {
        static EtsPart Part(char letter) => letter switch
        {
            'A' => EtsPart.Additive,
            'M' => EtsPart.Multiplicative,
            _ => EtsPart.None,
        };
        return new EtsForm(Part(name[0]), Part(name[1]), name.Contains('d', StringComparison.Ordinal), Part(name[^1]));
    }
}
