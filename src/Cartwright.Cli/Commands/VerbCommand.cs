using System.CommandLine;
using System.Reflection;
using Cartwright.Cli.Answers;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Commerce;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;
using Cartwright.Learning.Distributed;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Cli.Commands;

/// <summary>Makes the command of a verb from its request record, and does the verb in the foreground.</summary>
internal static class VerbCommand
{
    private static readonly string[] OwnData = ["Data", "Log", "Problem", "Table"];

    /// <summary>System.CommandLine takes no command inside one of the same name, so `search search` is called otherwise inside.</summary>
    public static string NameOf(Verb verb) => verb.Name == verb.Slice ? $"{verb.Slice}:{verb.Name}" : verb.Name;

    public static CliCommand Of(Verb verb, Func<ParseResult, Invocation> invocation)
    {
        var command = new CliCommand(NameOf(verb), VerbDocumentation.Summary(verb.RequestType)) { IsShared = verb.IsShared, Word = verb.Name };
        var form = new RequestForm(command, verb.RequestType);
        command.Form = form;
        command.Example = VerbDocumentation.Example(verb.RequestType);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Invocation at = invocation(parsed);
            object request = form.Read(parsed);
            form.Validate(request, at.Clock);
            await DoAsync(verb, request, at, cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>Does a verb on the shop, with progress, and writes its answer.</summary>
    public static async Task DoAsync(Verb verb, object request, Invocation at, CancellationToken cancellationToken)
    {
        if ((!verb.HasHttpDoor && !verb.NeedsShop) || BringsItsOwnData(request))
        {
            // Read into memory: what the verb keeps on the way goes with the folder, and no shop is made or touched.
            string scratch = Directory.CreateTempSubdirectory("cartwright-").FullName;
            try
            {
                await using Shop empty = await Shop.OpenAsync(scratch, at.Clock, cancellationToken);
                await DoAsync(verb, request, empty, at, cancellationToken);
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }

            return;
        }

        await using Shop shop = verb is { Slice: "catalog", Name: "import" or "interactions" }
            ? await at.OpenOrCreateShopAsync(cancellationToken)
            : await at.OpenShopAsync(cancellationToken);
        await DoAsync(verb, request, shop, at, cancellationToken);
    }

    private static async Task DoAsync(Verb verb, object request, Shop shop, Invocation at, CancellationToken cancellationToken)
    {
        if (ProcessGroup.StartedRank is > 0)
        {
            // Rank 0 records the run, shows how far it is and answers.
            await verb.InvokeAsync(shop, request, progress: null, cancellationToken);
            return;
        }

        object answer = verb.IsLong
            ? await RunAsync(verb, request, shop, at, cancellationToken)
            : await verb.InvokeAsync(shop, request, progress: null, cancellationToken);
        if (at.IsJson)
        {
            at.Terminal.Json(answer);
        }
        else
        {
            ShopInfo info = await shop.Store.ReadInfoAsync(cancellationToken);
            Answer.Write(at.Terminal, answer, info.Currency);
        }
    }

    /// <summary>Does a long verb as a run that the store records, showing its progress.</summary>
    public static async Task<object> RunAsync(Verb verb, object request, Shop shop, Invocation at, CancellationToken cancellationToken)
    {
        TimeSpan? limit = verb.RequestType.GetProperty("Minutes")?.GetValue(request) is int minutes ? TimeSpan.FromMinutes(minutes) : null;
        var view = new ProgressView(at.Terminal, at.Clock, limit);
        try
        {
            object answer = verb.IsRecorded ? await new RunRecorder(shop, at.Clock).RunAsync(verb, request, view, cancellationToken)
                : await verb.InvokeAsync(shop, request, view, cancellationToken);
            view.Complete();
            return answer;
        }
        catch (OperationCanceledException stopped)
        {
            view.Abandon();
            throw await CanceledAsync(verb, request, shop, at, stopped);
        }
        catch
        {
            view.Abandon();
            throw;
        }
    }

    private static async Task<CanceledRunException> CanceledAsync(Verb verb, object request, Shop shop, Invocation at, OperationCanceledException stopped)
    {
        bool canResume = verb.RequestType.GetProperty("ResumeRunId") is not null && !BringsItsOwnData(request);
        return canResume && await shop.Store.ListRunsAsync(1, CancellationToken.None) is [var run, ..]
            ? new CanceledRunException("Stopped. What was learned so far is kept.",
                $"Go on with: cartwright {verb.Slice} {verb.Name} --resume-run-id {run.Id}"
                + (at.ShopFolder == CommandTree.DefaultShop ? "" : $" --shop {at.ShopFolder}"), stopped)
            : new CanceledRunException("Stopped. Nothing was changed; the same command starts it again.", resume: null, stopped);
    }

    /// <summary>True where the request names a folder or a table to work on in place of the shop. What is trained goes into a shop all the same.</summary>
    private static bool BringsItsOwnData(object request) => request is not TableTrainFields && OwnData.Any(name => request.GetType().GetProperty(name) is { } data && data.IsDefined(typeof(PathFieldAttribute)) && data.GetValue(request) is not null);
}
