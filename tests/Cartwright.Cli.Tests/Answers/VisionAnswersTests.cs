using Cartwright.Cli.Answers;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Vision;

namespace Cartwright.Cli.Tests.Answers;

public sealed class VisionAnswersTests
{
    [Fact]
    public void Figures_of_attributes_stand_in_rows_of_their_own_beside_the_network_s()
    {
        (Terminal terminal, StringWriter output, _) = Cli.Caught();
        var trained = new TrainResponse("v1", IsActive: true, "Learned.", ["pan", "pot"], Pictures: 90, Corrections: 0, Unreadable: [],
            new Dictionary<string, MetricEstimate>(StringComparer.Ordinal)
            {
                ["residual accuracy"] = new(0.6, 0.5, 0.7),
                ["residual logLoss"] = new(1.5, 1.4, 1.6),
                ["attribute color commonest accuracy"] = new(0.25, 0.2, 0.3),
            }, TrainSeconds: 3);

        VisionAnswers.Write(terminal, trained);

        string[] lines = output.ToString().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("residual ", StringComparison.Ordinal) && line.Contains("1.5", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("attribute color commonest ", StringComparison.Ordinal) && line.Contains("0.25", StringComparison.Ordinal) && line.TrimEnd().EndsWith('–'));
    }
}
