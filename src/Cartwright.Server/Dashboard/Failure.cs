using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;

namespace Cartwright.Server.Dashboard;

/// <summary>Turns what went wrong in a card or an action into words for the page.</summary>
internal static partial class Failure
{
    /// <summary>The message of errors that are written for people; for any other, a number to find it in the log.</summary>
    public static string Tell(Exception exception, ILogger logger)
    {
        if (exception is ValidationException or NotFoundException or ModelNotTrainedException or ImportFormatException or ModelFormatException or StorageException)
        {
            return PageWords.Of(exception.Message);
        }

        string trace = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
        LogFailure(logger, trace, exception);
        return $"This could not be shown because of a fault in Cartwright. The log has the details under {trace}.";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The dashboard failed, trace {Trace}")]
    private static partial void LogFailure(ILogger logger, string trace, Exception exception);
}
