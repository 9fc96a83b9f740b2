using Cartwright.Commerce.Runs;
using Cartwright.Server.Dashboard;

namespace Cartwright.Server.Tests.Dashboard;

public sealed class RunWordsTests
{
    [Fact]
    public void Options_are_told_in_words_and_those_left_out_are_not()
    {
        var run = new Run
        {
            Id = "r",
            Slice = "recommendation",
            Verb = "train",
            Request = """{"model":"sasrec","epochs":null,"resumeRunId":"r0","activate":false}""",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

        Assert.Equal([("Model", "sasrec"), ("Resume run id", "r0"), ("Activate", "no")], RunWords.Options(run));
    }
}
