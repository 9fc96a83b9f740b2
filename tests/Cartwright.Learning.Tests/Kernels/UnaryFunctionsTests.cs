using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class UnaryFunctionsTests
{
    private delegate void Map(ReadOnlySpan<float> x, Span<float> y);

    private static readonly Dictionary<string, (Map Ours, Func<double, double> Definition)> Functions = new()
    {
        ["exp"] = (Elementwise.Map<UnaryFunctions.Exp>, Math.Exp),
        ["log"] = (Elementwise.Map<UnaryFunctions.Log>, Math.Log),
        ["reciprocal"] = (Elementwise.Map<UnaryFunctions.Reciprocal>, x => 1 / x),
        ["sqrt"] = (Elementwise.Map<UnaryFunctions.Sqrt>, Math.Sqrt),
        ["sqrt slope"] = (Elementwise.Map<UnaryFunctions.SqrtSlope>, y => 0.5 / y),
        ["abs"] = (Elementwise.Map<UnaryFunctions.Abs>, Math.Abs),
        ["sign"] = (Elementwise.Map<UnaryFunctions.Sign>, x => Math.Sign(x)),
        ["negative"] = (Elementwise.Map<UnaryFunctions.Negative>, x => -x),
        ["sin"] = (Elementwise.Map<UnaryFunctions.Sin>, Math.Sin),
        ["cos"] = (Elementwise.Map<UnaryFunctions.Cos>, Math.Cos),
        ["erf"] = (Elementwise.Map<UnaryFunctions.Erf>, Erf),
        ["erf slope"] = (Elementwise.Map<UnaryFunctions.ErfSlope>, x => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x)),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Has_the_values_of_its_definition(string name)
    {
        bool isForPositive = name is "log" or "sqrt" or "sqrt slope";
        float[] x = Array.ConvertAll(Samples.Normal(1, 1027, deviation: 2), v => isForPositive ? MathF.Abs(v) : v);
        float[] y = new float[x.Length];

        Functions[name].Ours(x, y);

        Samples.AssertClose([.. x.Select(v => Functions[name].Definition(v))], y, 1e-6);
    }

    [Fact]
    public void The_error_function_keeps_its_relative_precision_near_0()
    {
        float[] x = [1e-30f, -1e-8f, 1e-3f, 0.1f, -0.3f, 0.49f, 0.51f, 0, 0];
        float[] y = new float[x.Length];

        Elementwise.Map<UnaryFunctions.Erf>(x, y);

        Assert.All(x.Zip(y), pair => Assert.True(Math.Abs(pair.Second - Erf(pair.First)) <= 3e-7 * Math.Abs(Erf(pair.First)), $"{pair}"));
    }

    /// <summary>The series around 0; beyond 4 its terms cancel, and 1 is nearer than a float can tell.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 4)
        {
            return Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
