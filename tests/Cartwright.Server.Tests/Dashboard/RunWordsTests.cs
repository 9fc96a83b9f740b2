using Cartwright.Commerce.Runs;
using Cartwright.Server.Dashboard;
using Cartwright.Server.Dashboard.Charts;

namespace Cartwright.Server.Tests.Dashboard;

public sealed class RunWordsTests
{
    [Fact]
    public void Options_are_told_in_words_and_those_left_out_are_not()
    {
        Run run = Training("""{"model":"sasrec","epochs":null,"resumeRunId":"r0","activate":false}""");

        Assert.Equal([("Model", "sasrec"), ("Resume run id", "r0"), ("Activate", "no")], RunWords.Options(run));
    }

    [Theory]
    [InlineData("""{"model":"sasrec","resumeRunId":"r0"}""", "The loss fell from 6.00 to 5.00 since run r0 was resumed")]
    [InlineData("""{"model":"sasrec","resumeRunId":null}""", "The loss fell from 6.00 to 5.00")]
    [InlineData("""{"model":"sasrec"}""", "The loss fell from 6.00 to 5.00")]
    public void A_loss_that_does_not_begin_at_the_beginning_says_so(string request, string finding)
    {
        RunPoint[] points = [.. new[] { 6.0, 5.0 }.Select(loss => new RunPoint(DateTimeOffset.UnixEpoch, new RunProgress("training", 1, 2, "epochs")
        {
            Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = loss },
        }))];

        Assert.Equal(finding, RunChart.Finding(Training(request), points));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("{\"summary\":\"Trained ranker. It is in service now.\",\"version\":\"v1\"}", "Trained ranker. It is in service now.")]
    [InlineData("{\"version\":\"v1\"}", "")]
    [InlineData("[1]", "")]
    public void What_came_of_a_run_is_how_its_answer_sums_itself_up(string? result, string outcome) =>
        Assert.Equal(outcome, RunWords.Outcome(Training("{}") with { Verb = "learn", Result = result }));

    private static Run Training(string request) => new()
    {
        Id = "r",
        Slice = "recommendation",
        Verb = "train",
        Request = request,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
