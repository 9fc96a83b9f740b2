using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Dashboard;

/// <summary>Starts the runs that train, that search a model's options and that value lists which nobody was shown; the run's page shows the answer.</summary>
internal static class MeasureActions
{
    private static Verb TrainVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(TrainRequest));

    private static Verb TuneVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(TuneRequest));

    private static Verb OffPolicyVerb { get; } = VerbTable.All.Single(verb => verb.RequestType == typeof(OffPolicyRequest));

    public static async Task<IResult> TrainAsync(HttpContext http, RunService runs)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? resume = RecommendationQuestion.Text(form["resume"]);
        return await StartAsync(http, runs, TrainVerb, form, () => new TrainRequest
        {
            Model = RecommendationQuestion.Text(form["model"]) ?? "sasrec",
            Minutes = Whole(form, "minutes"),
            Epochs = Whole(form, "epochs"),
            Seed = Whole(form, "seed") ?? 1,
            ResumeRunId = resume,
            Activate = form["activate"].Count > 0,
        }, (given, errors) => Page.Of<TrainPage>(new { Resume = resume, Given = given, Errors = errors }, StatusCodes.Status400BadRequest));
    }

    public static async Task<IResult> TuneAsync(HttpContext http, RunService runs)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        var usual = new TuneRequest();
        return await StartAsync(http, runs, TuneVerb, form, () => new TuneRequest
        {
            Model = RecommendationQuestion.Text(form["model"]) ?? usual.Model,
            Protocol = RecommendationQuestion.Text(form["protocol"]) ?? usual.Protocol,
            Trials = Whole(form, "trials") ?? usual.Trials,
            Minutes = Whole(form, "minutes"),
            Epochs = Whole(form, "epochs"),
            Seed = Whole(form, "seed") ?? usual.Seed,
            Keep = form["keep"].Count > 0,
        }, (given, errors) => Page.Of<TunePage>(new { Given = given, Errors = errors }, StatusCodes.Status400BadRequest));
    }

    public static async Task<IResult> OffPolicyAsync(HttpContext http, RunService runs)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        var usual = new OffPolicyRequest();
        return await StartAsync(http, runs, OffPolicyVerb, form, () => new OffPolicyRequest
        {
            RewardHours = Whole(form, "rewardHours") ?? usual.RewardHours,
            Clip = Number(form, "clip"),
            Seed = Whole(form, "seed") ?? usual.Seed,
        }, (given, errors) => Page.Of<OffPolicyPage>(new { Given = given, Errors = errors }, StatusCodes.Status400BadRequest));
    }

    private static async Task<IResult> StartAsync(HttpContext http, RunService runs, Verb verb, IFormCollection form, Func<object> read,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>, IResult> refuse)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            Run run = await runs.StartAsync(verb, read(), cancellationToken: http.RequestAborted);
            return Results.LocalRedirect(Links.Run(run.Id));
        }
        catch (InvalidRequestException refused)
        {
            foreach ((string field, string[] messages) in refused.Errors)
            {
                errors[field] = PageWords.Of(string.Join(' ', messages));
            }
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException or ModelNotTrainedException)
        {
            errors[""] = PageWords.Of(refused.Message);
        }

        return refuse(form.Keys.ToDictionary(name => name, name => form[name].ToString(), StringComparer.Ordinal), errors);
    }

    private static int? Whole(IFormCollection form, string field) => RecommendationQuestion.Text(form[field]) switch
    {
        null => null,
        { } given when int.TryParse(given, NumberStyles.Integer | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int number) => number,
        { } given => throw new InvalidRequestException(field, $"“{given}” is no whole number. Write it as 20."),
    };

    private static double? Number(IFormCollection form, string field) => RecommendationQuestion.Text(form[field])?.Replace(',', '.') switch
    {
        null => null,
        { } given when double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        { } given => throw new InvalidRequestException(field, $"“{given}” is no number. Write it as 10."),
    };
}
