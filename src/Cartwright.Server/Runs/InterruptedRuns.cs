using Cartwright.Server.Resources;
using Cartwright.Storage;

namespace Cartwright.Server.Runs;

/// <summary>Before the server takes requests: runs whose process died are marked so, what they had uploaded goes, and trainings that a forgotten shopper left to do are queued.</summary>
internal sealed partial class InterruptedRuns(RunService runs, Relearning relearning, Shop shop, ILogger<InterruptedRuns> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ShopFolderEndpoints.RemoveAbandonedUploads(shop);
        int count = await runs.MarkInterruptedAsync(cancellationToken);
        if (count > 0)
        {
            Found(count);
        }

        await relearning.GoOnAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} runs were interrupted when the process before this one ended")]
    private partial void Found(int count);
}
