using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Cli.Commands;

/// <summary><c>cartwright runs</c>: the long work that was done, from here and over HTTP.</summary>
internal static class RunsCommand
{
    public static CliCommand Build(Func<ParseResult, Invocation> invocation)
    {
        var command = new CliCommand("runs", VerbDocumentation.Summary(typeof(ListRunsRequest))) { Example = VerbDocumentation.Example(typeof(ListRunsRequest)) };
        var form = new RequestForm(command, typeof(ListRunsRequest));
        command.Form = form;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Invocation at = invocation(parsed);
            var request = (ListRunsRequest)form.Read(parsed);
            form.Validate(request, at.Clock);
            await using Shop shop = await at.OpenShopAsync(cancellationToken);
            Write(at, await shop.Store.ListRunsAsync(request.Count, cancellationToken));
            return 0;
        });
        return command;
    }

    private static void Write(Invocation at, IReadOnlyList<Run> runs)
    {
        if (at.IsJson)
        {
            at.Terminal.Json(new { Results = runs.Select(run => RunView.Of(run, withPaths: true)) });
            return;
        }

        if (runs.Count == 0)
        {
            at.Terminal.Line("There are no runs yet. Importing, training, evaluating and exporting make some.");
            return;
        }

        var table = new TextTable("Run", "What", "Status", "Begun", "#Took", "Last word");
        foreach (Run run in runs)
        {
            string took = run is { StartedAt: { } begun, EndedAt: { } ended } ? Wording.Duration(ended - begun) : "–";
            table.Row(run.Id, $"{run.Slice} {run.Verb}", run.Status.ToString().ToLowerInvariant(), Wording.Moment(run.CreatedAt), took,
                run.Error ?? run.Progress?.Stage ?? "");
        }

        at.Terminal.Write(table);
    }
}

/// <summary>Lists imports, trainings, evaluations and exports, newest first.</summary>
/// <example>cartwright runs --count 5</example>
internal sealed record ListRunsRequest
{
    /// <summary>Runs in the list, at most.</summary>
    [Range(1, 1000)]
    public int Count { get; init; } = 20;
}
