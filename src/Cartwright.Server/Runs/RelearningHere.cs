using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Runs;

/// <summary>Forgets a shopper where no server runs: the trainings without them are done on the spot, one after the other, each as a recorded run.</summary>
internal static class RelearningHere
{
    /// <exception cref="NotFoundException">Nothing names this shopper.</exception>
    /// <exception cref="OperationCanceledException">The shopper is forgotten; trainings that were left are done when a server starts.</exception>
    public static async Task<ForgetReceipt> ForgetAsync(Shop shop, ForgetRequest request, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        Forgotten forgotten = await shop.Forgetting.ForgetAsync(request, progress: progress, cancellationToken: cancellationToken);
        var recorder = new RunRecorder(shop, TimeProvider.System);
        var done = new List<Relearned>();
        foreach (Lesson lesson in forgotten.Lessons)
        {
            Verb verb = VerbTable.All.Single(verb => verb.RequestType == lesson.Request.GetType());
            try
            {
                await recorder.RunAsync(verb, lesson.Request, progress, cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The run says why. What learned from the shopper goes all the same.
                await shop.Forgetting.GiveUpAsync(lesson.Slice);
            }

            done.Add(new Relearned(lesson.Slice, lesson.Model, await shop.Store.ListRunsAsync(1, CancellationToken.None) is [var last, ..] ? last.Id : ""));
        }

        return forgotten.Receipt with { Relearned = done };
    }
}
