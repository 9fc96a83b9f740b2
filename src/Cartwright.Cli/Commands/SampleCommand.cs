using System.CommandLine;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Simulation;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Commands;

/// <summary><c>cartwright sample</c>: writes a simulated shop as a shop folder.</summary>
internal static class SampleCommand
{
    public static CliCommand Build(Func<ParseResult, Invocation> invocation)
    {
        var command = new CliCommand("sample", VerbDocumentation.Summary(typeof(SampleRequest)))
        {
            Example = VerbDocumentation.Example(typeof(SampleRequest)),
            UsesShop = false,
        };
        var form = new RequestForm(command, typeof(SampleRequest));
        command.Form = form;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Invocation at = invocation(parsed);
            var request = (SampleRequest)form.Read(parsed);
            form.Validate(request, at.Clock);
            SampleResponse sample = await WriteAsync(request, at, cancellationToken);
            if (at.IsJson)
            {
                at.Terminal.Json(sample);
            }
            else
            {
                at.Terminal.Heading($"Wrote a sample shop to {sample.Folder}: {Wording.Plural(sample.Products, "product")}, "
                    + $"{Wording.Plural(sample.Shoppers, "shopper")}, {Wording.Plural(sample.Interactions, "interaction")}, "
                    + $"{Wording.Plural(sample.Purchases, "purchase")} in {Wording.Plural(sample.Days, "day")}.");
                at.Terminal.Line($"Read it: cartwright catalog import {sample.Folder}");
            }

            return 0;
        });
        return command;
    }

    public static async Task<SampleResponse> WriteAsync(SampleRequest request, Invocation at, CancellationToken cancellationToken)
    {
        var view = new ProgressView(at.Terminal, at.Clock);
        try
        {
            SampleResponse sample = await SampleShop.WriteAsync(request, view, cancellationToken);
            view.Complete();
            return sample;
        }
        catch
        {
            view.Abandon();
            throw;
        }
    }
}
