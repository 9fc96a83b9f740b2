using Quartz;

namespace Cartwright.Server.Runs;

/// <summary>The scheduler's side of a run.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RunJob(RunService runs, ILogger<RunJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        string id = context.JobDetail.Key.Name;
        try
        {
            Started(id);
            await runs.DoAsync(id, cancellationToken);
            Ended(id);
        }
        catch (OperationCanceledException)
        {
            Canceled(id);
        }
        catch (Exception error)
        {
            Failed(error, id);   // the run in the store says so too; the scheduler has nothing to repeat
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} started")]
    private partial void Started(string runId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} succeeded")]
    private partial void Ended(string runId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} was canceled")]
    private partial void Canceled(string runId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed")]
    private partial void Failed(Exception error, string runId);
}
