using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Cartwright.Cli.Answers;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Distributed;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Training;

namespace Cartwright.Cli.Output;

/// <summary>The one place where exceptions become exit codes and words on standard error.</summary>
/// <remarks>A file that is not there, or is not what it should be, ends with 5 whichever option names it; what a file says and the request may not, with 2. docs/exit-codes.md lists all.</remarks>
/// <param name="Kind">Stable name, as in the problem details of HTTP: "not-found".</param>
/// <param name="Hint">What to type next, if there is something.</param>
internal sealed record Failure(int ExitCode, string Kind, string Message, string? Hint = null)
{
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotTrained = 4;
    public const int Unreadable = 5;
    public const int Storage = 6;
    public const int Canceled = 130;

    public static Failure Of(Exception error) => error switch
    {
        UsageException usage => new(Usage, "invalid-request", usage.Message, usage.Suggestion),
        CanceledRunException canceled => new(Canceled, "canceled", canceled.Message, canceled.Resume),
        ValidationException invalid => new(Usage, "invalid-request", invalid.Message),
        NotFoundException missing => new(NotFound, "not-found", missing.Message),
        ModelNotTrainedException untrained => new(NotTrained, "not-trained", untrained.Message),
        ImportFormatException import => new(Unreadable, "unreadable-file", import.Message, CatalogAnswers.RejectLines(import.Report)),
        StorageException storage => new(Storage, "storage", storage.Message,
            storage.IsTransient ? "This may pass: try the same again." : null),
        ModelFormatException model => new(Unreadable, "unreadable-file", model.Message),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => new(Unreadable, "unreadable-file", error.Message),
        TrainingDivergedException diverged => new(1, "diverged", diverged.Message),
        DistributedException lost => new(1, "rank-lost", lost.Message, "Go on with: cartwright recommendation train --resume-run-id <run>; 'cartwright runs' lists them."),
        OperationCanceledException => new(Canceled, "canceled", "Stopped. What was done so far is kept."),
        _ => new(1, "internal", $"This is a fault in Cartwright ({error.GetType().Name}): {error.Message}",
            "Set CARTWRIGHT_TRACE=1 to see where, and please report it."),
    };

    public void Write(Terminal terminal, bool isJson, Exception error)
    {
        if (isJson)
        {
            var problem = new JsonObject { ["type"] = Kind, ["detail"] = Message, ["exitCode"] = ExitCode };
            if (Hint is not null)
            {
                problem["hint"] = Hint;
            }

            terminal.Error.WriteLine(problem.ToJsonString());
        }
        else
        {
            terminal.Error.WriteLine(Message);
            if (Hint is not null)
            {
                terminal.Error.WriteLine(Hint);
            }
        }

        if (ExitCode == 1 && Environment.GetEnvironmentVariable("CARTWRIGHT_TRACE") is "1")
        {
            terminal.Error.WriteLine(error.ToString());
        }
    }
}

/// <summary>A run was stopped by Ctrl-C, and this is how to go on.</summary>
internal sealed class CanceledRunException(string message, string? resume, Exception inner) : OperationCanceledException(message, inner)
{
    public string? Resume { get; } = resume;
}
