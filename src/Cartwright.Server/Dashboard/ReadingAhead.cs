using Cartwright.Commerce.Automation;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>Reads the shop into memory while the server starts, so that the first visitor does not wait for it.</summary>
internal sealed class ReadingAhead(Shop shop, ShopReading reading, ILogger<ReadingAhead> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();   // The server starts listening meanwhile.
            await reading.ActivityAsync(stoppingToken);
            await shop.Adviser.AdviseAsync(new AdviseRequest(), stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failure.Tell(exception, logger);   // Whoever asks next is told; the server stands.
        }
    }
}
