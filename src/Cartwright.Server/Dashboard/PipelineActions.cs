using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What the forms of the pipeline's page do.</summary>
internal static class PipelineActions
{
    /// <summary>Where the form's rows are added, moved and removed.</summary>
    public const string Edit = Path + "/edit";

    private const string Path = "/recommendations/pipeline";

    /// <summary>Shows what it would do; nothing is changed.</summary>
    public static async Task<IResult> PreviewAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? shopper = RecommendationQuestion.Text(form["shopper"]);
        return await DoAsync(http, shop, form, shopper, async request =>
        {
            await shop.Recommendation.PreviewAsync(new PreviewRequest { Pipeline = request.Pipeline, ShopperId = shopper }, http.RequestAborted);
            return Page.Of<PipelinePage>(new { Draft = PipelineDraft.Of(request.Pipeline, request.Note), Tried = request.Pipeline, Shopper = shopper });
        });
    }

    public static async Task<IResult> SetAsync(HttpContext http, Shop shop)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await DoAsync(http, shop, form, RecommendationQuestion.Text(form["shopper"]), async request =>
        {
            PipelineResponse set = await shop.Recommendation.SetPipelineAsync(request, http.RequestAborted);
            return new Message("good", $"Version {set.Version} is in service: the next list is made by it.").Then(http, Path);
        });
    }

    /// <summary>Adds, moves or removes a row of the form; nothing is kept.</summary>
    public static async Task<IResult> EditAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        PipelineDraft draft = PipelineDraft.Read(form);
        draft.Rearrange(form["do"].ToString());
        return Page.Of<PipelinePage>(new { Draft = draft, Shopper = RecommendationQuestion.Text(form["shopper"]) });
    }

    public static async Task<IResult> ClearAsync(HttpContext http, Shop shop)
    {
        PipelineResponse cleared = await shop.Recommendation.ClearPipelineAsync(new ClearPipelineRequest(), http.RequestAborted);
        return new Message("good", $"Lists are the model's own order again: version {cleared.Version} changes nothing. The one before is kept below.").Then(http, Path);
    }

    public static async Task<IResult> RestoreAsync(HttpContext http, Shop shop)
    {
        string version = (await http.Request.ReadFormAsync(http.RequestAborted))["version"].ToString();
        try
        {
            await shop.Recommendation.RestorePipelineAsync(new RestorePipelineRequest { Version = version }, http.RequestAborted);
            return new Message("good", $"Version {version} is in service again.").Then(http, Path);
        }
        catch (NotFoundException refused)
        {
            return new Message("bad", refused.Message).Then(http, Path);
        }
    }

    /// <summary>Does something with the pipeline that was sent, as fields or as JSON; what can't be done comes back with what is wrong.</summary>
    private static async Task<IResult> DoAsync(HttpContext http, Shop shop, IFormCollection form, string? shopper, Func<SetPipelineRequest, Task<IResult>> act)
    {
        if (form.ContainsKey("text"))
        {
            string text = form["text"].ToString();
            try
            {
                return await act(PipelineWords.Read(text));
            }
            catch (Exception refused) when (refused is ValidationException or NotFoundException or ModelNotTrainedException)
            {
                return Page.Of<PipelinePage>(new { Written = text, Shopper = shopper, Refused = PageWords.Of(refused.Message) }, StatusCodes.Status400BadRequest);
            }
        }

        PipelineDraft draft = PipelineDraft.Read(form);
        try
        {
            PipelineResponse inService = await shop.Recommendation.PipelineAsync(new PipelineRequest(), http.RequestAborted);
            if (draft.ToRequest(await shop.Catalog.LiveAsync(http.RequestAborted), inService.Pipeline) is { } request)
            {
                return await act(request);
            }
        }
        catch (InvalidRequestException refused)
        {
            draft.Refuse(refused);
        }
        catch (Exception refused) when (refused is ValidationException or NotFoundException or ModelNotTrainedException)
        {
            draft.Refuse(refused.Message);
        }

        return Page.Of<PipelinePage>(new { Draft = draft, Shopper = shopper }, StatusCodes.Status400BadRequest);
    }
}
