using System.Text.Json;
using Cartwright.Learning.Optimizers;

namespace Cartwright.Learning.Tests.Optimizers;

/// <summary>The accountant's series beside the integrals of privacy.py, and beside published numbers.</summary>
public sealed class PrivacyAccountantTests
{
    [Fact]
    public void Divergences_are_what_their_integral_is()
    {
        foreach ((double[] setting, double expected) in Cases("divergences"))
        {
            double divergence = PrivacyAccountant.Divergence(setting[0], setting[1], (int)setting[2]);

            Assert.Equal(expected, divergence, 1e-9 * expected);
        }
    }

    [Fact]
    public void Epsilons_follow_from_the_divergences()
    {
        foreach ((double[] setting, double expected) in Cases("epsilons"))
        {
            PrivacyAccountant accountant = new();
            accountant.AddSteps(setting[0], setting[1], (int)setting[2] / 2);
            accountant.AddSteps(setting[0], setting[1], (int)setting[2] - ((int)setting[2] / 2));

            Assert.Equal(expected, accountant.Epsilon(setting[3]), 1e-5);
        }
    }

    /// <summary>With the conversion of that time: the tutorial of TensorFlow Privacy, and section 3.2 of Abadi et al. 2016.</summary>
    [Theory]
    [InlineData(250.0 / 60_000, 1.3, 3_600, 1.18)]
    [InlineData(0.01, 4, 10_000, 1.26)]
    public void Published_examples_come_out(double samplingRate, double noise, int steps, double epsilon)
    {
        double best = Enumerable.Range(2, 62).Min(order =>
            (steps * PrivacyAccountant.Divergence(samplingRate, noise, order)) - (Math.Log(1e-5) / (order - 1)));

        Assert.Equal(epsilon, best, 0.006);
    }

    [Fact]
    public void More_noise_fewer_steps_and_smaller_batches_tell_less()
    {
        double usual = Epsilon(0.01, 1, 500);

        Assert.True(Epsilon(0.01, 2, 500) < usual);
        Assert.True(Epsilon(0.01, 1, 250) < usual);
        Assert.True(Epsilon(0.005, 1, 500) < usual);
        Assert.Equal(0, Epsilon(0.01, 1, 0));
        Assert.True(Epsilon(1, 1, 500) > usual);
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        PrivacyAccountant accountant = new();

        Assert.Throws<ArgumentOutOfRangeException>(() => accountant.AddSteps(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => accountant.AddSteps(1.5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => accountant.AddSteps(0.1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => accountant.AddSteps(0.1, double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => accountant.Epsilon(1));
    }

    private static double Epsilon(double samplingRate, double noise, int steps)
    {
        PrivacyAccountant accountant = new();
        accountant.AddSteps(samplingRate, noise, steps);
        return accountant.Epsilon(1e-5);
    }

    private static IEnumerable<(double[] Setting, double Expected)> Cases(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "References", "privacy.json")));
        JsonElement cases = document.RootElement.GetProperty(name);
        double[][] settings = [.. cases.GetProperty("settings").EnumerateArray().Select(Numbers)];
        return settings.Zip(Numbers(cases.GetProperty("values")));
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];
}
